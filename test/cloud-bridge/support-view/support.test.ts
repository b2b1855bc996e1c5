import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import t from 'tap';
import { newId, thumbprintOf } from '../../../wire/jws.ts';
import { openSealed, sealFor } from '../../../wire/seal.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { openNoticeStage, toldTo } from '../notify/stage.ts';
import { makeHome } from '../support/home.ts';
import { makeCarrier, makeCourier, makeTask } from '../support/people.ts';
import { openStream } from '../support/stream.ts';
import { type Answer, ask, until, type World } from '../support/world.ts';

interface Staff {
  readonly id: string;
  readonly token: string;
  ask(method: string, path: string, body?: object): Promise<Answer>;
}

async function hire(world: World, name: string): Promise<Staff> {
  const operator = { authorization: `Bearer ${world.operatorToken}` };
  const added = await ask(world.cloud, 'POST', '/v1/support-staff', { headers: operator, body: { name } });
  const { staff: id, token } = added.body;
  return {
    ...{ id, token },
    ask: (method, path, body) =>
      ask(world.cloud, method, path, {
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body }),
      }),
  };
}

const addressOf = ({ cloud }: World): string => `http://127.0.0.1:${(cloud.app.server.address() as AddressInfo).port}`;

/** A key pair as the page of support makes one. */
async function newSeal() {
  const { privateKey, publicKey } = await generateKeyPair('ECDH-ES+A256KW', { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { privateKey, jwk: { kty, crv, x, y } as EcJwk };
}

async function openCaseStage(t: Parameters<typeof openNoticeStage>[0]) {
  const stage = await openNoticeStage(t);
  const { world, hub, first } = stage;
  const carrier = await makeCarrier(world, 'Hermes');
  const courier = await makeCourier(world);
  await first.put(await first.signRuleBook([carrier.rule(hub)]));
  const { delivery } = await makeTask(hub, carrier, courier);
  const visit = newId();
  hub.append('visit.prepared', { grant: newId(), delivery, rule: 'r', jkt: courier.key.kid }, visit, hub.door);
  hub.append('visit.arrived', {}, visit, hub.door);
  hub.append('household', { sealed: 'what the household did' });
  hub.append('door.opened', {}, visit, hub.door);
  hub.append('lock.online', {}, undefined, hub.door);
  hub.append('visit.ended', { outcome: 'completed', proof: 'secured', receipt: 'a.b.c' }, visit, hub.door);
  await hub.sync();
  const opened = await first.ask('POST', `${first.home}/cases`, { body: { delivery, reason: 'missing' } });
  return {
    ...stage,
    carrier,
    courier,
    delivery,
    visit,
    opened,
    eva: await hire(world, 'Eva'),
    max: await hire(world, 'Max'),
  };
}

t.test(
  'S078, S087, S028: support sees how a delivery went, nothing of the home, and each look is told and listed',
  async (t) => {
    const stage = await openCaseStage(t);
    const { hub, first, second, delivery, visit, courier, opened, eva } = stage;
    t.match(opened, { status: 201, body: { delivery, reason: 'missing', looks: [], staff: [], pictures: [] } });
    const again = await second.ask('POST', `${second.home}/cases`, { body: { delivery, reason: 'other' } });
    t.equal(again.body.case, opened.body.case, 'one open case for a delivery');
    const browser = await stage.browserOf(second);

    const listed = await eva.ask('GET', '/v1/support/cases');
    t.match(listed.body, { name: 'Eva', cases: [{ case: opened.body.case, reason: 'missing', state: 'delivered' }] });
    t.equal(browser.pushed.length, 0, 'the list names nothing');
    const seen = await eva.ask('GET', `/v1/support/cases/${opened.body.case}`);
    t.match(seen.body, { carrier: 'Hermes', state: 'delivered', outcome: 'completed', proof: 'secured', pictures: [] });
    t.same(seen.body.history.map(({ what }: { what: string }) => what).sort(), [
      'delivery.announced',
      'door.opened',
      'visit.arrived',
      'visit.ended',
      'visit.prepared',
    ]);
    const secrets = [
      hub.id,
      hub.home,
      hub.door,
      delivery,
      visit,
      courier.key.kid,
      first.key.kid,
      'household',
      'a.b.c',
      'order 7',
    ];
    for (const answer of [listed, seen])
      t.notOk(
        secrets.some((secret) => JSON.stringify(answer.body).includes(secret)),
        'nothing of the inside of a home',
      );

    await until('the owner is told', () => browser.pushed.length === 1);
    t.match(toldTo(browser), [{ body: 'Support looked at the case that you opened.', loud: false }]);
    await eva.ask('GET', `/v1/support/cases/${opened.body.case}`);
    const mine = (await first.ask('GET', `${first.home}/cases`)).body.cases;
    t.match(mine, [
      {
        case: opened.body.case,
        looks: [
          { name: 'Eva', what: 'history' },
          { name: 'Eva', what: 'history' },
        ],
      },
    ]);

    t.match(await first.ask('POST', `${first.home}/cases/${opened.body.case}/close`, { body: {}, key: false }), {
      status: 200,
    });
    t.equal((await eva.ask('GET', `/v1/support/cases/${opened.body.case}`)).status, 404, 'a case that is over');
    t.same((await eva.ask('GET', '/v1/support/cases')).body.cases, []);
  },
);

t.test('a picture is seen by whom it was shared with, as long as it was, and by nobody else', async (t) => {
  const stage = await openCaseStage(t);
  const { world, first, opened, eva, max } = stage;
  const [hers, his] = [await newSeal(), await newSeal()];
  const path = `${first.home}/cases/${opened.body.case}/pictures`;
  const share = (staff: string, sealed: string, forMs = 3_600_000) =>
    first.ask('POST', path, { body: { staff, sealed, until: world.now() + forMs } });
  const picture = new Uint8Array(60_000).map((_, at) => at % 251);
  const sealed = await sealFor([hers.jwk], picture);

  t.match(await eva.ask('PUT', '/v1/support/key', { seal: hers.jwk }), {
    body: { check: deviceCheck(thumbprintOf(hers.jwk)) },
  });
  t.equal((await share(eva.id, sealed)).status, 404, 'not before she has looked at the case');
  await eva.ask('GET', `/v1/support/cases/${opened.body.case}`);
  await max.ask('PUT', '/v1/support/key', { seal: his.jwk });
  await max.ask('GET', `/v1/support/cases/${opened.body.case}`);
  const { staff } = (await first.ask('GET', `${first.home}/cases`)).body.cases[0];
  const known = staff.find((one: { staff: string }) => one.staff === eva.id);
  t.match(
    known,
    { name: 'Eva', seal: hers.jwk, check: deviceCheck(thumbprintOf(hers.jwk)) },
    'S028: digits to compare',
  );
  const shared = await share(eva.id, sealed);
  t.equal(shared.status, 201);

  const at = `/v1/support/cases/${opened.body.case}/pictures/${shared.body.picture}`;
  const got = await eva.ask('GET', at);
  t.same(Buffer.from(await openSealed(got.body.sealed, hers.privateKey)), Buffer.from(picture));
  await t.rejects(openSealed(got.body.sealed, his.privateKey), 'the key of nobody else');
  t.equal((await max.ask('GET', at)).status, 404);
  t.same((await max.ask('GET', `/v1/support/cases/${opened.body.case}`)).body.pictures, []);
  const looks = (await first.ask('GET', `${first.home}/cases`)).body.cases[0].looks;
  t.match(
    looks.filter(({ what }: { what: string }) => what === 'picture'),
    [{ name: 'Eva' }],
  );

  world.wind(3_600_001);
  t.equal((await eva.ask('GET', at)).status, 404, 'its time is over');
  const second = await share(eva.id, sealed, 30 * 86_400_000);
  t.ok(second.body.until <= world.now() + 7 * 86_400_000, 'no longer than a week');
  const next = `/v1/support/cases/${opened.body.case}/pictures/${second.body.picture}`;
  t.equal((await eva.ask('GET', next)).status, 200);
  t.equal((await first.ask('POST', `${path}/${second.body.picture}/end`, { body: {}, key: false })).status, 200);
  t.equal((await eva.ask('GET', next)).status, 404, 'taken back');
});

t.test(
  'S078: shared with the carrier of the delivery, for one case, with an end; each of its looks is told',
  async (t) => {
    const stage = await openCaseStage(t);
    const { world, hub, first, second, carrier, delivery, opened, eva } = stage;
    const other = await makeCarrier(world, 'Mercury');
    const [theirs, others] = [await newSeal(), await newSeal()];
    const browser = await stage.browserOf(second);
    const path = `${first.home}/cases/${opened.body.case}/pictures`;
    const sealed = await sealFor([theirs.jwk], new Uint8Array(60_000).fill(7));
    const share = (staff: string, forMs = 3_600_000) =>
      first.ask('POST', path, { body: { staff, sealed, until: world.now() + forMs } });
    const ownCase = async () => (await first.ask('GET', `${first.home}/cases`)).body.cases[0];
    const pictures = `/v1/deliveries/${delivery}/pictures`;
    const listed = async (who = carrier) => (await who.ask('GET', pictures)).body.pictures;

    t.equal((await share(carrier.id)).status, 404, 'not before it has a key');
    const nowhere = { ...theirs.jwk, x: 'A'.repeat(43) };
    t.match(await carrier.ask('PUT', '/v1/carrier/seal-key', { body: { seal: nowhere } }), {
      body: { code: 'BODY_MALFORMED', detail: { where: 'seal' } },
    });
    const check = deviceCheck(thumbprintOf(theirs.jwk));
    t.match((await carrier.ask('PUT', '/v1/carrier/seal-key', { body: { seal: theirs.jwk } })).body, { check });
    await other.ask('PUT', '/v1/carrier/seal-key', { body: { seal: others.jwk } });
    t.match(await ownCase(), { staff: [{ staff: carrier.id, name: 'Hermes', check }], looks: [] });
    t.equal((await share(other.id)).status, 404, 'with no other carrier');
    t.same(await listed(), []);

    const stream = await openStream(`${addressOf(world)}/v1/carrier/events?after=0`, {
      authorization: `Bearer ${await carrier.token()}`,
    });
    const { body } = await share(carrier.id);
    await until('the carrier is told', () => stream.events.some(({ data }) => data.picture === body.picture));
    stream.close();
    t.match(await listed(), [{ picture: body.picture, until: body.until }]);
    t.equal((await other.ask('GET', pictures)).status, 404);
    t.equal((await other.ask('GET', `${pictures}/${body.picture}`)).status, 404);
    await eva.ask('GET', `/v1/support/cases/${opened.body.case}`);
    t.equal((await eva.ask('GET', `/v1/support/cases/${opened.body.case}/pictures/${body.picture}`)).status, 404);
    const got = await carrier.ask('GET', `${pictures}/${body.picture}`);
    t.same(Buffer.from(await openSealed(got.body.sealed, theirs.privateKey)), Buffer.alloc(60_000, 7));
    t.notMatch(JSON.stringify(got.body), new RegExp(`${hub.id}|${hub.home}|${hub.door}`));
    t.match(
      (await ownCase()).looks.find(({ what }: { what: string }) => what === 'picture'),
      { name: 'Hermes' },
    );
    const look = 'The carrier looked at a picture that you share.';
    await until('the owner is told', () => toldTo(browser).some((one) => one.body === look));

    world.wind(3_600_001);
    t.equal((await carrier.ask('GET', `${pictures}/${body.picture}`)).status, 404, 'its time is over');
    t.same(await listed(), []);
    const next = (await share(carrier.id)).body.picture;
    t.equal((await carrier.ask('GET', `${pictures}/${next}`)).status, 200);
    await first.ask('POST', `${first.home}/cases/${opened.body.case}/close`, { body: {}, key: false });
    t.equal((await carrier.ask('GET', `${pictures}/${next}`)).status, 404, 'and so is what the case was open for');
    t.equal((await share(carrier.id)).status, 404);
  },
);

t.test('T23: what support cannot reach, and who cannot reach support', async (t) => {
  const stage = await openCaseStage(t);
  const { world, hub, first, delivery, visit, opened, eva } = stage;
  const home = first.home;
  const others: readonly [string, string, object?][] = [
    ['GET', home],
    ['GET', `${home}/hub`],
    ['GET', `${home}/journal`],
    ['GET', `${home}/deliveries`],
    ['GET', `${home}/grants`],
    ['GET', `${home}/guests`],
    ['GET', `${home}/events`],
    ['GET', `${home}/visits/${visit}`],
    ['GET', `${home}/recordings`],
    ['GET', `${home}/recordings/${newId()}`],
    ['GET', `${home}/recordings/${newId()}/shares`],
    ['GET', `${home}/notifications`],
    ['GET', `${home}/alarms`],
    ['GET', `${home}/cases`],
    ['GET', `${home}/documents`],
    ['POST', `${home}/documents`, { document: 'a.b.c' }],
    ['POST', `${home}/live-tickets`, {}],
    ['POST', `${home}/locks/orders`, { order: 'a.b.c' }],
    ['POST', `${home}/cases`, { delivery, reason: 'other' }],
    ['POST', `${home}/cases/${opened.body.case}/close`, {}],
    ['GET', `/v1/deliveries/${delivery}`],
    ['POST', `/v1/deliveries/${delivery}/task-link`, {}],
    ['POST', `/v1/deliveries/${delivery}/cancel`, {}],
    ['GET', `/v1/visits/${visit}`],
    ['GET', '/v1/carrier/events'],
    ['GET', '/v1/hubs'],
    ['POST', '/v1/homes', {}],
    ['POST', '/v1/carriers', { name: 'x', jwk: first.key.jwk }],
    ['POST', '/v1/support-staff', { name: 'x' }],
    ['GET', '/v1/support-staff'],
    ['GET', `/v1/support/cases/${newId()}`],
    ['GET', `/v1/support/cases/${opened.body.case}/pictures/${newId()}`],
  ];
  for (const [method, path, body] of others) {
    const answer = await eva.ask(method, path, body);
    t.ok(answer.status === 401 || answer.status === 404, `${method} ${path.slice(0, 40)}: ${answer.status}`);
    t.notMatch(JSON.stringify(answer.body), new RegExp(`${hub.id}|${hub.door}`));
  }

  const stranger = await makeHome(t, world);
  const theirs = stranger.owner;
  for (const [method, path, body] of [
    ['POST', `${theirs.home}/cases`, { delivery, reason: 'other' }],
    ['POST', `${theirs.home}/cases/${opened.body.case}/close`, {}],
    [
      'POST',
      `${theirs.home}/cases/${opened.body.case}/pictures`,
      { staff: eva.id, until: world.now() + 1, sealed: 'a'.repeat(200) },
    ],
  ] as const)
    t.equal((await theirs.ask(method, path, { body })).status, 404, `${path} of another home`);
  t.equal((await eva.ask('GET', `/v1/support/cases/${opened.body.case}`)).status, 200, 'the case is as it was');

  const operator = { authorization: `Bearer ${world.operatorToken}` };
  await ask(world.cloud, 'POST', `/v1/support-staff/${eva.id}/end`, { headers: operator, body: {}, key: false });
  t.equal((await eva.ask('GET', '/v1/support/cases')).status, 401, 'who works here no more');
  t.notMatch(world.logged(), new RegExp(eva.token));
});
