/** What a guest's course has besides a courier's: doors to choose from, a wish that the owner may be asked about, and coming again. */
import type { FaultCode } from '../../../wire/faults.ts';
import type { Refused, Reply, VisitorApi } from './api.ts';
import type { Known } from './known.ts';
import { checkOf } from './sign.ts';
import type { KeptTask } from './store.ts';

export interface GuestWayParts {
  readonly api: VisitorApi;
  readonly task: () => KeptTask | undefined;
  readonly known: () => Known;
  readonly keep: (change: Partial<KeptTask>) => Promise<void>;
  readonly tell: (change: Partial<Known>) => void;
  readonly heard: <T>(reply: Reply<T>) => Promise<T | undefined>;
  readonly take: () => Promise<void>;
}

export interface GuestWay {
  /** Looks at the doors while nothing is asked for. @returns whether there is a wish or a visit to go on with */
  goesOn(): Promise<boolean>;
  /** Wants to come in now. */
  ask(rule: string): Promise<void>;
  /** A grant or a visit was refused: what cannot come any more is given up. */
  refused(refusal: Refused): Promise<void>;
  /** Back to the doors. */
  leave(refusal?: FaultCode): Promise<void>;
}

/** The wish came to nothing, though another one may be good later. */
const tooEarly: readonly FaultCode[] = ['RULE_OUTSIDE_WINDOW', 'RULE_BOOK_LEASE_OVER', 'GRANT_EPOCH_AHEAD'];

export function guestWay({ api, task, known, keep, tell, heard, take }: GuestWayParts): GuestWay {
  const leave = async (refusal?: FaultCode): Promise<void> => {
    const kept = task();
    await keep({
      asked: undefined,
      visit: undefined,
      target: undefined,
      receipt: undefined,
      after: kept?.visit ?? kept?.after,
    });
    tell({
      at: known().doors === undefined ? 'loading' : 'doors',
      view: undefined,
      hint: undefined,
      receipt: undefined,
      refusal,
    });
  };

  async function lookAtDoors(kept: KeptTask): Promise<void> {
    const reply = await api.doors(kept.key);
    // Pressed, and the press never came through.
    if (!reply.ok && reply.code === 'TASK_NOT_CLAIMED') return take();
    if (!reply.ok && reply.code === 'INVITATION_PENDING') tell({ at: 'taken', check: await checkOf(kept.key.jkt) });
    const view = await heard(reply);
    if (view !== undefined) tell({ at: 'doors', doors: view.doors });
  }

  return {
    leave,
    goesOn: async () => {
      const kept = task()!;
      const { view } = known();
      const isAtRest = kept.visit === undefined || view?.at === 'idle' || view?.at === 'ended';
      if (kept.asked !== undefined && Date.now() >= kept.asked.until * 1000 && isAtRest) await leave();
      else if (view?.at === 'ended') return false;
      if (task()!.asked !== undefined) {
        if (kept.visit === undefined) tell({ at: 'asked' });
        return true;
      }
      await lookAtDoors(task()!);
      return false;
    },
    ask: async (rule) => {
      const { key, after } = task()!;
      const asked = await heard(await api.ask(key, rule, after));
      if (asked === undefined) return;
      await keep({ asked });
      tell({ at: 'asked' });
    },
    refused: async ({ code, retry }) => {
      if (known().at === 'over') return;
      if (retry === 'never' || tooEarly.includes(code)) await leave(code);
    },
  };
}
