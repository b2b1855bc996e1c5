/** Plays a recording on a canvas: from any place, at the pace of its capture times. */
import { seekTo } from './recording.ts';
import { openScreen } from './screen.ts';
import type { Picture } from './stream.ts';

export interface Player {
  /** ms from the first picture to the last. */
  readonly durationMs: number;
  readonly playing: boolean;
  readonly drawn: number;
  play(): void;
  pause(): void;
  /** @param times  1: at the pace of its capture times */
  pace(times: number): void;
  /** Shows the picture of this moment; goes on playing from there if it played. */
  seek(atMs: number): Promise<void>;
  close(): void;
}

/**
 * @param pictures  as `decodable` leaves them
 * @param onMoved  called with the place that is shown, ms, and whether it plays
 */
export function openPlayer(
  canvas: HTMLCanvasElement,
  pictures: readonly Picture[],
  onMoved: (atMs: number, playing: boolean, picture: Picture) => void,
): Player {
  // nothing of what was on it before
  canvas.getContext('2d', { alpha: false })?.clearRect(0, 0, canvas.width, canvas.height);
  const startMs = pictures[0]?.capturedMs ?? 0;
  const placeOf = (picture: Picture | undefined): number => Math.max(0, (picture?.capturedMs ?? startMs) - startMs);
  const durationMs = placeOf(pictures.at(-1));
  let playing = false;
  let times = 1;
  let next = 0;
  let began = { at: 0, place: 0 };
  let timer = 0;
  let shown: Picture | undefined;
  let turn = 0;
  let shownFrom = 0;

  const screen = openScreen(canvas, {
    maxWaiting: Number.POSITIVE_INFINITY,
    isShown: ({ seq }) => seq >= shownFrom,
    onDrawn: (picture) => {
      shown = picture;
      onMoved(placeOf(picture), playing, picture);
    },
  });

  const placeNow = (): number => (performance.now() - began.at) * times + began.place;

  function run(): void {
    if (!playing) return;
    const place = placeNow();
    while (next < pictures.length && placeOf(pictures[next]) <= place) {
      screen.put(pictures[next]!);
      next += 1;
    }
    if (next < pictures.length) timer = window.setTimeout(run, Math.max(1, (placeOf(pictures[next]) - place) / times));
    else void finish();
  }

  async function finish(): Promise<void> {
    playing = false;
    await screen.idle();
    if (shown !== undefined) onMoved(placeOf(shown), false, shown);
  }

  /** Decodes from the key picture before this place up to it, and shows the last alone. */
  function decodeTo(atMs: number): void {
    const { from, to } = seekTo(pictures, atMs);
    screen.reset();
    shownFrom = pictures[to]?.seq ?? 0;
    for (const picture of pictures.slice(from, to + 1)) screen.put(picture);
    next = to + 1;
  }

  async function show(atMs: number): Promise<void> {
    turn += 1;
    decodeTo(atMs);
    await screen.idle();
  }

  /** After a flush a decoder begins with a key picture: what leads up to the place is decoded again. */
  function start(): void {
    const place = next >= pictures.length ? 0 : placeOf(shown);
    decodeTo(place);
    began = { at: performance.now(), place };
    run();
  }

  const halt = (): void => {
    playing = false;
    clearTimeout(timer);
  };

  return {
    durationMs,
    get playing() {
      return playing;
    },
    get drawn() {
      return screen.counts.drawn;
    },
    play: () => {
      if (playing || pictures.length === 0) return;
      playing = true;
      start();
    },
    pause: () => {
      halt();
      if (shown !== undefined) onMoved(placeOf(shown), false, shown);
    },
    pace: (next) => {
      began = { at: performance.now(), place: placeNow() };
      times = next;
      if (!playing) return;
      clearTimeout(timer);
      run();
    },
    seek: async (atMs) => {
      const goesOn = playing;
      halt();
      const mine = turn + 1;
      await show(atMs);
      // a later seek goes on instead
      if (!goesOn || mine !== turn) return;
      playing = true;
      start();
    },
    close: () => {
      halt();
      screen.reset();
    },
  };
}
