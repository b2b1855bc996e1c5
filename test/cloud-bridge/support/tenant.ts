/** One home with everything that belongs to it: people of every kind, and one object of each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onlyPicture } from '../../../cloud-bridge/pages/owner/doors/only-picture.ts';
import { guestToken, proveGuest } from '../../../wire/guest.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { makeHub } from './hub.ts';
import { newEcJwk, newSignKey } from './keys.ts';
import { Courier, makeCarrier, makeCourier, makeOwner, makeTask, Owner } from './people.ts';
import { until, type World } from './world.ts';

const jpeg = readFileSync(join(import.meta.dirname, '../../vectors/photo/chromium.jpg'));
const photo = Buffer.from(onlyPicture(jpeg)!).toString('base64');

export type Tenant = Awaited<ReturnType<typeof makeTenant>>;

export async function makeTenant(world: World) {
  const hub = await makeHub(world);
  const owner = await makeOwner(world, hub);
  const carrier = await makeCarrier(world);
  const courier = await makeCourier(world);
  const guest = await invite(owner);
  const party = { kind: 'guest', id: guest.id, jkt: guest.key.kid } as const;
  const rule = carrier.rule(hub, { visits: 50 });
  const guestRule = { ...rule, id: `rule-${newId()}`, party };
  await owner.put(await owner.signRuleBook([rule, guestRule]));
  const { delivery, token, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const grant = (await courier.ask('GET', `${task}/grant`)).body.grant as string;
  const view = (await courier.ask('POST', `${task}/prepare`, { body: {}, key: false })).body;
  await guest.ask('POST', `/v1/guests/${guest.token}/visits`, { body: { rule: guestRule.id }, key: false });
  await owner.ask('PUT', `${owner.home}/doors/${hub.door}/hint`, { body: { place: '1B', photo } });
  const opened = await owner.ask('POST', `${owner.home}/cases`, { body: { delivery, reason: 'missing' } });
  const hook = { url: 'https://hermes.example/hook', types: ['none.such'] };
  const webhook = (await carrier.ask('POST', '/v1/webhooks', { body: hook })).body.webhook as string;
  const objects = { delivery, token, task, assignment, grant, view, case: opened.body.case as string, webhook };
  return { hub, owner, carrier, courier, guest, guestRule: guestRule.id, ...objects };
}

/** A guest whose phone is bound to the link. */
class Guest extends Courier {
  readonly id: string;
  readonly token: string;
  constructor(world: World, key: Courier['key'], id: string, token: string) {
    super(world, key);
    this.id = id;
    this.token = token;
  }
}

async function invite(owner: Owner): Promise<Guest> {
  const secret = hashOf(newId());
  const token = await guestToken(secret);
  const { body } = await owner.ask('POST', `${owner.home}/guests`, { body: { token } });
  const guest = new Guest(owner.world, await newSignKey('ES256'), body.guest, token);
  const claim = { proof: await proveGuest(secret, guest.key.kid) };
  await guest.ask('POST', `/v1/guests/${token}/claim`, { body: claim, key: false });
  return guest;
}

/** A device that belonged to the home, and does no more. */
export async function makeRemoved({ hub, owner }: Pick<Tenant, 'hub' | 'owner'>): Promise<Owner> {
  const removed = new Owner(owner.world, await newSignKey('ES256'), await newEcJwk(), hub);
  const has = async () => (await removed.ask('GET', owner.home)).status === 200;
  await hub.signOwnerList([owner.device, removed.device]);
  await hub.hello();
  await until('the device belongs to the home', has);
  await hub.signOwnerList([owner.device]);
  await hub.hello();
  await until('it does no more', async () => !(await has()));
  return removed;
}
