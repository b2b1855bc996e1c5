/** One death of a hub, what people do then, its restart, and everything that must hold after it. */
import type { Test } from 'tap';
import { moveDoor } from '../../../hardware-sim/start/door.ts';
import type { Street } from '../../../hardware-sim/start/street.ts';
import { Fault } from '../../../wire/faults.ts';
import type { Entry } from '../../../wire/journal.ts';
import { caughtUp, chainFault, count, lostEntries, textsOf, toEntry, withStore } from './aftermath.ts';
import type { Dying } from './dying.ts';
import { makeVisit, type OnTheWay, sendCourier, statusOf, truthOf, until } from './quick-street.ts';
import type { Committed } from './reaper.ts';

/** The entry from which points are counted: what a hub does for no visit belongs to no visit. */
export const begins = 'visit.prepared';

/** What a person does with the door after the hub is gone. */
export const hands = [
  'shuts the door at once',
  'shuts the door when the hub is back',
  'leaves the door open until the alarm is told',
] as const;
export type Hands = (typeof hands)[number];

/** A visit up to the death of the hub, or to its end. */
export interface Cut {
  readonly onTheWay: OnTheWay;
  /** Last entry before the visit. */
  readonly head: number;
  /** How often the strike had been energised before it. */
  readonly strikes: number;
  /** How it ended for the courier, if it did. */
  readonly outcome?: string;
}

/** @param hub  one that runs already */
export async function visitUnder(street: Street, hub: Dying): Promise<Cut> {
  const [before, { strikes }, onTheWay] = await Promise.all([textsOf(street, 1), truthOf(street), sendCourier(street)]);
  const end = await makeVisit(street, onTheWay, hub);
  const cut = { onTheWay, head: before.length, strikes };
  return end?.outcome === undefined ? cut : { ...cut, outcome: end.outcome };
}

/** The courier hears the strike and pushes, whatever the phone says. */
export async function pushWhileItBuzzes(street: Street): Promise<void> {
  if (!(await truthOf(street)).energised) return;
  await moveDoor(street.paths.simSocket, '/doors/front/open-leaf').catch((error: unknown) => {
    if (!(error instanceof Fault && error.code === 'LOCK_REFUSED')) throw error;
  });
  await until(
    () => truthOf(street),
    ({ leaf }) => leaf !== 'opening',
    2000,
  );
}

const frontOf = async (street: Street) => (await statusOf(street))?.doors[0];

/** With the door open there is an alarm, at the hub and on the owner's phone. */
export async function alarmStands(t: Test, street: Street): Promise<void> {
  const door = await until(
    () => frontOf(street),
    (one) => one?.at === 'unsecured' && one.alarms.length > 0,
    15_000,
  );
  t.equal(door?.at, 'unsecured', 'an open door is not secured');
  t.ok(door?.alarms.includes('HUB_RESTARTED'), 'the alarm of the restart stands');
  const told = await until(
    async () => street.owner.journal.alarms.map(({ code }) => code as string),
    (codes) => codes.includes('HUB_RESTARTED'),
    15_000,
  );
  t.ok(told.includes('HUB_RESTARTED'), "it stands on the owner's phone");
}

/** The hub has looked at the closed door and is content. */
export async function isSettled(t: Test, street: Street): Promise<void> {
  const door = await until(
    () => frontOf(street),
    (one) => one?.at === 'idle' && one.alarms.length === 0,
    30_000,
  );
  t.match(door, { at: 'idle', bolt: 'locked', contact: 'closed', reachable: true }, 'locked, and the hub knows it');
  t.strictSame(door?.alarms, [], 'no alarm is left behind');
}

/** What the runs that died said to have committed. */
export interface Died {
  readonly committed: readonly Committed[];
  /** False: the visit went past the point. */
  readonly isReached: boolean;
  /** How often the strike had been energised when the hub started again. */
  readonly strikes: number;
}

