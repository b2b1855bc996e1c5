/** Plays one step of a delivery in the sandbox, by the same functions that a real one goes through. */
import { accept, type Verdict } from '../../wire/faults.ts';
import { type SandboxOutcome, sandboxOutcomes } from '../../wire/sandbox.ts';
import { bringToPoint } from '../delivery/bring-to-point.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver } from '../delivery/progress.ts';
import { wishBookOf } from '../plan/wishes.ts';
import { isPlanned } from '../stop/standing.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { claimFound } from '../task/claim.ts';
import { findTask } from '../task/find.ts';
import { makeTaskLink } from '../task/link.ts';
import { type CourierParts, courierKey, moveCourier } from './courier.ts';
import { type HouseholdParts, isAfterwards, moveHousehold } from './household.ts';
import { moveVisit, type VisitParts } from './hub.ts';
import { type SandboxStep, sandboxScripts } from './scripts.ts';
import { tablesFor } from './world.ts';

export type PlayParts = CourierParts & HouseholdParts & VisitParts;

/** A link that the carrier never made, or that somebody else has taken, is made here: the courier comes all the same. */
async function claim(parts: PlayParts, tables: Tables, delivery: Row<'delivery'>): Promise<Verdict<unknown>> {
  const { kid } = await courierKey(parts, delivery);
  const living = await tables.tasks.living(delivery.id);
  if (living !== undefined && (living.jkt === null || living.jkt === kid)) {
    return (await claimFound(parts, tables, { task: living, delivery }, kid)).verdict;
  }
  const link = await makeTaskLink(parts, tables, delivery);
  const found = link.ok ? await findTask(tables, link.value.token) : link;
  return found.ok ? (await claimFound(parts, tables, found.value, kid)).verdict : found;
}

async function claimAgain(parts: PlayParts, tables: Tables, delivery: Row<'delivery'>): Promise<Verdict<unknown>> {
  const task = await tables.tasks.living(delivery.id);
  const second = await courierKey(parts, delivery, true);
  if (task !== undefined) await claimFound(parts, tables, { task, delivery }, second.kid);
  return accept(undefined);
}

/** Handed in by the carrier meanwhile, it is there already. */
async function grant(
  { now }: PlayParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  consent: 'ask' | 'auto',
): Promise<Verdict<unknown>> {
  const state = consent === 'auto' ? 'granted' : 'waiting-for-owner';
  if (delivery.state !== state) await changeDelivery(tables, delivery, { state }, now());
  return accept(undefined);
}

/** @returns a refusal where the real thing would refuse it: then nothing more is played */
async function perform(
  parts: PlayParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  step: SandboxStep,
  paceMs: number,
): Promise<Verdict<unknown>> {
  switch (step.do) {
    case 'claim':
      return claim(parts, tables, delivery);
    case 'claim-again':
      return claimAgain(parts, tables, delivery);
    case 'grant':
      return grant(parts, tables, delivery, step.consent);
    case 'act': {
      const done = await moveCourier(parts, tables, delivery, step);
      const isMeant = step.act === 'hand-over' && step.code === 'wrong' && !done.ok;
      return isMeant ? accept(undefined) : done;
    }
    case 'visit':
      return accept(await moveVisit(parts, tables, delivery, step, 2 * paceMs));
    case 'household':
      return moveHousehold(parts, tables, delivery, step.what);
    case 'collectable':
      return bringToPoint(parts, tables, delivery);
  }
}

/** Where nothing was planned there is nothing to do at the stop. */
async function isLeftOut(tables: Tables, delivery: Row<'delivery'>, step: SandboxStep): Promise<boolean> {
  return step.do === 'act' && !isPlanned(delivery, await wishBookOf(tables, delivery.home));
}

const isPast = (delivery: Row<'delivery'>, step: SandboxStep): boolean =>
  isOver(delivery.state) && !(step.do === 'household' && isAfterwards(step.what));

/** One that is over, cancelled by its carrier too, is played no further. @returns false when it was another's turn */
export async function playStep(parts: PlayParts, real: Tables, known: Row<'sandbox_play'>): Promise<boolean> {
  const play = await real.plays.find(known.delivery);
  const delivery = await real.deliveries.find(known.delivery);
  if (play === undefined || play.step !== known.step) return false;
  const outcome = sandboxOutcomes.find((one): one is SandboxOutcome => one === play.outcome);
  const steps = outcome === undefined ? [] : sandboxScripts[outcome].steps;
  const step = steps[play.step];
  const next = steps[play.step + 1];
  const drop = async (): Promise<true> => {
    await real.plays.drop(play.delivery);
    return true;
  };
  if (delivery === undefined || step === undefined || isPast(delivery, step)) return drop();

  const tables = tablesFor(real, parts.sandboxKey, delivery.home);
  if (await isLeftOut(tables, delivery, step)) {
    await real.plays.advance(play.delivery, play.step + 1, play.due_at);
    return true;
  }
  const done = await perform(parts, tables, delivery, step, play.pace_ms);
  if (!done.ok || next === undefined) return drop();
  await real.plays.advance(play.delivery, play.step + 1, play.due_at + play.pace_ms * (next.afterPaces ?? 1));
  return true;
}
