/** One delivery, played by people with keys of their own against the running street. */
import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../../wire/faults.ts';
import type { Entry } from '../../wire/journal.ts';
import type { Rule } from '../../wire/rule-book.ts';
import type { VisitView } from '../../wire/visit-view.ts';
import { Courier, type TaskGrant } from '../people/courier.ts';
import type { CourierVisit } from '../people/courier-visit.ts';
import { mustHave, type Reply } from '../people/http.ts';
import type { WaitingGrant } from '../people/owner-orders.ts';
import { fromEntry, type TimelineEvent, type Who } from '../people/timeline.ts';
import { Watcher } from '../people/watcher.ts';
import { type DoorName, type Place, placeOf } from './place.ts';
import type { Street } from './street.ts';

export interface Played {
  /** What people did and were told, and the journal as the owner's phone verified it, in order. */
  readonly events: readonly TimelineEvent[];
  readonly end: VisitView;
  readonly visit: string;
}

/** Looks over the shoulders of those who play. */
export interface Onlooker {
  /** The courier has been sent. */
  readonly sent?: (sent: Sent) => void;
  /** The courier's phone has shown its grant to the hub. */
  readonly prepared?: (visit: CourierVisit, task: TaskGrant) => void;
}

/** A courier with a delivery. */
export interface Sent {
  readonly door: DoorName;
  readonly delivery: string;
  /** The task link, for a browser. */
  readonly url: string;
  readonly courier: Courier;
}

/** How long things take a person, ms: walking to the door, carrying the parcel in. */
const personMs = { walk: 900, carry: 1200 } as const;
export const hourS = 3600;
/** How long anybody waits before giving up. */
const withinMs = { grant: 30_000, ready: 30_000, end: 60_000, told: 10_000, armed: 40_000 } as const;

/**
 * The rules of the day: this carrier, at each of the doors, and the owner is asked each time; guests keep theirs. Signed again, they are
 * the same ones.
 */
export function rulesOf(street: Street, nowS: number): Rule[] {
  const places = [placeOf(street, 'front'), ...(street.settings.front === 'nuki' ? [placeOf(street, 'garage')] : [])];
  const ofGuests = street.owner.state.ruleBook.rules.filter(({ party }) => party.kind === 'guest');
  return [...places.map((place) => ruleFor(street, place, nowS)), ...ofGuests];
}

const ruleFor = (street: Street, place: Place, nowS: number): Rule => ({
  id: `rule-${place.id}`,
  door: place.id,
  party: { kind: 'carrier', id: street.carrier.id, jwk: street.carrier.key.jwk },
  from: nowS - 6 * hourS,
  until: nowS + 6 * hourS,
  visits: 1_000,
  entries: 1,
  camera: place.isFilmed ? 'recorded' : 'off',
  consent: 'ask',
});

