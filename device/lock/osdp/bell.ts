/** A bell button on an input of an OSDP peripheral. */
import type { Clock } from '../../clock/clock.ts';
import { type Doorbell, Presses } from '../../doorbell/doorbell.ts';
import type { InputLevel } from './codec.ts';
import { levelOf } from './inputs.ts';
import type { Peripheral } from './peripheral.ts';

export interface OsdpBellOptions {
  readonly peripheral: Pick<Peripheral, 'onNews' | 'hold'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Number of the input, from 0. */
  readonly input: number;
  readonly pressedWhen: 'active' | 'inactive';
}

/**
 * A press is seen in ISTATR: the input comes to its pressed level from the other one. Where nothing was known before - at the start,
 * after a loss of the line, after a cut wire - the first level is no press: a button that hangs, or a wire that comes back, rings nobody.
 * A press of a button that is over between two polls is told by a peripheral that keeps its changes, as the standard asks for.
 * @see SIA OSDP v2.2, 7.7
 */
export function osdpBell({ peripheral, clock, input, pressedWhen }: OsdpBellOptions): Doorbell {
  const presses = new Presses();
  let before: InputLevel = 'unknown';
  let end: (() => Promise<void>) | undefined;

  const look = (level: InputLevel): void => {
    const isPressed = level === pressedWhen && before !== 'unknown' && before !== level;
    before = level;
    if (isPressed) presses.pressed(clock.monotonic());
  };
  return {
    start: () => {
      if (end !== undefined) return;
      const forget = peripheral.onNews((news) => {
        if (news.is === 'offline') look('unknown');
        else if (news.is === 'reply' && news.reply.is === 'inputs') look(levelOf(news.reply.levels, input));
      });
      const release = peripheral.hold();
      end = () => {
        forget();
        return release();
      };
    },
    close: async () => {
      const ending = end;
      end = undefined;
      before = 'unknown';
      await ending?.();
    },
    onPress: (listener) => presses.onPress(listener),
  };
}
