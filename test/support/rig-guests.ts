/** Guests of a rig: invited by its owner, with phones of their own. */
import type { Test } from 'tap';
import type { CourierVisit } from '../../hardware-sim/people/courier-visit.ts';
import { Guest } from '../../hardware-sim/people/guest.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import type { GuestInvitation, GuestWish } from '../../hardware-sim/people/owner-guests.ts';
import type { VisitView } from '../../wire/visit-view.ts';
import type { Rig } from './rig.ts';
import { until } from './until.ts';

/** Where the visitor's page would be; people by script read the link themselves. */
export const pagesUrl = 'https://visit.example';

/** An invitation, and the phone that opens it: nothing is pressed yet. */
export async function inviteOne(t: Test, rig: Rig): Promise<{ invitation: GuestInvitation; guest: Guest }> {
  const invitation = mustHave(await rig.owner.guests.invite(pagesUrl));
  const guest = await Guest.open({ url: invitation.url, clock: rig.time });
  t.teardown(() => guest.http.close());
  return { invitation, guest };
}

/** What a guest may: the only door, the days around now, without asking and without a camera unless told. */
export function wishOf(rig: Rig, change: Partial<GuestWish> = {}): GuestWish {
  const nowS = Math.floor(rig.time.now() / 1000);
  return {
    door: rig.door().id,
    from: nowS - 3_600,
    until: nowS + 365 * 86_400,
    visits: 1_000,
    entries: 1,
    camera: 'off',
    consent: 'auto',
    ...change,
  };
}

/** A guest who was invited, has pressed, and is accepted with these wishes. */
export async function befriend(
  t: Test,
  rig: Rig,
  wishes: readonly GuestWish[],
  leaseS?: number,
): Promise<{ id: string; guest: Guest; rules: readonly string[] }> {
  const { invitation, guest } = await inviteOne(t, rig);
  mustHave(await guest.press());
  mustHave(await rig.owner.guests.accept(invitation.guest, wishes, leaseS));
  const own = rig.owner.state.ruleBook.rules.filter(
    ({ party }) => party.kind === 'guest' && party.id === invitation.guest,
  );
  return { id: invitation.guest, guest, rules: own.map(({ id }) => id) };
}

/** A visit that the guest has begun: shown to the hub, not arrived. @throws Fault with the code of the refusal */
export async function begin(guest: Guest, rule: string): Promise<CourierVisit> {
  mustHave(await guest.ask(rule));
  return mustHave(await guest.prepare(mustHave(await guest.takeGrant())));
}

/** Up to the open door. */
export async function walkIn(rig: Rig, visit: CourierVisit): Promise<void> {
  mustHave(await visit.arrive());
  mustHave(await visit.until(['ready']));
  mustHave(await visit.open());
  await until('the door gives way', () => rig.sim.door(rig.door().name).openLeaf().moved);
  await until('the hub sees it open', () => rig.at() === 'open');
}

export async function walkOut(rig: Rig, visit: CourierVisit): Promise<VisitView> {
  const door = rig.sim.door(rig.door().name);
  door.closeLeaf();
  await until('the leaf is shut', () => door.truth().leaf === 'closed');
  await visit.finish();
  return mustHave(await visit.until(['ended']));
}

/** A whole visit, from the wish to the proof. @throws Fault with the code of the refusal, at the step where it came */
export async function enter(rig: Rig, guest: Guest, rule: string): Promise<VisitView> {
  const visit = await begin(guest, rule);
  await walkIn(rig, visit);
  return walkOut(rig, visit);
}

/** Time goes by in which nothing happens: the hub is off meanwhile, as a machine in a rig that is wound by days would be. */
export async function sleepUntil(rig: Rig, atMs: number): Promise<void> {
  await rig.machine.stop();
  rig.time.wind(Math.max(0, atMs - rig.time.now()));
  await rig.machine.start();
  await rig.untilCalm();
}

/** The next time that the clock on the wall shows this, ms. @param weekday  0 is Sunday */
export function nextAt(nowMs: number, weekday: number, hour: number, zone: string): number {
  const wall = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', hour12: false });
  const wanted = `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][weekday]}, ${String(hour).padStart(2, '0')}`;
  const hourMs = 3_600_000;
  for (let at = Math.ceil(nowMs / hourMs) * hourMs; ; at += hourMs) {
    const parts = wall.formatToParts(at);
    const said = ['weekday', 'hour'].map((type) => parts.find((part) => part.type === type)?.value).join(', ');
    if (said === wanted) return at;
  }
}
