/** A stop as the courier's page sees it: never the value, never who is at home. */
import { hashOf } from '../../wire/jws.ts';
import type { PlanStep } from '../../wire/plan.ts';
import { presences, type StepView, type StopView } from '../../wire/stop.ts';
import { readCodeStop, triesLeftOf } from '../code/of-stop.ts';
import { receiversOf } from '../code/receivers.ts';
import type { Parts } from '../parts.ts';
import { hasDoorCamera } from '../photo/door-camera.ts';
import { isPutDown } from '../photo/wanted.ts';
import { deliveryWishesOf } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { neededPresence } from './compare.ts';
import { doorNumberOf, isListenedFor } from './door-number.ts';
import type { Standing } from './standing.ts';
import { possibleActs } from './step.ts';

/** Before the first act it follows from the task: looking changes nothing. */
export const nonceOf = ({ attempt }: Standing, task: Row<'task'>): string =>
  attempt.nonce ?? hashOf(`stop-nonce\n${task.token}\n${attempt.number}`).slice(0, 22);

async function stepOf(
  { now }: Pick<Parts, 'now'>,
  tables: Tables,
  { delivery, stop }: Standing,
  one: PlanStep,
): Promise<StepView> {
  const { place } = one;
  if ('door' in one) return { place, door: one.door };
  if (place === 'drop') return { place, text: one.at };
  if (place === 'pick-up') return { place, text: one.point, metres: one.metres };
  // Who receives is nobody's business before the courier is there (S048).
  const isHandedOver = place === 'neighbour' || (place === 'in-person' && one.code);
  if (!isHandedOver || stop.at === 'expected') return { place };
  const receivers = (await receiversOf(tables, delivery, now())).filter((receiver) => receiver.place === place);
  const holders = receivers.map(({ holder: { id, name, flat, note } }) => ({
    ...{ holder: id, name },
    ...(flat === null ? {} : { flat }),
    ...(note === null ? {} : { note }),
  }));
  return { place, holders };
}

export async function toStopView(
  parts: Pick<Parts, 'now' | 'codeKey'>,
  tables: Tables,
  standing: Standing,
  task: Row<'task'>,
): Promise<StopView> {
  const { delivery, attempt, stop, terms, waitMs } = standing;
  const { device } = stop;
  const hasArrived = device === terms.device;
  const plan: StepView[] = [];
  for (const one of terms.plan) plan.push(await stepOf(parts, tables, standing, one));
  const isHere = hasArrived && stop.at === 'here';
  const hasNumber = isHere && device !== undefined && isListenedFor(standing);
  const doorNumber = hasNumber ? doorNumberOf(parts, standing, device) : undefined;
  const note = isHere ? deliveryWishesOf(delivery).note : undefined;
  const isPhotographed = terms.photos && terms.plan.some(isPutDown);
  const isByCode = plan.some((one) => one.holders !== undefined);
  const code = isByCode ? await readCodeStop(tables, delivery, attempt, parts.now()) : undefined;
  return {
    delivery: delivery.id,
    attempt: attempt.number,
    state: stop.at === 'here' && !hasArrived ? 'expected' : stop.at,
    nonce: nonceOf(standing, task),
    at: parts.now(),
    presence: stop.presence,
    isSure: presences.indexOf(stop.presence) >= presences.indexOf(await neededPresence(tables, standing)),
    plan,
    acts: standing.isPlanned ? [...possibleActs(stop, terms)] : [],
    ...(attempt.rang_at === null ? {} : { waitUntil: attempt.rang_at + waitMs }),
    ...(code === undefined ? {} : { triesLeft: triesLeftOf(code) }),
    ...(doorNumber === undefined ? {} : { doorNumber }),
    ...(note === undefined ? {} : { note }),
    photo: isPhotographed,
    ...(isPhotographed && (await hasDoorCamera(tables, delivery)) ? { doorCamera: true } : {}),
    ...(stop.named === undefined ? {} : { named: stop.named }),
    ...(stop.end === undefined ? {} : { end: stop.end }),
  };
}
