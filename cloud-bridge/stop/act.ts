/**
 * Takes one act of a courier's device, in one transaction that is committed whatever comes of it: a wrong code counts although it is
 * refused. The same act again gets the same answer; nothing is done twice.
 */
import * as v from 'valibot';
import { accept, type FaultCode, type FaultDetail, faults, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import type { StopActClaims, StopView } from '../../wire/stop.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { FoundTask } from '../task/find.ts';
import { type CompareParts, compareCode } from './compare.ts';
import { closeIfOver } from './end.ts';
import { type Happened, happen, type SignedAct, tell } from './happen.ts';
import { hasPhoto } from './photo.ts';
import { gradePlace, toHomePosition } from './place.ts';
import { readStanding, type Standing } from './standing.ts';
import type { ActEvent } from './state.ts';
import { nonceOf, toStopView } from './view.ts';

export type ActParts = CompareParts;

export interface Taken {
  readonly verdict: Verdict<StopView>;
  /** Call `mailbox.bring(delivery.hub)` after the commit. */
  readonly hasEnded: boolean;
  /** It is the arrival, and news. */
  readonly hasArrived: boolean;
}

const Refused = v.object({
  code: v.picklist(Object.keys(faults) as [FaultCode, ...FaultCode[]]),
  detail: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()]))),
});

async function toEvent(
  tables: Tables,
  by: string,
  { delivery, attempt }: Standing,
  claims: StopActClaims,
): Promise<ActEvent> {
  switch (claims.act) {
    case 'arrive': {
      const home = toHomePosition(await tables.stops.position(delivery.home));
      return { on: 'arrive', by, seen: gradePlace(claims.position, home, claims.iat) };
    }
    case 'ring':
      return { on: 'ring', by };
    case 'name':
    case 'hand-over':
      return { on: claims.act, by, holder: claims.holder };
    case 'put': {
      const photo = claims.photo !== undefined && (await hasPhoto(tables, attempt, claims.photo));
      return { on: 'put', by, place: claims.place, photo };
    }
    case 'leave':
      return { on: 'leave', by, reason: claims.reason };
  }
}

/** A refusal that counted, or that the stop's journal is to have: kept, so that the same act gets it again. */
async function keepRefusal(
  tables: Tables,
  { delivery, attempt }: Standing,
  at: number,
  signed: SignedAct & { readonly act: string; readonly jkt: string },
  refused: { readonly code: FaultCode; readonly detail?: FaultDetail },
): Promise<void> {
  const { code, detail = {} } = refused;
  await tables.stops.addAct({
    ...{ delivery: delivery.id, attempt: attempt.number, kind: signed.act, at, jkt: signed.jkt },
    ...{ text: signed.text, jti: signed.jti, refused: JSON.stringify({ code, detail }) },
  });
}

/**
 * @param claims  of `text`, verified
 * @param digits  what was typed; stored nowhere
 */
export async function actAtStop(
  parts: ActParts,
  tables: Tables,
  { task, delivery }: FoundTask,
  { claims, text, digits, jkt }: { claims: StopActClaims; text: string; digits: string | undefined; jkt: string },
): Promise<Taken> {
  const nothing = { hasEnded: false, hasArrived: false };
  const read = await readStanding(parts, tables, delivery);
  if (read === undefined || !read.isPlanned) return { verdict: refuse('STOP_NOT_PLANNED'), ...nothing };
  const known = await tables.stops.actByJti(delivery.id, claims.attempt, claims.jti);
  if (known !== undefined) return { verdict: await answerAgain(parts, tables, read, task, known), ...nothing };
  if (claims.delivery !== delivery.id || claims.attempt !== read.attempt.number) {
    return { verdict: refuse('STOP_ACT_OTHER'), ...nothing };
  }
  const before = await closeIfOver(parts, tables, read);
  if (before.stop.at !== 'closed' && claims.nonce !== nonceOf(before, task)) {
    return { verdict: refuse('STOP_ACT_OLD'), ...nothing };
  }
  const signed = { text, jti: claims.jti, act: claims.act, jkt };
  const happened = await happen(parts, tables, before, await toEvent(tables, jkt, before, claims), { signed });
  const hasDied = before.stop.at === 'closed' && read.stop.at !== 'closed';
  if (happened.refusal !== undefined) {
    if (happened.refusal.code === 'STOP_WRONG_DOOR') await noteElsewhere(parts, tables, before, signed);
    return { verdict: happened.refusal, hasEnded: hasDied, hasArrived: false };
  }
  await tables.attempts.change(delivery.id, before.attempt.number, { nonce: newId() });
  const after = happened.compare === undefined ? accept(happened) : await compare(parts, tables, happened, digits, jkt);
  const { standing } = after.ok ? after.value : happened;
  const now = after.ok ? standing : await readAgain(parts, tables, standing);
  const hasEnded = now.stop.at === 'closed';
  if (!after.ok) {
    await tables.stops.keepAnswer(delivery.id, claims.attempt, claims.jti, JSON.stringify(after));
    return { verdict: after, hasEnded, hasArrived: false };
  }
  const shown = await readAgain(parts, tables, now);
  return {
    verdict: accept(await toStopView(parts, tables, shown, task)),
    hasEnded,
    hasArrived: claims.act === 'arrive' && before.stop.presence === 'none',
  };
}

/** The attempt that was acted in, whatever has become of its delivery. */
async function readAgain(parts: ActParts, tables: Tables, { delivery, attempt }: Standing): Promise<Standing> {
  return (await readStanding(parts, tables, { ...delivery, attempt: attempt.number }))!;
}

async function answerAgain(
  parts: ActParts,
  tables: Tables,
  standing: Standing,
  task: Row<'task'>,
  known: Row<'stop_act'>,
): Promise<Verdict<StopView>> {
  if (known.refused !== null) {
    const { code, detail } = v.parse(Refused, JSON.parse(known.refused));
    return refuse(code, detail);
  }
  const of = { ...standing, attempt: { ...standing.attempt, number: known.attempt } };
  return accept(await toStopView(parts, tables, await readAgain(parts, tables, of), task));
}

async function compare(
  parts: ActParts,
  tables: Tables,
  { standing, compare: holder = '' }: Happened,
  digits: string | undefined,
  jkt: string,
): Promise<Verdict<Happened>> {
  const waiting: Standing = { ...standing, stop: { ...standing.stop, comparing: holder } };
  const compared = await compareCode(parts, tables, waiting, { holder, digits: digits ?? '', jkt });
  if (compared.ok) return accept(await happen(parts, tables, waiting, { on: 'compared', holder, is: 'right' }));
  const { triesLeft } = compared.detail ?? {};
  // Without a number of tries nothing was compared and nothing counts.
  if (typeof triesLeft !== 'number') return compared;
  await happen(parts, tables, waiting, { on: 'compared', holder, is: 'wrong', isLast: triesLeft <= 0 });
  return compared;
}

/** Told once in an attempt: the address may be wrong in the carrier's system (S051). */
async function noteElsewhere(
  parts: ActParts,
  tables: Tables,
  standing: Standing,
  signed: SignedAct & { readonly act: string; readonly jkt: string },
): Promise<void> {
  const at = parts.now();
  const isNews = standing.acts.every(({ refused }) => refused === null || !refused.includes('STOP_WRONG_DOOR'));
  await keepRefusal(tables, standing, at, signed, { code: 'STOP_WRONG_DOOR' });
  if (isNews) await tell(tables, standing, 'delivery.exception', { what: 'wrong-door' }, at);
}
