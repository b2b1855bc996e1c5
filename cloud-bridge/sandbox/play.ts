/** Plays one step of a delivery in the sandbox, by the same functions that a real one goes through. */
import { hashOf, newId, signDocument } from '../../wire/jws.ts';
import { receiptForm } from '../../wire/receipt.ts';
import { type SandboxOutcome, sandboxHub } from '../../wire/sandbox.ts';
import { deviceCheck } from '../../wire/task.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver, type Progress, progress } from '../delivery/progress.ts';
import { toCarrier } from '../events/tell.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { SandboxKey } from './hub-key.ts';
import { type SandboxStep, sandboxScripts } from './scripts.ts';

export interface PlayParts {
  readonly now: () => number;
  readonly sandboxKey: SandboxKey;
}

/** A link that the carrier never made is made here: the courier comes all the same. */
async function claim(tables: Tables, delivery: Row<'delivery'>, jkt: string, at: number): Promise<void> {
  const task = await tables.tasks.living(delivery.id);
  if (task === undefined) {
    const token = hashOf(newId());
    await tables.tasks.add({ token, delivery: delivery.id, state: 'claimed', jkt, created_at: at });
  } else if (task.jkt === null) await tables.tasks.claim(task.token, jkt);
  const data = { delivery: delivery.id, jkt, check: deviceCheck(jkt) };
  await tables.events.add([toCarrier(delivery.carrier, 'task.claimed', data, at)]);
  await changeDelivery(tables, delivery, { state: 'assigned' }, at);
}

async function claimAgain(tables: Tables, delivery: Row<'delivery'>, at: number): Promise<void> {
  const task = await tables.tasks.living(delivery.id);
  if (task !== undefined) await tables.tasks.kill(task.token);
  await tables.events.add([toCarrier(delivery.carrier, 'task.dead', { delivery: delivery.id }, at)]);
  await changeDelivery(tables, delivery, { state: 'announced' }, at);
}

/** Signed ahead of the transaction: whether it is used is decided there. */
function receiptFor(
  { sandboxKey, now }: PlayParts,
  delivery: Row<'delivery'>,
  { jkt, pace_ms }: Row<'sandbox_play'>,
  { outcome, proof }: Extract<SandboxStep, { do: 'end' }>,
): Promise<string> {
  const claims = {
    ...{ iss: sandboxHub, visit: newId(), door: delivery.door, delivery: delivery.id, jkt },
    ...{ arrivedAt: now() - 2 * pace_ms, endedAt: now(), outcome, proof },
    entry: { seq: 1, hash: hashOf(delivery.id) },
  };
  return signDocument(receiptForm, claims, sandboxKey.key);
}

/** What the hub would say, read as its journal is read. */
async function journaled(parts: PlayParts, delivery: Row<'delivery'>, play: Row<'sandbox_play'>, step: SandboxStep) {
  if (step.do === 'arrive') return progress(delivery.state, { kind: 'visit.arrived', body: {} });
  if (step.do === 'unlock') return progress(delivery.state, { kind: 'visit.unlock', body: {} });
  if (step.do !== 'end') return undefined;
  const { outcome, proof } = step;
  const receipt = await receiptFor(parts, delivery, play, step);
  return progress(delivery.state, { kind: 'visit.ended', body: { outcome, proof, receipt } });
}

function decided(delivery: Row<'delivery'>, step: SandboxStep): Progress | undefined {
  if (step.do === 'owner-says') {
    return step.what === 'yes' ? { state: 'granted' } : { state: 'cancelled', outcome: 'ended-by-owner' };
  }
  if (step.do !== 'grant') return undefined;
  const state = step.consent === 'auto' ? 'granted' : 'waiting-for-owner';
  // Handed in by the carrier meanwhile.
  return delivery.state === state ? undefined : { state };
}

/** One that is over, cancelled by its carrier too, is played no further. @returns false when it was another's turn */
export async function playStep(parts: PlayParts, tables: Tables, known: Row<'sandbox_play'>): Promise<boolean> {
  const play = await tables.plays.find(known.delivery);
  const delivery = await tables.deliveries.find(known.delivery);
  if (play === undefined || play.step !== known.step) return false;
  const steps = sandboxScripts[play.outcome as SandboxOutcome];
  const step = steps[play.step];
  if (delivery === undefined || step === undefined || isOver(delivery.state)) {
    await tables.plays.drop(play.delivery);
    return true;
  }
  const at = parts.now();
  if (step.do === 'claim') await claim(tables, delivery, play.jkt, at);
  else if (step.do === 'claim-again') await claimAgain(tables, delivery, at);
  else {
    const next = (await journaled(parts, delivery, play, step)) ?? decided(delivery, step);
    if (next !== undefined) await changeDelivery(tables, delivery, next, at);
  }
  const following = steps[play.step + 1];
  if (following === undefined) await tables.plays.drop(play.delivery);
  else
    await tables.plays.advance(play.delivery, play.step + 1, play.due_at + play.pace_ms * (following.afterPaces ?? 1));
  return true;
}
