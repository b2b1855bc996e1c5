import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { makeHome } from '../support/home.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';
import { makeCarrier, Owner } from '../support/people.ts';
import { ask, makeWorld, until } from '../support/world.ts';

const world = await makeWorld(t, { config: { pagesOrigins: ['http://pages.test'], homeZone: 'Europe/Berlin' } });
const { hub, owner } = await makeHome(t, world);
const mara = new Owner(world, await newSignKey('ES256'), await newEcJwk(), hub);
await hub.signOwnerList([owner.device, mara.device]);
await hub.hello();
await until('both devices are known', async () => (await mara.ask('GET', mara.home)).status === 200);
const carrier = await makeCarrier(world);
await owner.put(await owner.signRuleBook([carrier.rule(hub)]));

const wishes = (more: object = {}) => ({
  order: ['in-person', 'neighbour', 'tomorrow'],
  zone: 'Europe/Berlin',
  ...more,
});
/** The owner's wishes, as they will be set in the app. */
async function wish(more: object = {}): Promise<void> {
  const store = await openSqliteStore(join(world.dataDir, 'cloud.sqlite'));
  const text = JSON.stringify({ codeFrom: { amount: 0, currency: 'EUR' }, ...wishes(more) });
  await store.write(({ wishBooks }) => wishBooks.put({ home: hub.home, text, version: 1, by: owner.key.kid, at: 1 }));
  await store.close();
}

const announce = async (parcel: object = {}): Promise<string> => {
  const fromS = Math.floor(world.now() / 1000);
  const body = {
    ...{ door: hub.door, from: fromS, until: fromS + 3600, parcels: 1, reference: 'order 7' },
    ...{ can: ['inside', 'in-person', 'neighbour', 'tomorrow'], parcel },
  };
  const { status, body: said } = await carrier.ask('POST', '/v1/deliveries', { body });
  if (status !== 201) throw new TypeError(JSON.stringify(said));
  return said.delivery;
};
const codesOf = (who: Owner, delivery: string) => who.ask('GET', `${who.home}/deliveries/${delivery}/codes`);
const name = (holders: object[], more: object = {}) =>
  owner.ask('POST', `${owner.home}/holders`, { body: { holders, ...more } });
const tokenOf = (link: string): string => /#(.+)@/.exec(link)![1]!;
const page = (link: string) => ask(world.cloud, 'GET', `/v1/holder-codes/${tokenOf(link)}`);

t.test('S017 S019 S042: every device of the household sees the code after login, and may look again', async (t) => {
  await wish();
  const delivery = await announce({ goods: 'A lamp', sender: 'Lumen' });
  const { status, body, headers } = await codesOf(owner, delivery);
  t.equal(status, 200);
  t.match(body, { door: 'nobody', asked: true, shown: 'now', triesLeft: 3, goods: 'A lamp', sender: 'Lumen' });
  t.equal(headers['cache-control'], 'no-store');
  t.match(body.codes, [{ kind: 'account', name: '', place: 'in-person', digits: /^\d{6}$/ }]);
  t.same((await codesOf(mara, delivery)).body, body, 'nobody has to pass a number on');
  t.same((await codesOf(owner, delivery)).body, body, 'what was shown is not lost');
  t.notOk(world.logged().includes(body.codes[0].digits), 'in no log');
});