/** @throws nothing: each thing that must hold is an assertion */
export async function judge(t: Test, street: Street, cut: Cut, died: Died): Promise<void> {
  // The machine stands still a moment before the entry of the end, and its receipt, are on the disk.
  const onHub = await until(
    () => textsOf(street, cut.head + 1),
    (texts) => !was(died, 'visit.arrived') || count(texts.map(toEntry), 'visit.ended', visitOf(died)) > 0,
    20_000,
  );
  const inCloud = await caughtUp(street, cut.head, onHub.length);
  t.strictSame(inCloud.slice(0, onHub.length), onHub, 'the cloud has the same entries');
  t.equal(await chainFault(street), undefined, 'the chain is whole and countersigned');
  t.strictSame(await lostEntries(died, street), [], 'nothing that was committed is lost');
  const entries = onHub.map(toEntry);
  judgeEntries(t, cut, died, entries);
  await judgeDoor(t, street, cut, died);
  await judgeGrant(t, street, cut, entries);
  const last = cut.head + onHub.length;
  const heard = await until(
    async () => street.owner.journal.head.seq,
    (seq) => seq >= last,
    10_000,
  );
  t.ok(heard >= last, "the owner's phone was told all of it");
  t.strictSame(street.owner.journal.breaks, [], 'and found nothing wrong with it');
}

const visitOf = ({ committed }: Died): string | undefined => committed.find(({ kind }) => kind === begins)?.visit;

const was = (died: Died, kind: Entry['kind']): boolean =>
  died.committed.some((one) => one.visit !== undefined && one.visit === visitOf(died) && one.kind === kind);

function judgeEntries(t: Test, cut: Cut, died: Died, entries: readonly Entry[]): void {
  const visit = visitOf(died);
  const behind = entries.find(({ seq }) => seq === (died.committed.at(-1)?.seq ?? cut.head) + 1);
  if (died.isReached) t.equal(behind?.kind, 'hub.started', 'nothing uncommitted came to life');
  for (const kind of [begins, 'visit.arrived', 'visit.ready', 'visit.unlock'] as const) {
    t.equal(count(entries, kind, visit), was(died, kind) ? 1 : 0, `${kind} is there once, if it was committed`);
  }
  const [end, ...others] = entries.filter((entry) => entry.kind === 'visit.ended' && entry.visit === visit);
  t.equal(end !== undefined, was(died, 'visit.arrived'), 'a visit that began has its end');
  t.strictSame(others, [], 'and no other');
  if (end === undefined) return;
  const isInterrupted = end.body.outcome === 'interrupted';
  if (!isInterrupted) t.match(end.body, { outcome: 'completed', proof: 'secured' });
  t.notOk(isInterrupted && !died.isReached, 'only a death interrupts');
  const raised = entries.filter(({ kind, body }) => kind === 'alarm.raised' && body.code === 'HUB_RESTARTED');
  t.equal(raised.length > 0, isInterrupted, 'an interrupted visit is an alarm, and nothing else is');
  if (isInterrupted && !was(died, 'visit.unlock')) t.match(end.body, { proof: 'untouched' });
  if (isInterrupted && was(died, 'door.opened')) t.match(end.body, { proof: 'secured' });
}

async function judgeDoor(t: Test, street: Street, cut: Cut, died: Died): Promise<void> {
  const truth = await truthOf(street);
  t.match(truth, { latch: 'home', leaf: 'closed', energised: false }, 'the latch is home and the leaf closed');
  t.equal(truth.strikes, died.strikes, 'nothing unlocks after the restart');
  t.ok(truth.strikes - cut.strikes <= (was(died, 'visit.unlock') ? 1 : 0), 'it unlocked once at most, and on record');
}

/** What a hub says that has just come back. */
const notYet: readonly string[] = ['HUB_UNWITNESSED', 'CLOCK_UNSET', 'HUB_OFFLINE', 'HUB_SILENT'];

/** A use and the entry that tells of it are one commit: both are there, or neither. */
async function judgeGrant(t: Test, street: Street, { onTheWay }: Cut, entries: readonly Entry[]): Promise<void> {
  const prepared = entries.find(({ kind }) => kind === begins);
  if (prepared === undefined) return;
  const uses = await withStore(street, ({ grants }) => grants.usesOf(String(prepared.body.grant)));
  t.equal(uses, count(entries, 'visit.unlock', prepared.visit), 'the grant is counted as often as the journal says');
  if (uses === 0) return;
  const again = await until(
    () => onTheWay.courier.prepare(onTheWay.task),
    (reply) => reply.ok || !notYet.includes(reply.code),
    10_000,
  );
  t.match(again, { ok: false, code: 'GRANT_USED_UP' }, 'a grant that was used lets nobody in again');
}
