/** Which stream runs at which door, and who watches it. */
import type { MediaMessage } from '../../wire/media.ts';
import type { LiveStream } from './live-stream.ts';
import type { Viewer } from './viewer.ts';

export interface Board {
  /** Shows a stream at its door, in place of an earlier one. @returns false when a later one runs there */
  begin(live: LiveStream): boolean;
  /** Hands a message to everybody at the door. @returns false when another stream runs there */
  show(live: LiveStream, message: Uint8Array, media: MediaMessage): boolean;
  /** This stream shows nothing any more. */
  over(live: LiveStream): void;
  /** @returns leaves */
  watch(door: string, viewer: Viewer): () => void;
}

interface Spot {
  current: LiveStream | undefined;
  readonly viewers: Set<Viewer>;
}

export function boardOf(): Board {
  const spots = new Map<string, Spot>();
  const spotOf = (door: string): Spot => {
    const known = spots.get(door);
    if (known !== undefined) return known;
    const spot = { current: undefined, viewers: new Set<Viewer>() };
    spots.set(door, spot);
    return spot;
  };
  const tidy = (door: string, { current, viewers }: Spot): void => {
    if (current === undefined && viewers.size === 0) spots.delete(door);
  };

  const begin: Board['begin'] = (live) => {
    if (live.isOver) return false;
    const spot = spotOf(live.door);
    if (spot.current === live) return true;
    if (spot.current !== undefined && spot.current.startedAt > live.startedAt) return false;
    spot.current = live;
    for (const viewer of spot.viewers) viewer.begin(live);
    return true;
  };

  return {
    begin,
    show: (live, message, media) => {
      if (!begin(live)) return false;
      for (const viewer of spotOf(live.door).viewers) viewer.take(message, media);
      live.remember(message, media);
      return true;
    },
    over: (live) => {
      live.isOver = true;
      live.forgetGroup();
      const spot = spots.get(live.door);
      if (spot?.current !== live) return;
      spot.current = undefined;
      for (const viewer of spot.viewers) viewer.idle();
      tidy(live.door, spot);
    },
    watch: (door, viewer) => {
      const spot = spotOf(door);
      spot.viewers.add(viewer);
      if (spot.current === undefined) viewer.idle();
      else viewer.begin(spot.current);
      return () => {
        spot.viewers.delete(viewer);
        tidy(door, spot);
      };
    },
  };
}
