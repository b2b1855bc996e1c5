/** A program that writes a line for each press as a `Doorbell`: what has a bell of its own - a door station, a home's own bus - is heard by a few lines of script. */
import { backOff } from '../camera/back-off.ts';
import { Child, type ChildEnd } from '../camera/process/child.ts';
import type { Clock } from '../clock/clock.ts';
import { type Doorbell, Presses } from './doorbell.ts';

export interface ProcessBellOptions {
  /** Program and arguments; no shell. */
  readonly command: readonly [string, ...string[]];
  readonly clock: Clock;
  /** 0 to below 1: keeps two programs from starting in step. */
  readonly random: () => number;
  /** It ended, or could not be started; it is started again. */
  readonly onEnd: (end: ChildEnd) => void;
}

/** So long, and it counts as well: the next pause is a short one, ms. */
const wellMs = 10_000;
const newLine = 0x0a;

/**
 * Whatever a line says, it is one press: nothing of it is read or kept. A program that ends is started again after 250 ms to 10 s.
 * It runs in a process group of its own, which ends with it.
 */
export function processBell({ command, clock, random, onEnd }: ProcessBellOptions): Doorbell {
  const presses = new Presses();
  const pause = backOff(random);
  let child: Child | undefined;
  let isWanted = false;
  let cancel: () => void = () => undefined;

  const launch = (): void => {
    const startedMs = clock.monotonic();
    child = new Child({
      command,
      hasRaw: false,
      clock,
      onOut: (chunk) => {
        if (chunk.includes(newLine)) presses.pressed(clock.monotonic());
      },
      onRaw: () => undefined,
      onEnd: (end) => {
        child = undefined;
        if (clock.monotonic() - startedMs > wellMs) pause.reset();
        cancel = clock.after(pause.next(), launch);
        onEnd(end);
      },
    });
  };
  return {
    start: () => {
      if (isWanted) return;
      isWanted = true;
      launch();
    },
    close: async () => {
      isWanted = false;
      cancel();
      await child?.stop();
      child = undefined;
    },
    onPress: (listener) => presses.onPress(listener),
  };
}
