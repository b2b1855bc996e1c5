/**
 * Takes one act of a courier's device, in one transaction that is committed whatever comes of it: a wrong code counts although it is
 * refused. The same act again gets the same answer; nothing is done twice.
 */
import * as v from 'valibot';
import { accept, type FaultCode, faults, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import type { StopActClaims, StopView } from '../../wire/stop.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { type CompareParts, compareCode } from './compare.ts';
import { closeIfOver } from './end.ts';
import type { StopTask } from './find-task.ts';
import { type Happened, happen, tell } from './happen.ts';
import { photographerOf } from './photo.ts';
import { gradePlace, toHomePosition } from './place.ts';
import { readStanding, type Standing } from './standing.ts';
import { type ActEvent, maxWrong } from './state.ts';
import { nonceOf, toStopView } from './view.ts';

export type ActParts = CompareParts;

export interface Taken {
  readonly verdict: Verdict<StopView>;
  /** Call `mailbox.bring(delivery.hub)` after the commit. */
  readonly hasEnded: boolean;
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
      const taken = claims.photo === undefined ? undefined : await photographerOf(tables, attempt, claims.photo);
      return { on: 'put', by, place: claims.place, photo: taken !== undefined, isByHub: taken === 'hub' };
    }
    case 'leave':
      return { on: 'leave', by, reason: claims.reason };
  }
}

/** What the device sent beside its proof. */
export interface Sent {
  /** Of `text`, verified. */
  readonly claims: StopActClaims;
  readonly text: string;
  /** What was typed; stored nowhere. */
  readonly digits: string | undefined;
  readonly jkt: string;
}

const refusedWith = (code: FaultCode, hasEnded = false): Taken => ({
  verdict: refuse(code),
  hasEnded,
});

/** A code after the end of its day, whoever has closed the stop meanwhile (S023). */
const isExpired = ({ act, attempt: number }: StopActClaims, { attempt, stop }: Standing): boolean =>
  act === 'hand-over' && number === attempt.number && stop.end === 'day-over';

export async function actAtStop(
  parts: ActParts,
  tables: Tables,
  { task, delivery, isDead }: StopTask,
  sent: Sent,
): Promise<Taken> {
  const { claims, text, jkt } = sent;
  const read = await readStanding(parts, tables, delivery);
  if (read === undefined || !read.isPlanned) return refusedWith('STOP_NOT_PLANNED');
  const known = await tables.stops.actByJti(delivery.id, claims.attempt, claims.jti);
  if (known !== undefined) return answerAgain(parts, tables, delivery, task, known);
  if (isDead && !isExpired(claims, read)) return refusedWith('TASK_LINK_DEAD');
  if (claims.delivery !== delivery.id || claims.attempt !== read.attempt.number) return refusedWith('STOP_ACT_OTHER');

  const before = await closeIfOver(parts, tables, read);
  if (isExpired(claims, before)) {
    await noteExpired(parts, tables, before, sent);
    return refusedWith('CODE_EXPIRED', before !== read);
  }
  if (before !== read) return refusedWith('STOP_CLOSED', true);
  if (before.stop.at !== 'closed' && claims.nonce !== nonceOf(before, task)) return refusedWith('STOP_ACT_OLD');
  const signed = { text, jti: claims.jti };
  const happened = await happen(parts, tables, before, await toEvent(tables, jkt, before, claims), { signed });
  if (happened.refusal !== undefined) {
    if (happened.refusal.code === 'STOP_WRONG_DOOR') await noteElsewhere(parts, tables, before, sent);
    return refusedWith(happened.refusal.code);
  }
  await tables.attempts.change(delivery.id, before.attempt.number, { nonce: newId() });
  const compared = happened.compare === undefined ? undefined : await compare(parts, tables, happened, task, sent);
  if (compared !== undefined && !compared.ok) {
    await tables.stops.keepAnswer(delivery.id, claims.attempt, claims.jti, JSON.stringify(compared));
  }
  const after = await readAgain(parts, tables, delivery, claims.attempt);
  const view = compared?.ok === false ? compared : accept(await toStopView(parts, tables, after, task));
  return { verdict: view, hasEnded: after.stop.at === 'closed' };
}

/** The attempt that was acted in, whatever has become of its delivery. */
async function readAgain(
  parts: ActParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  attempt: number,
): Promise<Standing> {
  return (await readStanding(parts, tables, { ...delivery, attempt }))!;
}

/** It was done, and the answer was lost on its way. */
async function answerAgain(
  parts: ActParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  task: Row<'task'>,
  { refused, attempt }: Row<'stop_act'>,
): Promise<Taken> {
  const { code, detail } = refused === null ? {} : v.parse(Refused, JSON.parse(refused));
  const verdict =
    code === undefined
      ? accept(await toStopView(parts, tables, await readAgain(parts, tables, delivery, attempt), task))
      : refuse(code, detail);
  return { verdict, hasEnded: false };
}

/** A refusal without a number of tries says that nothing was compared: then nothing counts. */
async function compare(
  parts: ActParts,
  tables: Tables,
  { standing, compare: holder = '' }: Happened,
  task: Row<'task'>,
  sent: Sent,
): Promise<Verdict<unknown>> {
  const waiting: Standing = { ...standing, stop: { ...standing.stop, comparing: holder } };
  const compared = await compareCode(parts, tables, waiting, task, { ...sent, holder });
  const triesLeft = compared.ok ? undefined : compared.detail?.triesLeft;
  if (compared.ok) await happen(parts, tables, waiting, { on: 'compared', holder, is: 'right' });
  else if (typeof triesLeft === 'number') {
    await happen(parts, tables, waiting, { on: 'compared', holder, is: 'wrong', isLast: triesLeft <= 0 });
  }
  return compared;
}

/** Nothing is compared and nothing counted; once in an attempt it is noted, and told to the home. Its receipt may be signed: it is none of its acts. */
async function noteExpired(
  { now }: ActParts,
  tables: Tables,
  { delivery, attempt, acts }: Standing,
  { claims, jkt }: Sent,
): Promise<void> {
  const refused = JSON.stringify(refuse('CODE_EXPIRED'));
  if (acts.some((one) => one.jti === null && one.refused === refused)) return;
  const [at, of] = [now(), { delivery: delivery.id, attempt: attempt.number }];
  await tables.stops.addAct({ ...of, kind: claims.act, text: '{}', at, jkt, jti: null, refused });
  const data = { ...of, code: 'CODE_EXPIRED', triesLeft: maxWrong - attempt.tries };
  await tables.events.add([{ party: `home:${delivery.home}`, type: 'code.refused', data, at }]);
}

/** Told once in an attempt: the address may be wrong in the carrier's system (S051). */
async function noteElsewhere(
  parts: ActParts,
  tables: Tables,
  standing: Standing,
  { text, claims, jkt }: Sent,
): Promise<void> {
  const at = parts.now();
  const { delivery, attempt, acts } = standing;
  const refused = JSON.stringify(refuse('STOP_WRONG_DOOR'));
  const isNews = acts.every((one) => one.refused !== refused);
  const of = { delivery: delivery.id, attempt: attempt.number, kind: claims.act, at, jkt };
  await tables.stops.addAct({ ...of, text, jti: claims.jti, refused });
  if (isNews) await tell(tables, standing, 'delivery.exception', { what: 'wrong-door' }, at);
}
