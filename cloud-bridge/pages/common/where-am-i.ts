/** Where the phone is, asked for with a press and never else. Saying no is an answer. */
import type { Position } from '../../../wire/stop.ts';

/** A better fix is not waited for longer than this, ms. */
const patienceMs = 8_000;

/** @returns undefined where the phone does not say */
export const whereAmI = (): Promise<Position | undefined> =>
  new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(undefined);
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => {
        const { latitude: lat, longitude: lon, accuracy } = coords;
        resolve({ lat, lon, accuracy: Math.min(accuracy, 100_000), at: Math.round(timestamp) });
      },
      () => resolve(undefined),
      { enableHighAccuracy: true, timeout: patienceMs, maximumAge: 0 },
    );
  });
