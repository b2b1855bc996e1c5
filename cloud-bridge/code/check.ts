/**
 * Checks what was typed: once, at the door, for the holder whom the courier has named.
 *
 * Nothing is compared before the courier is there and before every limit holds, so that what is typed anywhere else tells nobody anything.
 */
import { timingSafeEqual } from 'node:crypto';
import { accept, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import { type Presence, presences } from '../../wire/stop.ts';
import type { Parts } from '../parts.ts';
import type { TriesBy } from '../store/codes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { addressLimits, courierLimits, type Limit, triesOfDelivery } from './limits.ts';
import { type CodeStop, codesOf, readCodeStop, triesLeftOf } from './of-stop.ts';
import { findReceiver, type Receiver } from './receivers.ts';

export interface Typed {
  readonly delivery: Row<'delivery'>;
  /** As it stands in this transaction. */
  readonly attempt: Row<'attempt'>;
  readonly holder: string;
  /** Device that it was typed on: proven. */
  readonly jkt: string;
  /** Hash of the courier as the carrier names them (of the task). */
  readonly courier: string | null;
  readonly digits: string;
  /** What this home can prove of a courier's being there: less is not enough. */
  readonly needs: Presence;
}

type CheckParts = Pick<Parts, 'codeKey' | 'config' | 'now'>;

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const isThere = ({ attempt, jkt, needs }: Typed): boolean =>
  attempt.state === 'here' &&
  attempt.jkt === jkt &&
  presences.indexOf(attempt.presence as Presence) >= Math.max(1, presences.indexOf(needs));

async function isWithin(
  tables: Tables,
  by: TriesBy,
  id: string | null,
  limits: readonly Limit[],
  now: number,
): Promise<boolean> {
  if (id === null) return true;
  const longestMs = Math.max(...limits.map(({ withinMs }) => withinMs));
  const most = Math.max(...limits.map((limit) => limit.most));
  const tries = await tables.codes.triesSince(by, id, now - longestMs, most);
  return limits.every((limit) => tries.filter((at) => at > now - limit.withinMs).length < limit.most);
}

/** Counts it and tells the owner's app: whoever guesses is seen (S023). */
async function refuseTyped(
  { now }: CheckParts,
  tables: Tables,
  { delivery, attempt, jkt, courier }: Typed,
  code: FaultCode,
  triesLeft: number,
): Promise<Verdict<never>> {
  const at = now();
  const { home } = delivery;
  await tables.codes.addTry({ delivery: delivery.id, attempt: attempt.number, home, jkt, courier, at });
  const data = { delivery: delivery.id, attempt: attempt.number, code, triesLeft };
  await tables.events.add([{ party: `home:${home}`, type: 'code.refused', data, at }]);
  return refuse(code, { triesLeft });
}

async function compare(parts: CheckParts, tables: Tables, typed: Typed, stop: CodeStop): Promise<Verdict<void>> {
  const triesLeft = triesLeftOf(stop) - 1;
  if (parts.now() >= typed.attempt.dies_at) return refuseTyped(parts, tables, typed, 'CODE_EXPIRED', triesLeft);
  const codes = codesOf(parts.codeKey, parts.config.codeDigits, stop, typed.holder);
  if (isSame(typed.digits, codes.now)) return accept(undefined);
  const isOld = [...codes.before].some((code) => isSame(typed.digits, code));
  const code = isOld ? 'CODE_EXPIRED' : triesLeft > 0 ? 'CODE_WRONG' : 'CODE_TRIES_USED';
  return refuseTyped(parts, tables, typed, code, triesLeft);
}

/**
 * Belongs into the transaction that records the act, and that transaction commits whatever comes back: a refusal counts a try. The attempt
 * is as the store has it there. When `triesLeft` is 0 the attempt is over, and its caller ends it as `tries-used`.
 * @returns who receives and which step of the plan that closes, or STOP_BLOCKED, STOP_NOT_HERE, HOLDER_NOT_NAMED, HOLDER_REVOKED,
 *   CODE_LIMITED; CODE_WRONG, CODE_EXPIRED and CODE_TRIES_USED with `triesLeft`
 */
export async function checkCode(parts: CheckParts, tables: Tables, typed: Typed): Promise<Verdict<Receiver>> {
  const { delivery, attempt, holder, jkt, courier } = typed;
  const now = parts.now();
  if (attempt.how === 'blocked') return refuse('STOP_BLOCKED');
  if (attempt.how === 'tries-used') return refuse('CODE_TRIES_USED', { triesLeft: 0 });
  if (attempt.how === 'day-over') return refuse('CODE_EXPIRED');
  if (!isThere(typed)) return refuse('STOP_NOT_HERE');
  if (attempt.named !== holder) return refuse('HOLDER_NOT_NAMED');
  const receiver = await findReceiver(tables, delivery, holder, now);
  if (!receiver.ok) return receiver;
  const stop = await readCodeStop(tables, delivery, attempt, now);
  if (triesLeftOf(stop) === 0) return refuse('CODE_TRIES_USED', { triesLeft: 0 });
  const isAllowed =
    stop.triesOfDelivery < triesOfDelivery &&
    (await isWithin(tables, 'jkt', jkt, courierLimits, now)) &&
    (await isWithin(tables, 'courier', courier, courierLimits, now)) &&
    (await isWithin(tables, 'home', delivery.home, addressLimits, now));
  if (!isAllowed) return refuse('CODE_LIMITED');
  const right = await compare(parts, tables, typed, stop);
  return right.ok ? receiver : right;
}