t.test(
  'S041 S043 S044: several neighbours at once, each with a code of their own, each taken back for itself',
  async (t) => {
    const named = await name([
      { kind: 'neighbour', name: 'Mueller', flat: 'ground floor', note: 'left bell', sender: 'Weber' },
      { kind: 'neighbour', name: 'Ada', contact: 'ada@example.org', language: 'it' },
    ]);
    t.equal(named.status, 201);
    const [mueller, ada] = named.body.holders as [string, string];
    await wish({ neighbours: [mueller, ada] });
    const delivery = await announce();
    const listed = (await owner.ask('GET', `${owner.home}/holders`)).body.holders as { holder: string; link: string }[];
    const viewOf = (holder: string) => listed.find((one) => one.holder === holder)!;
    t.match(viewOf(mueller), { kind: 'neighbour', flat: 'ground floor', note: 'left bell', group: String });
    t.match(viewOf(ada), { contact: 'a…@example.org', group: (viewOf(mueller) as unknown as { group: string }).group });
    const { codes } = (await codesOf(owner, delivery)).body;
    t.equal(codes.length, 3);
    for (const one of codes.slice(1))
      t.match(one, { place: 'neighbour', digits: undefined, link: /^http:\/\/pages\.test\/receive\/#/ });

    const [hers, his] = [await page(viewOf(ada).link), await page(viewOf(mueller).link)];
    t.match(hers.body, { name: 'Ada', language: 'it', stops: [{ delivery, door: 'nobody', digits: /^\d{6}$/ }] });
    t.match(his.body, { name: 'Mueller', sender: 'Weber', stops: [{ delivery, digits: /^\d{6}$/ }] });
    t.not(hers.body.stops[0].digits, his.body.stops[0].digits);
    t.notOk(JSON.stringify(his.body).includes('lamp'), 'a neighbour does not learn what is in it');

    const removed = await owner.ask('DELETE', `${owner.home}/holders/${ada}`);
    t.equal(removed.status, 200);
    t.equal((await page(viewOf(ada).link)).body.code, 'HOLDER_REVOKED', 'at once');
    t.equal((await page(viewOf(mueller).link)).status, 200, 'the other one of the group stays');
    t.match((await codesOf(owner, delivery)).body.codes, [{ kind: 'account' }, { holder: mueller }]);
    t.equal(
      (await owner.ask('DELETE', `${owner.home}/holders/${ada}`)).body.revoked,
      removed.body.revoked,
      'twice is once',
    );
    const stored = readFileSync(`${world.dataDir}/cloud.sqlite`);
    for (const { link } of listed)
      if (link) t.notOk(stored.includes(tokenOf(link).split('.')[1]!), 'no link is stored');
  },
);

t.test('S041 S046: a neighbour who is named for one parcel is in its plan, and in no other', async (t) => {
  await wish({ order: ['in-person', 'tomorrow'] });
  const [one, other] = [await announce(), await announce()];
  const { body } = await name([{ kind: 'neighbour', name: 'Ada' }], { delivery: one });
  const planOf = async (delivery: string) =>
    (await carrier.ask('GET', `/v1/deliveries/${delivery}`)).body.plan.map((one: { place: string }) => one.place);
  t.same(await planOf(one), ['in-person', 'neighbour', 'tomorrow']);
  t.same(await planOf(other), ['in-person', 'tomorrow']);
  t.match((await codesOf(owner, one)).body.codes, [
    { kind: 'account' },
    { holder: body.holders[0], place: 'neighbour' },
  ]);
  await owner.ask('DELETE', `${owner.home}/holders/${body.holders[0]}`);
  t.same(await planOf(one), ['in-person', 'tomorrow'], 'taken back, the plan is as it was');
});

t.test('S036: one parcel is given on to somebody else; the next one is not', async (t) => {
  await wish();
  const [given, kept] = [await announce(), await announce()];
  t.equal((await name([{ kind: 'gift', name: 'Ben' }])).body.code, 'HOLDER_UNFIT', 'a gift is one parcel');
  const { body } = await name([{ kind: 'gift', name: 'Ben' }], { delivery: given });
  const ofGift = (await codesOf(owner, given)).body.codes;
  t.match(ofGift[1], { holder: body.holders[0], kind: 'gift', place: 'in-person' });
  t.equal((await codesOf(owner, kept)).body.codes.length, 1);
  const { stops } = (await page(ofGift[1].link)).body;
  t.same(
    stops.map((stop: { delivery: string }) => stop.delivery),
    [given],
  );
});

t.test('S039: a reception receives for everybody at the address, with one role', async (t) => {
  const { body } = await name([{ kind: 'reception', name: 'Front desk' }]);
  const holder = body.holders[0];
  for (const delivery of [await announce(), await announce()]) {
    t.ok((await codesOf(owner, delivery)).body.codes.some((one: { holder: string }) => one.holder === holder));
  }
  await owner.ask('DELETE', `${owner.home}/holders/${holder}`);
});

t.test('S021 S026: shown on arrival only, where the owner wants it so', async (t) => {
  await wish({ showCode: 'on-arrival' });
  const delivery = await announce();
  const { body } = await codesOf(owner, delivery);
  t.match(body, { shown: 'on-arrival', door: 'nobody' });
  t.equal(body.codes[0].digits, undefined);
});

t.test('S032: where no code is asked none is shown', async (t) => {
  await wish({ codeFrom: { amount: 80_000, currency: 'EUR' } });
  const cheap = await announce({ value: { amount: 2_000, currency: 'EUR' } });
  t.match((await codesOf(owner, cheap)).body, { asked: false, codes: [] });
  const dear = await announce({ value: { amount: 300_000, currency: 'EUR' } });
  t.match((await codesOf(owner, dear)).body, { asked: true, codes: [{ digits: /^\d{6}$/ }] });
});

t.test('what does not fit is refused by name, and nothing is guessed', async (t) => {
  await wish();
  const delivery = await announce();
  const other = await makeHome(t, world);
  t.equal((await name([{ kind: 'household', name: 'X', device: hashOf('none') }])).body.code, 'HOLDER_UNFIT');
  t.equal((await name([{ kind: 'neighbour', name: 'X', device: mara.key.kid }])).body.code, 'HOLDER_UNFIT');
  t.equal((await name([{ kind: 'household', name: 'X', until: 1 }])).body.code, 'HOLDER_UNFIT');
  t.equal((await name([{ kind: 'household', name: 'Mara\nX' }])).body.code, 'BODY_MALFORMED');
  t.equal((await name([{ kind: 'household', name: 'Mara', device: mara.key.kid }])).status, 201);
  t.equal((await name([{ kind: 'household', name: 'X' }], { delivery: newId() })).body.code, 'NOT_FOUND');
  t.equal((await codesOf(other.owner, delivery)).status, 404, 'codes of another home');
  const account = (await owner.ask('GET', `${owner.home}/holders`)).body.holders[0];
  t.match(account, { kind: 'account', link: undefined });
  t.equal((await owner.ask('DELETE', `${owner.home}/holders/${account.holder}`)).body.code, 'HOLDER_UNFIT');
  const many = (): Promise<unknown> => name(Array.from({ length: 24 }, () => ({ kind: 'household', name: 'X' })));
  for (let at = 0; at < 4; at += 1) await many();
  t.equal(((await many()) as { body: { code: string } }).body.code, 'HOLDERS_FULL');
  const forged = `${account.holder}.${'A'.repeat(22)}`;
  t.equal((await ask(world.cloud, 'GET', `/v1/holder-codes/${forged}`)).status, 404, 'a link that is made up');
});
