/** Which cameras look at doorsteps: those that film their doors as well, and serial ones for that alone. */
import type { Camera } from '../camera/camera.ts';
import { installStills } from '../camera/install.ts';
import type { Clock } from '../clock/clock.ts';
import type { DoorConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import type { DoorstepCamera } from './desk.ts';
import type { StillCamera } from './photograph.ts';

/** A camera that runs only while somebody wants a picture of it. */
function onDemand(camera: Camera, onTrouble: () => void): StillCamera {
  let holds = 0;
  return {
    hold: () => {
      holds += 1;
      camera.start();
      return () => {
        holds -= 1;
        if (holds === 0) void camera.stop().catch(onTrouble);
      };
    },
    snapshot: () => camera.snapshot(),
  };
}

/** @param live  door -> what films it */
export function installDoorsteps(
  doors: readonly DoorConfig[],
  live: ReadonlyMap<string, StillCamera>,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Log, 'camera' | 'unexpected'> },
): ReadonlyMap<string, DoorstepCamera> {
  const stills = installStills(
    doors.filter(({ doorstep }) => doorstep?.from === 'stills'),
    { clock, log },
  );
  const found = new Map<string, DoorstepCamera>();
  for (const { id, doorstep } of doors) {
    const serial = stills.get(id);
    const camera =
      serial === undefined ? live.get(id) : onDemand(serial, () => log.unexpected({ door: id, where: 'stills' }));
    if (doorstep === undefined || camera === undefined) continue;
    const { frame } = doorstep;
    found.set(id, { frame, hold: () => camera.hold(), snapshot: () => camera.snapshot() });
  }
  return found;
}
