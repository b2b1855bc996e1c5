/** Light and buzzer of an OSDP reader as a `Guide`. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Guide, Sign } from '../guide.ts';
import type { BuzzerSetting, LedSetting } from './codec.ts';
import type { Peripheral } from './peripheral.ts';

export interface OsdpGuideOptions {
  readonly peripheral: Pick<Peripheral, 'send' | 'onNews'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Number of the reader, from 0. */
  readonly reader: number;
  /** Number of its light, from 0. */
  readonly led: number;
}

type Organ = 'led' | 'buzzer';
type Light = NonNullable<LedSetting['shows']>;
type Sound = Required<Omit<BuzzerSetting, 'reader'>>;

const second = 10;
const hour = 36_000;
/** Each light goes out by itself, so that a hub that has died promises nobody an open door. All in 100 ms. */
const lights: Record<Sign, Light | undefined> = {
  nothing: undefined,
  waiting: { colour: 'blue', on: 5, off: 5, timer: 180 * second },
  'open-now': { colour: 'green', on: 1, off: 0, timer: 60 * second },
  'close-the-door': { colour: 'amber', on: 5, off: 5, timer: hour },
  done: { colour: 'green', on: 2, off: 2, timer: 4 * second },
  alarm: { colour: 'red', on: 2, off: 2, timer: 300 * second },
};
const sounds: Partial<Record<Sign, Sound>> = {
  'open-now': { on: 2, off: 0, times: 1 },
  done: { on: 1, off: 1, times: 2 },
  alarm: { on: 5, off: 5, times: 10 },
};

/** How long a command may wait for its turn: older, it is of another moment. */
const showWithinMs = 10_000;
/** A reader that did not take a command is left alone for so long: it may not cost the door its session again and again. */
const restMs = 60_000;

/**
 * A light or a buzzer that the reader refuses is not asked again before the reader comes back; the other goes on. A reader that comes back is told
 * anew what to show, without its sound.
 */
export function osdpGuide({ peripheral, clock, reader, led }: OsdpGuideOptions): Guide {
  let shown: Sign = 'nothing';
  const refused = new Set<Organ>();
  let quietUntilMs = Number.NEGATIVE_INFINITY;

  const send = (organ: Organ, command: Parameters<Peripheral['send']>[0]): void => {
    if (refused.has(organ) || clock.monotonic() < quietUntilMs) return;
    peripheral.send(command, { expiresInMs: showWithinMs }).catch((cause: unknown) => {
      const code = cause instanceof Fault ? cause.code : undefined;
      if (code === 'LOCK_REFUSED') refused.add(organ);
      if (code === 'LOCK_SILENT') quietUntilMs = clock.monotonic() + restMs;
    });
  };
  const light = (sign: Sign): void => {
    const shows = lights[sign];
    send('led', { is: 'led', reader, led, ...(shows === undefined ? {} : { shows }) });
  };
  const sound = (sign: Sign): void => {
    const rhythm = sounds[sign];
    if (rhythm !== undefined) send('buzzer', { is: 'buzzer', reader, ...rhythm });
  };
  peripheral.onNews((news) => {
    if (news.is !== 'online') return;
    refused.clear();
    quietUntilMs = Number.NEGATIVE_INFINITY;
    light(shown);
  });
  return {
    show: (sign) => {
      if (sign === shown) return;
      shown = sign;
      light(sign);
      sound(sign);
    },
  };
}
