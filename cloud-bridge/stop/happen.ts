/** Performs what follows from an event at a stop, in the transaction that it came with. */
import { Fault, type Refusal, refuse } from '../../wire/faults.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver, type Progress } from '../delivery/progress.ts';
import { revokeGrantOf } from '../delivery/revoke.ts';
import type { CarrierEventType } from '../events/carrier-event-types.ts';
import { toBoth } from '../events/tell.ts';
import type { Parts } from '../parts.ts';
import type { Tables } from '../store/store.ts';
import { beginNext } from './begin-next.ts';
import { readStanding, type Standing } from './standing.ts';
import { deliveredEnds, type Effect, type Event, type Stop } from './state.ts';
import { step } from './step.ts';

export type StopParts = Pick<Parts, 'now' | 'config' | 'signer' | 'keys'>;

/** What a device has signed. */
export interface SignedAct {
  readonly text: string;
  readonly jti: string;
}

export interface Happened {
  /** As it stands then. */
  readonly standing: Standing;
  /** It changed nothing. */
  readonly refusal?: Refusal;
  /** Compare the code of this holder before anything else. */
  readonly compare?: string;
}

export async function tell(
  tables: Tables,
  { delivery, attempt }: Standing,
  type: CarrierEventType,
  data: object,
  at: number,
): Promise<void> {
  await tables.events.add(toBoth(delivery, type, { delivery: delivery.id, attempt: attempt.number, ...data }, at));
}

/** What the courier's device did, as the journal of the stop has it. The digits that were typed are not in the act. */
function noteOf(event: Event, signed: SignedAct | undefined): { kind: string; text: string; jti: string | null } {
  if (signed !== undefined) return { kind: event.on, text: signed.text, jti: signed.jti };
  const { on, ...facts } = event;
  return { kind: on, text: JSON.stringify(facts), jti: null };
}

async function save(tables: Tables, { attempt }: Standing, next: Stop, at: number): Promise<void> {
  await tables.attempts.change(attempt.delivery, attempt.number, {
    state: next.at,
    presence: next.presence,
    jkt: next.device ?? null,
    named: next.named ?? null,
    rang_at: next.rung === 'no' ? null : (attempt.rang_at ?? at),
    how: next.end ?? null,
    ...(next.at === 'closed' && attempt.closed_at === null ? { closed_at: at } : {}),
  });
}

/**
 * @param signed    of an act of the courier's device
 * @param progress  of the delivery, where a journal of a hub says more than the end of the stop does
 */
export async function happen(
  parts: StopParts,
  tables: Tables,
  before: Standing,
  event: Event,
  { signed, progress }: { readonly signed?: SignedAct; readonly progress?: Progress } = {},
): Promise<Happened> {
  const at = parts.now();
  const { next, effects } = step(before.stop, event, before.terms);
  const refused = effects.find((one) => one.do === 'refuse');
  if (refused !== undefined) return { standing: before, refusal: refuse(refused.code) };
  if (next === before.stop && effects.length === 0 && signed === undefined) return { standing: before };

  const by = 'by' in event ? event.by : null;
  const { delivery, attempt } = before;
  await tables.stops.addAct({
    ...{ delivery: delivery.id, attempt: attempt.number, at, jkt: by, refused: null },
    ...noteOf(event, signed),
  });
  await save(tables, before, next, at);
  for (const effect of effects) await perform(parts, tables, before, effect, progress ?? endedBy(event));
  if (next.at !== before.stop.at || next.rung !== before.stop.rung || next.presence !== before.stop.presence) {
    const { end } = next;
    const data = { state: next.at, act: event.on, presence: next.presence, ...(end === undefined ? {} : { end }) };
    await tell(tables, before, 'stop.state', data, at);
  }
  const compare = effects.find((one) => one.do === 'compare')?.holder;
  return { standing: await again(parts, tables, before), ...(compare === undefined ? {} : { compare }) };
}

/** The same attempt, even where the delivery has gone on to the next. */
async function again(parts: StopParts, tables: Tables, { delivery, attempt }: Standing): Promise<Standing> {
  const standing = await readStanding(parts, tables, { ...delivery, attempt: attempt.number });
  if (standing === undefined) throw new Fault('INTERNAL', { why: 'attempt' });
  return standing;
}

/** What the end is proven by. */
function endedBy(event: Event): Partial<Progress> {
  if (event.on === 'compared') return { proof: 'code' };
  if (event.on === 'received') return { proof: 'recipient' };
  if (event.on !== 'put') return {};
  return { proof: event.isByHub ? 'hub-photo' : event.photo ? 'photo' : 'position' };
}

async function perform(
  parts: StopParts,
  tables: Tables,
  standing: Standing,
  effect: Effect,
  progress: Partial<Progress>,
): Promise<void> {
  const at = parts.now();
  const { delivery, attempt } = standing;
  switch (effect.do) {
    case 'tell-arrival':
      await tables.attempts.change(delivery.id, attempt.number, { arrived_at: at });
      if (!isOver(delivery.state) && delivery.state !== 'in-progress') {
        await changeDelivery(tables, delivery, { state: 'at-door' }, at);
      }
      return;
    case 'close': {
      const { end } = effect;
      if (deliveredEnds.has(end)) {
        await changeDelivery(tables, delivery, { state: 'delivered', outcome: end, ...progress }, at);
      } else if (end === 'picked-up-later') {
        const task = await tables.tasks.living(delivery.id);
        if (task !== undefined) await revokeGrantOf(parts, tables, task.token);
        await changeDelivery(tables, delivery, { state: 'failed', outcome: end }, at);
      }
      return;
    }
    case 'try-again':
      return beginNext(parts, tables, standing);
    case 'report':
      return tell(tables, standing, 'delivery.exception', { what: effect.exception }, at);
    case 'compare':
    case 'refuse':
      return;
  }
}
