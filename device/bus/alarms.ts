/** Alarms that go past the journal: signed at once, sent until the cloud has answered a hello that came after them. */
import { type AlarmClaims, alarmForm } from '../../wire/alarm-message.ts';
import type { AlarmCode } from '../../wire/alarms.ts';
import { newId, type SignKey, signDocument } from '../../wire/jws.ts';
import { writeMessage } from '../../wire/messages.ts';
import type { Clock } from '../clock/clock.ts';
import type { Bus } from './bus.ts';

export interface AlarmTellerParts {
  readonly hubId: string;
  readonly signKey: SignKey;
  readonly bus: Pick<Bus, 'publish'>;
  readonly clock: Clock;
  /** Asks for a hello soon: what was told waits for its answer. */
  readonly hurry: () => void;
}

export interface AlarmTeller {
  /**
   * Tells one alarm; told again, it takes its own place. Rejects when it cannot be signed.
   * @param more.jti  the same alarm again, for the cloud too; a fresh one unless told
   */
  tell(
    code: AlarmCode,
    door: string | undefined,
    more?: Pick<AlarmClaims, 'notFor'> & { readonly jti?: string },
  ): Promise<void>;
  /** A hello is about to be said: sends everything that is not known to have arrived. Twice is as once for the cloud. */
  beforeHello(): void;
  /** That hello was answered: the cloud takes what a hub sends in order. @returns whether nothing waits any more */
  helloAnswered(): boolean;
}

/** Alarms that wait at most; the oldest give way. */
const maxWaiting = 32;

export function alarmTeller({ hubId, signKey, bus, clock, hurry }: AlarmTellerParts): AlarmTeller {
  const waiting = new Map<string, Buffer>();
  let sent: readonly (readonly [string, Buffer])[] = [];
  return {
    tell: async (code, door, more) => {
      const where = door === undefined ? {} : { door };
      const claims = { iss: hubId, jti: newId(), at: clock.now(), code, ...where, ...more };
      const message = writeMessage({ v: 1, alarm: await signDocument(alarmForm, claims, signKey) });
      waiting.set(`${code} ${door ?? ''}`, message);
      for (const oldest of waiting.keys()) {
        if (waiting.size <= maxWaiting) break;
        waiting.delete(oldest);
      }
      bus.publish('alarm', message);
      hurry();
    },
    beforeHello: () => {
      sent = [...waiting].filter(([, message]) => bus.publish('alarm', message));
    },
    helloAnswered: () => {
      for (const [name, message] of sent) if (waiting.get(name) === message) waiting.delete(name);
      sent = [];
      return waiting.size === 0;
    },
  };
}
