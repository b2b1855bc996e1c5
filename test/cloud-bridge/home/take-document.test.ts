import t from 'tap';
import { proveHandover } from '../../../wire/handover.ts';
import { newId, signDocument } from '../../../wire/jws.ts';
import type { RequestBody } from '../../../wire/messages.ts';
import { clearanceForm, clockResetForm, ownerChangeForm } from '../../../wire/owner.ts';
import { makeHome } from '../support/home.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';
import { makeCarrier, makeCourier, makeOwner, makeTask, Owner } from '../support/people.ts';
import { ask, type makeWorld, until } from '../support/world.ts';

const nowS = (): number => Math.floor(Date.now() / 1000);

async function setUp(t: Parameters<typeof makeWorld>[0]) {
  const { world, hub, owner } = await makeHome(t);
  const put = (): string[] => hub.requests.flatMap(({ body }) => (body.op === 'document.put' ? [body.document] : []));
  return { world, hub, owner, put };
}

t.test('every kind of document of an owner reaches the hub at once', async (t) => {
  const { hub, owner, put } = await setUp(t);
  const base = { aud: hub.id, iat: nowS() };
  const add = { sign: await newEcJwk(), seal: await newEcJwk() };
  const documents: Record<string, string> = {
    'rulebook+jwt': await owner.signRuleBook([]),
    'revocation+jwt': await owner.signRevocation({ kind: 'visit', id: newId() }),
    'clearance+jwt': await signDocument(clearanceForm, { ...base, jti: newId(), door: hub.door, alarm: 7 }, owner.key),
    'clockreset+jwt': await signDocument(clockResetForm, { ...base, nonce: newId(), mark: nowS() }, owner.key),
    'ownerchange+jwt': await signDocument(ownerChangeForm, { ...base, jti: newId(), version: 1, add }, owner.key),
  };
  for (const [typ, document] of Object.entries(documents)) {
    t.match(await owner.put(document), { status: 200, body: { accepted: typ, pending: false } }, typ);
    t.equal(put().at(-1), document);
  }
});

t.test('documents that are not genuine or not for this hub do not reach it', async (t) => {
  const { world, hub, owner, put } = await setUp(t);
  const stranger = new Owner(world, await newSignKey('ES256'), await newEcJwk(), hub);
  const good = await owner.signRuleBook([]);
  const [head, , signature] = good.split('.');
  const [, otherBody] = (await owner.signRuleBook([])).split('.');
  const cases: readonly [string, string, string][] = [
    ['a stranger', await stranger.signRuleBook([]), 'RULE_BOOK_KEY_UNKNOWN'],
    ['another body', `${head}.${otherBody}.${signature}`, 'RULE_BOOK_NOT_GENUINE'],
    ['another hub', await owner.signRuleBook([], { aud: `hub-${'a'.repeat(20)}` }), 'RULE_BOOK_WRONG_HUB'],
    ['too long a lease', await owner.signRuleBook([], { exp: nowS() + 8 * 86_400 }), 'RULE_BOOK_LEASE_TOO_LONG'],
    ['from the future', await owner.signRuleBook([], { iat: nowS() + 3_600 }), 'RULE_BOOK_EARLY'],
    [
      'an unknown claim',
      `${head}.${Buffer.from('{"admin":true}').toString('base64url')}.${signature}`,
      'RULE_BOOK_MALFORMED',
    ],
    [
      'another type',
      good.replace(/^[^.]+/, Buffer.from('{"typ":"x+jwt","kid":"k"}').toString('base64url')),
      'DOCUMENT_TYPE_UNKNOWN',
    ],
    [
      'a type of an object',
      good.replace(/^[^.]+/, Buffer.from('{"typ":"toString","kid":"k"}').toString('base64url')),
      'DOCUMENT_TYPE_UNKNOWN',
    ],
    ['no document', 'something else entirely', 'DOCUMENT_MALFORMED'],
    ['an approval of nothing', await owner.signApproval('no grant'), 'APPROVAL_OTHER_GRANT'],
    ['a revocation by a stranger', await stranger.signRevocation({ kind: 'rule', id: 'r' }), 'REVOCATION_KEY_UNKNOWN'],
    ['an epoch too far', await owner.signRevocation({ kind: 'epoch', epoch: 99 }), 'REVOCATION_EPOCH_JUMP'],
  ];
  for (const [what, document, code] of cases) t.equal((await owner.put(document)).body.code, code, what);
  t.same(put(), []);
});

