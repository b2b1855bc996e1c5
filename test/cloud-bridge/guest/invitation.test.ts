import t from 'tap';
import { guestToken, inviteGuestForS, proveGuest } from '../../../wire/guest.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import type { Recurrence } from '../../../wire/recurrence.ts';
import { clockSkewSeconds, type Rule } from '../../../wire/rule-book.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { makeHome } from '../support/home.ts';
import { type Courier, makeCourier, type Owner } from '../support/people.ts';
import { ask, until } from '../support/world.ts';

const nowS = (): number => Math.floor(Date.now() / 1000);

async function invite(owner: Owner) {
  const secret = hashOf(newId());
  const token = await guestToken(secret);
  const { body } = await owner.ask('POST', `${owner.home}/guests`, { body: { token } });
  const path = `/v1/guests/${token}`;
  const claim = async (phone: Courier) =>
    phone.ask('POST', `${path}/claim`, { body: { proof: await proveGuest(secret, phone.key.kid) }, key: false });
  return { secret, token, path, claim, guest: body.guest as string };
}

const listed = async (owner: Owner) => (await owner.ask('GET', `${owner.home}/guests`)).body.guests;

t.test('a link is good for one device and for a week; previews change nothing and say nothing', async (t) => {
  const home = await makeHome(t);
  const { world, owner, hub } = home;
  const { path, claim, guest, secret, token } = await invite(owner);
  for (let times = 0; times < 3; times += 1) {
    const seen = await ask(world.cloud, 'GET', path);
    t.same(seen.body, { state: 'open' });
  }
  t.match(await listed(owner), [{ guest, state: 'open' }]);
  const phone = await makeCourier(world);
  t.equal((await phone.ask('GET', `${path}/doors`)).body.code, 'TASK_NOT_CLAIMED');
  const claimed = await claim(phone);
  t.same(claimed.body, { state: 'claimed', check: deviceCheck(phone.key.kid) });
  t.same((await claim(phone)).body, claimed.body, 'the same device again');
  const proof = await proveGuest(secret, phone.key.kid);
  const check = deviceCheck(phone.key.kid);
  t.match(await listed(owner), [{ guest, state: 'claimed', device: { jkt: phone.key.kid, check, proof } }]);
  t.notOk(world.logged().includes(secret) || world.logged().includes(token), 'no log has the way in');
  t.equal((await owner.ask('POST', `${owner.home}/guests`, { body: { token } })).body.code, 'BODY_MALFORMED');

  const late = await invite(owner);
  world.wind(inviteGuestForS * 1000);
  t.equal((await ask(world.cloud, 'GET', late.path)).body.code, 'INVITATION_DEAD');
  t.equal((await late.claim(phone)).body.code, 'INVITATION_DEAD');
  const [expired, old] = await listed(owner);
  t.match([expired.state, old.state], ['expired', 'claimed'], 'opened in time, it waits for the owner');
  t.ok(hub.requests.every(({ body }) => !JSON.stringify(body).includes(secret)));
});

t.test(
  'T44: a second device before the owner has accepted kills the link for both, whatever the owner signs then',
  async (t) => {
    const { world, owner, hub } = await makeHome(t);
    const { path, claim, guest } = await invite(owner);
    const [first, second] = [await makeCourier(world), await makeCourier(world)];
    await claim(first);
    t.equal((await second.ask('GET', `${path}/doors`)).body.code, 'TASK_OTHER_DEVICE', 'asking alone kills nothing');
    t.equal((await claim(second)).body.code, 'INVITATION_DEAD');
    const party = { kind: 'guest', id: guest, jkt: first.key.kid } as const;
    await owner.put(await owner.signRuleBook([ruleFor(hub.door, { party })]));
    for (const phone of [first, second])
      t.equal((await phone.ask('GET', `${path}/doors`)).body.code, 'INVITATION_DEAD');
    t.match(await listed(owner), [{ state: 'dead' }]);
  },
);

