/** A street whose door is quick and whose owner lets the carrier in without being asked, and the visits that are made there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { callHub } from '../../../device/control/client.ts';
import type { HubStatus } from '../../../device/status.ts';
import { Courier, type TaskGrant } from '../../../hardware-sim/people/courier.ts';
import type { CourierVisit } from '../../../hardware-sim/people/courier-visit.ts';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { lookAtDoor, moveDoor, pushOpen } from '../../../hardware-sim/start/door.ts';
import { openStreet, type Street } from '../../../hardware-sim/start/street.ts';
import { Fault } from '../../../wire/faults.ts';
import { newId } from '../../../wire/jws.ts';
import type { VisitView } from '../../../wire/visit-view.ts';

/** Quick enough for many visits, and each step still apart from the next. */
const quick = {
  strike: {
    door: { unlockForMs: 700, stillMs: 50 },
    simDoor: { leafMs: 40, latchMs: 20 },
    pollMs: 20,
    baudRate: 115_200,
  },
  camera: false,
} as const;
const hourS = 3600;

/** Brings the street up for one test and takes it away after it. */
export async function withStreet<T>(
  work: (street: Street) => Promise<T>,
  wish: { readonly camera?: boolean } = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-kill-'));
  try {
    const street = await openStreet(folder, () => undefined, { ...quick, ...wish });
    try {
      mustHave(await street.owner.orders.setRules([ruleOf(street)]));
      return await work(street);
    } finally {
      await street.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** This carrier, all day, without a camera. */
export function ruleOf({ settings, carrier }: Street) {
  const nowS = Math.floor(Date.now() / 1000);
  return {
    id: `rule-${newId()}`,
    door: settings.door,
    party: { kind: 'carrier', id: carrier.id, jwk: carrier.key.jwk },
    from: nowS - 60,
    until: nowS + 6 * hourS,
    visits: 1000,
    entries: 1,
    camera: 'off',
    consent: 'auto',
  } as const;
}

/** A courier with a grant in hand, on the way to the door. */
export interface OnTheWay {
  readonly courier: Courier;
  readonly task: TaskGrant;
}

/** From the announcement to the grant; the hub has no part in it. */
export async function sendCourier({ dispatch, settings, url }: Street): Promise<OnTheWay> {
  const nowS = Math.floor(Date.now() / 1000);
  const [door, from, until] = [settings.door, nowS, nowS + hourS];
  const { delivery } = mustHave(
    await dispatch.announce({ door, from, until, parcels: 1, reference: `K-${newId().slice(0, 8)}` }),
  );
  const { token } = mustHave(await dispatch.taskLink(delivery));
  const courier = new Courier({ base: url, token });
  const { check } = mustHave(await courier.press());
  mustHave(await dispatch.confirm(delivery, check));
  return { courier, task: mustHave(await courier.takeGrant(10_000)) };
}

/** Asks until it is so. @returns the last answer, whatever it is, when the time is over */
export async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean, withinMs: number): Promise<T> {
  for (const end = performance.now() + withinMs; ; ) {
    const answer = await ask();
    if (isSo(answer) || performance.now() > end) return answer;
    await pause(30);
  }
}

/** What the hub says of itself; undefined while it does not answer. */
export async function statusOf({ paths }: Street): Promise<HubStatus | undefined> {
  try {
    return (await callHub(paths.hubSocket, 'GET', '/status')) as HubStatus;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** The hub that a visit is made with. */
export interface Mortal {
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
  isGone(): boolean;
}

/** What the phone hears; undefined when the hub is gone. The cloud would let it wait 8 s before it says so. */
async function heard<T>(reply: Promise<T>, { gone }: Mortal): Promise<T | undefined> {
  reply.catch(() => undefined);
  return await Promise.race([reply, gone.then(() => undefined)]);
}

/**
 * The whole visit, as long as there is a hub. A phone that hears nothing any more and a hand that pushes in vain are how it feels
 * to the courier; they are no failure of the test.
 * @returns the last view; undefined when the hub went before there was one, or before the end
 */
export async function makeVisit(
  street: Street,
  { courier, task }: OnTheWay,
  hub: Mortal,
): Promise<VisitView | undefined> {
  const { simSocket } = street.paths;
  const { isGone } = hub;
  try {
    const prepared = await until(
      () => heard(courier.prepare(task), hub),
      (reply) => reply?.ok === true || isGone(),
      10_000,
    );
    if (prepared === undefined) return undefined;
    if (!prepared.ok) return isGone() ? undefined : mustHave(prepared);
    const visit = prepared.value;
    const go = (view: VisitView | undefined): boolean => view !== undefined && !isGone();
    if (!go(await actOf(visit, 'arrive', hub)) || !go(await seen(visit, ['ready'], hub))) return undefined;
    if (!go(await actOf(visit, 'open', hub))) return undefined;
    await pushOpen(simSocket, 'front', 1500);
    if (!go(await seen(visit, ['open'], hub))) return undefined;
    await moveDoor(simSocket, '/doors/front/close-leaf');
    await actOf(visit, 'finish', hub);
    const end = await seen(visit, ['ended'], hub);
    return isGone() ? undefined : end;
  } catch (error) {
    if (isGone() && error instanceof Fault) return undefined;
    throw error;
  }
}

/** One act; undefined when the hub is gone. */
async function actOf(
  visit: CourierVisit,
  act: 'arrive' | 'open' | 'finish',
  hub: Mortal,
): Promise<VisitView | undefined> {
  const reply = await heard(visit[act](), hub);
  if (reply?.ok) return reply.value;
  if (reply === undefined || hub.isGone()) return undefined;
  // a visit can be over before the courier has said so
  return act === 'finish' ? visit.view : mustHave(reply);
}

async function seen(visit: CourierVisit, at: readonly VisitView['at'][], hub: Mortal): Promise<VisitView | undefined> {
  const reply = await until(
    () => heard(visit.look(), hub),
    (one) => hub.isGone() || (one?.ok === true && (one.value.at === 'ended' || at.includes(one.value.at))),
    20_000,
  );
  if (reply === undefined || hub.isGone()) return undefined;
  return mustHave(reply);
}

/** The door as it really is. */
export interface DoorTruth {
  readonly leaf: 'closed' | 'opening' | 'open' | 'closing';
  readonly latch: 'home' | string;
  readonly energised: boolean;
  /** How often the strike was energised since the door was hung. */
  readonly strikes: number;
}

export const truthOf = async ({ paths }: Street): Promise<DoorTruth> =>
  (await lookAtDoor(paths.simSocket, '/doors/front')) as unknown as DoorTruth;

/** A person pulls the door shut, if it is not. */
export async function shutDoor(street: Street): Promise<void> {
  await until(
    () => truthOf(street),
    ({ leaf }) => leaf !== 'opening' && leaf !== 'closing',
    2000,
  );
  if ((await truthOf(street)).leaf === 'closed') return;
  await moveDoor(street.paths.simSocket, '/doors/front/close-leaf');
  await until(
    () => truthOf(street),
    ({ leaf }) => leaf === 'closed',
    2000,
  );
}