t.test('an older rule book is refused, the same one again is not', async (t) => {
  const { owner, put } = await setUp(t);
  const first = await owner.signRuleBook([]);
  const second = await owner.signRuleBook([]);
  await owner.put(second);
  t.match(await owner.put(first), { status: 403, body: { code: 'RULE_BOOK_OLD', detail: { has: 2, got: 1 } } });
  t.match(await owner.put(second), { status: 200, body: { pending: false } });
  t.equal(put().length, 1, 'the hub has it already');
});

t.test("the hub's own refusal comes back with its code, and its rule book counts no more", async (t) => {
  const { hub, owner } = await setUp(t);
  hub.handler = async (body: RequestBody) =>
    body.op === 'document.put' ? { ok: false, code: 'RULE_BOOK_EARLY' } : hub.decide(body);
  const refused = await owner.signRuleBook([]);
  t.match(await owner.put(refused), { status: 403, body: { code: 'RULE_BOOK_EARLY' } });
  hub.handler = undefined;
  t.same((await hub.hello()).documents, [], 'a document that the hub has refused is not sent again');
});

t.test('a hub that has the same version already has taken it', async (t) => {
  const { hub, owner } = await setUp(t);
  hub.handler = async (body: RequestBody) =>
    body.op === 'document.put' ? { ok: false, code: 'RULE_BOOK_OLD', detail: { has: 1, got: 1 } } : hub.decide(body);
  await owner.put(await owner.signRuleBook([]));
  hub.ruleBookVersion = -1;
  t.equal((await hub.hello()).documents.length, 1, 'it is the newest still');
});

t.test('what cannot wait is refused while the hub is away, the rest is pending', async (t) => {
  const { hub, owner } = await setUp(t);
  await hub.tear();
  await until('away', async () => (await owner.ask('GET', owner.home)).body.online === false);
  const base = { aud: hub.id, iat: nowS() };
  const pending = [await owner.signRuleBook([]), await owner.signRevocation({ kind: 'guest', id: 'anna' })];
  for (const document of pending) t.match(await owner.put(document), { status: 202, body: { pending: true } });
  const urgent = [
    await owner.signRevocation({ kind: 'visit', id: newId() }),
    await signDocument(clearanceForm, { ...base, jti: newId(), door: hub.door, alarm: 7 }, owner.key),
    await signDocument(clockResetForm, { ...base, nonce: newId(), mark: nowS() }, owner.key),
  ];
  for (const document of urgent) t.match(await owner.put(document), { status: 503, body: { code: 'HUB_OFFLINE' } });
});

t.test('an owner device that is added may sign, one that is removed may not', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const second = new Owner(world, await newSignKey('ES256'), await newEcJwk(), hub);
  const base = { aud: hub.id, jti: newId(), iat: nowS() };
  const old = await signDocument(ownerChangeForm, { ...base, version: 0, add: second.device }, owner.key);
  t.equal((await owner.put(old)).body.code, 'OWNER_CHANGE_OLD');
  hub.handler = async (body: RequestBody) => {
    if (body.op !== 'document.put') return hub.decide(body);
    return { ok: true, value: { ownerList: await hub.signOwnerList([second.device]) } };
  };
  const change = { ...base, version: 1, add: second.device, remove: owner.key.kid };
  t.equal((await owner.put(await signDocument(ownerChangeForm, change, owner.key))).status, 200);
  t.equal((await second.ask('GET', owner.home)).status, 200);
  t.equal((await owner.ask('GET', owner.home)).status, 404);
});