const ruleFor = (door: string, fields: Partial<Rule> & Pick<Rule, 'party'>): Rule => ({
  ...{ id: `rule-${newId()}`, door, from: nowS() - 3_600, until: nowS() + 30 * 86_400, visits: 10, entries: 1 },
  ...{ camera: 'off', consent: 'auto' },
  ...fields,
});

t.test('T06, T39: by when an end is certain follows from the rule books that the hub may hold', async (t) => {
  const { world, owner, hub } = await makeHome(t);
  const phone = await makeCourier(world);
  const one = await invite(owner);
  await one.claim(phone);
  const party = { kind: 'guest', id: one.guest, jkt: phone.key.kid } as const;
  const lease = nowS() + 3 * 86_400;
  await owner.put(await owner.signRuleBook([ruleFor(hub.door, { party })], { exp: lease }));
  t.match(await listed(owner), [{ state: 'accepted' }]);
  await hub.tear();
  await until('away', async () => (await owner.ask('GET', owner.home)).body.online === false);
  const soon = nowS() + 3_600;
  await owner.put(await owner.signRuleBook([ruleFor(hub.door, { party, until: soon })], { exp: lease }));
  const revoked = await owner.put(await owner.signRevocation({ kind: 'guest', id: one.guest }));
  const certainBy = lease + clockSkewSeconds;
  t.match(revoked, { status: 202, body: { pending: true, certainBy } }, 'the older book may be the one that it holds');
  t.match(await listed(owner), [{ state: 'ended', ending: { confirmed: false, certainBy } }]);
  t.equal((await phone.ask('GET', `${one.path}/doors`)).body.code, 'GUEST_REVOKED');

  const rule = ruleFor(hub.door, { party: { ...party, id: 'guest-weekly' }, recurs: weeklyIn(5) });
  await owner.put(await owner.signRuleBook([rule], { exp: lease }));
  const before = nowS();
  const other = await owner.put(await owner.signRevocation({ kind: 'guest', id: 'guest-weekly' }));
  t.ok(other.body.certainBy - before <= 5, 'who could not come again within the lease is out at once');

  await hub.connect();
  await hub.hello();
  await until('the hub has said so', async () => (await listed(owner))[0].ending.confirmed);
});

t.test('the same wish is the same grant, until it could open nothing any more', async (t) => {
  const { world, owner, hub } = await makeHome(t);
  const phone = await makeCourier(world);
  const { path, claim, guest } = await invite(owner);
  await claim(phone);
  const party = { kind: 'guest', id: guest, jkt: phone.key.kid } as const;
  const rule = ruleFor(hub.door, { party });
  const sign = async (change: Partial<Rule>) => owner.put(await owner.signRuleBook([{ ...rule, ...change }]));
  const grant = async () => {
    const asked = await phone.ask('POST', `${path}/visits`, { body: { rule: rule.id }, key: false });
    t.equal(asked.status, 200);
    const { body } = await phone.ask('GET', `${path}/grant`);
    return body.grant ?? body.code;
  };
  await sign({});
  const first = await grant();
  t.match(first, /^ey/);
  t.equal(await grant(), first);
  t.equal((await owner.put(await owner.signRevocation({ kind: 'epoch', epoch: 1 }))).status, 200);
  const second = await grant();
  t.not(second, first, 'everything of before was ended');
  await sign({ until: nowS() + 600 });
  const third = await grant();
  t.not(third, second, 'the window is shorter now');
  await sign({ until: nowS() + 600, consent: 'ask' });
  t.equal(await grant(), 'TASK_NOT_READY', 'now the owner is asked');
  t.equal((await owner.ask('GET', `${owner.home}/grants?waiting=true`)).body.grants.length, 1);
  await sign({});
  t.match(await grant(), /^ey/, 'and now not any more');
});

/** A quarter of an hour, that many days from now and a week before. */
function weeklyIn(days: number): Recurrence {
  const start = new Date(Date.now() + (days - 7) * 86_400_000).toISOString().slice(0, 16);
  return { zone: 'UTC', start, seconds: 900, freq: 'weekly' };
}
