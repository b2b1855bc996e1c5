/** Guests of a rig: invited by its owner, with phones of their own. */
import type { Test } from 'tap';
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
): Promise<{ id: string; guest: Guest; rules: readonly string[] }> {
  const { invitation, guest } = await inviteOne(t, rig);
  mustHave(await guest.press());
  mustHave(await rig.owner.guests.accept(invitation.guest, wishes));
  const own = rig.owner.state.ruleBook.rules.filter(
    ({ party }) => party.kind === 'guest' && party.id === invitation.guest,
  );
  return { id: invitation.guest, guest, rules: own.map(({ id }) => id) };
}

/** A whole visit, from the wish to the proof. @throws Fault with the code of the refusal, at the step where it came */
export async function enter(rig: Rig, guest: Guest, rule: string): Promise<VisitView> {
  mustHave(await guest.ask(rule));
  const visit = mustHave(await guest.prepare(mustHave(await guest.takeGrant())));
  mustHave(await visit.arrive());
  mustHave(await visit.until(['ready']));
  mustHave(await visit.open());
  const door = rig.sim.door(rig.door().name);
  await until('the door gives way', () => door.openLeaf().moved);
  await until('the hub sees it open', () => rig.at() === 'open');
  door.closeLeaf();
  await until('the leaf is shut', () => door.truth().leaf === 'closed');
  await visit.finish();
  return mustHave(await visit.until(['ended']));
}