t.test('a list that another key has signed changes nothing', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const thief = new Owner(world, await newSignKey('ES256'), await newEcJwk(), hub);
  const own = hub.ownerList;
  hub.ownerVersion = 5;
  const { ownerListForm } = await import('../../../wire/owner.ts');
  const claims = { iss: hub.id, version: 5, iat: nowS(), devices: [thief.device] };
  hub.ownerList = await signDocument(ownerListForm, claims, await newSignKey('Ed25519'));
  hub.requests.length = 0;
  await hub.hello();
  await until('the cloud has asked for it', () => hub.requests.some(({ body }) => body.op === 'hub.status'));
  t.equal((await thief.ask('GET', owner.home)).status, 404);
  t.equal((await owner.ask('GET', owner.home)).body.ownerList, own);
});

t.test('after a new hand-over the rules of earlier owners count no more', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const carrier = await makeCarrier(world);
  owner.version = 6;
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  t.equal((await carrier.announce(hub)).status, 201);
  const next = await makeOwner(world, hub);
  t.equal((await owner.ask('GET', owner.home)).status, 404, 'the earlier owner is out');
  t.equal((await carrier.announce(hub)).body.code, 'DELIVERY_NOT_ALLOWED');
  t.equal((await next.put(await next.signRuleBook([carrier.rule(hub)]))).status, 200, 'version 1 of the new owner');
  t.equal((await carrier.announce(hub)).status, 201);
});

t.test('a hand-over with a wrong proof is refused by the hub, and its code comes back', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const stranger = new Owner(world, await newSignKey('ES256'), await newEcJwk(), hub);
  const proof = await proveHandover('phone', { ...hub.code, secret: newId() }, stranger.device);
  const body = { hub: hub.id, device: stranger.device, proof };
  const claim = (claimed: object) => ask(world.cloud, 'POST', '/v1/handover', { body: claimed, key: false });
  t.match(await claim(body), { status: 401, body: { code: 'HANDOVER_NOT_GENUINE' } });
  t.equal((await claim({ ...body, hub: `hub-${'a'.repeat(20)}` })).status, 404);
  t.equal((await owner.ask('GET', owner.home)).status, 200);
});

t.test('a rule that the owner has revoked takes no deliveries', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const carrier = await makeCarrier(world);
  const rule = carrier.rule(hub);
  await owner.put(await owner.signRuleBook([rule]));
  t.equal((await carrier.announce(hub)).status, 201);
  await owner.put(await owner.signRevocation({ kind: 'rule', id: rule.id }));
  t.equal((await carrier.announce(hub)).body.code, 'DELIVERY_NOT_ALLOWED');
});

t.test('a grant that the owner has ended is gone, and the carrier is told', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const [carrier, courier] = [await makeCarrier(world), await makeCourier(world)];
  await owner.put(await owner.signRuleBook([carrier.rule(hub, { consent: 'ask' })]));
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const [waiting] = (await owner.ask('GET', `${owner.home}/grants?waiting=true`)).body.grants;
  const { peek } = await import('../../../wire/jws.ts');
  const { grantForm } = await import('../../../wire/grant.ts');
  const read = peek(grantForm, waiting.grant);
  await owner.put(await owner.signRevocation({ kind: 'grant', id: read.ok ? read.value.claims.jti : '' }));
  t.match((await carrier.ask('GET', `/v1/deliveries/${delivery}`)).body, {
    state: 'cancelled',
    outcome: 'ended-by-owner',
  });
  t.equal((await courier.ask('GET', `${task}/grant`)).body.code, 'DELIVERY_ENDED', 'no word of a second device');
  t.equal((await owner.put(await owner.signApproval(waiting.grant))).body.code, 'GRANT_REVOKED');
});