/** @throws Fault with what was refused, at the step where it was */
export async function playDelivery(street: Street, door: DoorName = 'front', onlooker: Onlooker = {}): Promise<Played> {
  const { owner, dispatch, url } = street;
  const place = placeOf(street, door);
  const events: TimelineEvent[] = [];
  const note = (who: Who, what: string, detail: TimelineEvent['detail'] = {}): void => {
    events.push({ atMs: Date.now(), who, what, detail });
  };
  const nowS = Math.floor(Date.now() / 1000);
  const firstEntry = owner.journal.head.seq + 1;

  mustHave(await owner.orders.setRules(rulesOf(street, nowS)));
  note('owner', 'signed the rules: Hermes, front door and garage, the next hours, ask me each time');
  const announced = mustHave(
    await dispatch.announce({
      door: place.id,
      from: nowS,
      until: nowS + hourS,
      parcels: 1,
      reference: 'HER-1001',
    }),
  );
  const { delivery } = announced;
  note('carrier', `announced one parcel for the ${place.says}`, { delivery });

  const link = mustHave(await dispatch.taskLink(delivery));
  const courier = new Courier({ base: url, token: link.token });
  onlooker.sent?.({ door, delivery, url: link.url, courier });
  mustHave(await courier.preview());
  const { check } = mustHave(await courier.press());
  note('courier', 'opened the link and pressed: the phone made a key of its own', { check });
  mustHave(await dispatch.confirm(delivery, check));
  note('carrier', "signed the assignment for this courier's device");

  const waiting = await untilWaiting(street, delivery);
  mustHave(await owner.orders.approve(waiting));
  note('owner', 'was asked, and signed: yes to this one visit');
  const task = mustHave(await courier.takeGrant(withinMs.grant));
  const visit = mustHave(await courier.prepare(task));
  onlooker.prepared?.(visit, task);
  note('hub', 'checked every signature itself and gave the courier a nonce');

  const watcher = place.isFilmed ? await Watcher.open({ owner, door: place.id }) : undefined;
  await place.film({ courier: 'coming' });
  const arrived = await timedAct(visit.arrive());
  note('courier', 'said: I am here', { tookMs: arrived });
  if (watcher !== undefined) {
    const startMs = Date.now();
    await until(() => watcher.pictures > 0, withinMs.ready);
    note('owner', 'sees the door live; nobody between could open the picture', { tookMs: Date.now() - startMs });
  }
  mustHave(await visit.until(['ready'], withinMs.ready));
  await wait(personMs.walk);
  const opened = await timedAct(pressOpen(visit));
  note('courier', 'said: open', { tookMs: opened });
  await place.open();
  mustHave(await visit.until(['open'], withinMs.ready));
  await wait(personMs.carry);
  await place.film({ parcel: true });
  note('courier', 'carried the parcel in');
  await place.shut();
  await place.film({ courier: 'leaving' });
  const finished = await visit.finish();
  if (!finished.ok && finished.code !== 'VISIT_ENDED') throw new Fault(finished.code, finished.detail);
  const end = mustHave(await visit.until(['ended'], withinMs.end));
  if (watcher !== undefined) {
    note('owner', 'watched to the end, each picture checked against what the hub signed', {
      pictures: watcher.pictures,
      broken: watcher.broken.length,
    });
    watcher.close();
  }
  await place.film({ courier: 'away', parcel: false });
  await toldToAll(street, delivery, end, note);
  const journal = owner.journal.records.filter(({ entry, visit }) => entry.seq >= firstEntry && visit === end.visit);
  const all = [...events, ...journal.map((record) => fromEntry(record.entry, record))];
  return { events: all.sort((a, b) => a.atMs - b.atMs), end, visit: end.visit };
}

/** Presses again while the hub has not seen a barrier closed for long enough: half a minute after its start. */
async function pressOpen(visit: CourierVisit): ReturnType<CourierVisit['open']> {
  for (const end = performance.now() + withinMs.armed; ; await wait(500)) {
    const said = await visit.open();
    if (said.ok || said.code !== 'BARRIER_NOT_PROVEN' || performance.now() > end) return said;
  }
}

/** @throws Fault CAMERA_NOT_LIVE when it was in vain */
async function until(look: () => boolean, forMs: number): Promise<void> {
  for (const end = performance.now() + forMs; !look(); await wait(10)) {
    if (performance.now() > end) throw new Fault('CAMERA_NOT_LIVE');
  }
}

/** How long one act took as the courier's phone saw it, ms. */
async function timedAct(act: Promise<Reply<VisitView> & { readonly ms: number }>): Promise<number> {
  const reply = await act;
  mustHave(reply);
  return Math.round(reply.ms);
}

/** The grant that the owner is asked about, once the cloud has issued it. */
export async function untilWaiting({ owner }: Street, delivery: string): Promise<WaitingGrant> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = mustHave(await owner.waiting()).find((one) => one.delivery === delivery);
    if (found !== undefined) return found;
    await wait(100);
  }
  throw new Fault('TASK_NOT_READY', { delivery });
}

/** Waits until owner and carrier have been told how it ended, each by their own event stream. */
async function toldToAll(
  { owner, dispatch }: Street,
  delivery: string,
  end: VisitView,
  note: (who: Who, what: string, detail?: TimelineEvent['detail']) => void,
): Promise<void> {
  const [entry, state] = await Promise.all([
    owner.told.until((one) => one.news === 'entry' && isEnd(one.record.entry, end.visit), withinMs.told),
    dispatch.told.until(
      (one) => one.news === 'state' && one.delivery === delivery && one.outcome !== undefined,
      withinMs.told,
    ),
  ]);
  if (entry === undefined) throw new Fault('CLOUD_SILENT', { told: 'owner' });
  if (state === undefined || state.news !== 'state') throw new Fault('CLOUD_SILENT', { told: 'carrier' });
  note('owner', `was told: ${end.outcome}, ${end.proof}; this phone checked the chain itself`);
  const receipt = state.receipt?.checked ?? 'missing';
  note('carrier', `was told: ${state.state}; the hub's receipt is ${receipt}`);
}

const isEnd = (entry: Entry, visit: string): boolean => entry.kind === 'visit.ended' && entry.visit === visit;
