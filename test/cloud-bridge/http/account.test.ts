import t, { type Test } from 'tap';
import { challengeForMs } from '../../../cloud-bridge/account/challenge.ts';
import { maxPasskeys } from '../../../cloud-bridge/account/register.ts';
import { newSoftPasskey, type SoftPasskey } from '../../support/soft-passkey.ts';
import { newSignKey } from '../support/keys.ts';
import { Device } from '../support/people.ts';
import { type Answer, ask, makeWorld, type World } from '../support/world.ts';

const config = { pagesOrigins: ['https://app.example', 'http://127.0.0.1:9'] };
const post = (device: Device, path: string, body: unknown): Promise<Answer> =>
  device.ask('POST', `/v1/account${path}`, { body });
const challengeFor = async (device: Device, purpose: string): Promise<string> =>
  (await post(device, '/challenges', { for: purpose })).body.challenge;
const register = async (device: Device, own: SoftPasskey): Promise<Answer> =>
  post(device, '', own.made(await challengeFor(device, 'register')));
const logIn = async (device: Device, own: SoftPasskey, change = {}): Promise<Answer> =>
  post(device, '/log-ins', own.answered(await challengeFor(device, 'log-in'), change));
const add = async (device: Device, own: SoftPasskey): Promise<Answer> =>
  post(device, '/passkeys', own.made(await challengeFor(device, 'add')));
const show = (device: Device): Promise<Answer> => device.ask('GET', '/v1/account');
const newDevice = async (world: World): Promise<Device> => new Device(world, await newSignKey('ES256'));

async function setUp(t: Test) {
  const world = await makeWorld(t, { broker: false, config });
  const phone = await newDevice(world);
  const own = newSoftPasskey();
  return { world, phone, own };
}

const refused = { status: 401, body: { code: 'LOGIN_REFUSED' } };
const out = { status: 401, body: { code: 'SESSION_ENDED' } };

t.test('S099: an account is made of a passkey, and another device logs in with it', async (t) => {
  const { world, phone, own } = await setUp(t);
  const asked = await post(phone, '/challenges', { for: 'register' });
  t.match(asked, { status: 200, body: { challenge: /^[\w-]{43}$/, rp: 'app.example', account: /^[\w-]{22}$/ } });
  const made = await post(phone, '', own.made(asked.body.challenge));
  t.same(made.body, { passkey: own.passkey }, 'what a hub may pin');
  t.equal(made.status, 201);
  const tablet = await newDevice(world);
  t.match(await show(tablet), out);
  const answer = await logIn(tablet, own, { userHandle: asked.body.account });
  t.match(answer, { status: 201, body: { passkey: own.passkey } });
  t.match((await show(tablet)).body, {
    passkeys: [{ id: own.passkey.id, current: true, transports: ['internal'] }],
    sessions: [
      { device: phone.key.kid, current: false },
      { device: tablet.key.kid, current: true, passkey: own.passkey.id },
    ],
  });
});

t.test('T23: whoever is not logged in gets the same answer for everything', async (t) => {
  const { world, phone, own } = await setUp(t);
  await register(phone, own);
  const stranger = await newDevice(world);
  t.match(await show(stranger), out);
  t.match(await post(stranger, '/session-ends', { which: 'all' }), out);
  t.match(await post(stranger, '/session-ends', { which: { device: phone.key.kid } }), out);
  t.match(await post(stranger, '/passkey-ends', { passkey: own.passkey.id }), out);
  t.match(await post(stranger, '/challenges', { for: 'add' }), out);
  const unknown = await logIn(stranger, newSoftPasskey());
  const wrong = await logIn(stranger, {
    ...newSoftPasskey(),
    answered: (...of) => ({ ...newSoftPasskey().answered(...of), id: own.passkey.id }),
  });
  t.match(unknown, refused);
  const { instance: _, ...same } = unknown.body;
  t.match(wrong.body, same, 'an account that is there and one that is not look alike');
  t.equal((await show(phone)).status, 200);

  const others = newSoftPasskey();
  await register(stranger, others);
  const elsewhere = { status: 404, body: { code: 'NOT_FOUND' } };
  t.match(await post(stranger, '/session-ends', { which: { device: phone.key.kid } }), elsewhere);
  t.match(await post(stranger, '/passkey-ends', { passkey: own.passkey.id }), elsewhere);
});

t.test('a challenge is for one device, one purpose, five minutes and one answer', async (t) => {
  const { world, phone, own } = await setUp(t);
  await register(phone, own);
  const tablet = await newDevice(world);
  const stolen = await challengeFor(tablet, 'log-in');
  t.match(await post(phone, '/log-ins', own.answered(stolen)), refused, "another device's");
  t.match(await post(tablet, '/log-ins', own.answered(stolen)), { status: 201 });
  t.match(await post(tablet, '/log-ins', own.answered(stolen)), refused, 'used up');
  const other = await challengeFor(tablet, 'register');
  t.match(await post(tablet, '/log-ins', own.answered(other)), refused, 'asked for something else');
  const wrong = await challengeFor(tablet, 'log-in');
  t.match(await post(tablet, '/log-ins', own.answered(wrong, { flags: 0x01 })), refused, 'nobody showed a finger');
  t.match(await post(tablet, '/log-ins', own.answered(wrong)), refused, 'a wrong answer uses it up');
  const first = await challengeFor(tablet, 'log-in');
  await challengeFor(tablet, 'log-in');
  t.match(await post(tablet, '/log-ins', own.answered(first)), refused, 'a later one is out');
  const old = await challengeFor(tablet, 'log-in');
  world.wind(challengeForMs);
  t.match(await post(tablet, '/log-ins', own.answered(old)), refused, 'too old');
});

t.test('nothing but a passkey of the account, on a page of ours, with user verification, logs in', async (t) => {
  const { phone, own } = await setUp(t);
  const account = (await post(phone, '/challenges', { for: 'register' })).body;
  await post(phone, '', own.made(account.challenge));
  const lies = [
    ...[{ flags: 0x01 }, { flags: 0x04 }, { rp: 'evil.example' }, { origin: 'https://evil.example' }],
    ...[{ origin: 'http://127.0.0.1:9' }, { type: 'webauthn.create' }, { over: 'another challenge' }],
    { userHandle: 'A'.repeat(22) },
  ];
  for (const lie of lies) t.match(await logIn(phone, own, lie), refused, JSON.stringify(lie));
  t.match(await logIn(phone, own, { counter: 5 }), { status: 201 });
  t.match(await logIn(phone, own, { counter: 5 }), refused, 'a copy of the authenticator');
  t.match(await logIn(phone, own, { counter: 6, userHandle: account.account }), { status: 201 });
});

t.test('nothing but a new passkey with user verification makes an account', async (t) => {
  const { world, phone, own } = await setUp(t);
  const lies = [
    ...[{ flags: 0x01 }, { flags: 0x04 }, { rp: 'evil.example' }, { origin: 'https://evil.example' }],
    ...[{ type: 'webauthn.get' }, { over: 'another challenge' }, { fmt: 'packed' }, { fmt: 'tpm' }],
  ];
  for (const lie of lies) {
    const body = own.made(await challengeFor(phone, 'register'), lie);
    t.match(await post(phone, '', body), refused, JSON.stringify(lie));
  }
  const challenge = await challengeFor(phone, 'register');
  const renamed = { ...own.made(challenge), id: newSoftPasskey().passkey.id };
  t.match(await post(phone, '', renamed), refused, 'under the name of another');
  t.match(await show(phone), out);
  await register(phone, own);
  t.match(await register(await newDevice(world), own), refused, 'a passkey makes one account');
});

t.test('T13: what is no credential is refused, and breaks nothing', async (t) => {
  const { phone, own } = await setUp(t);
  const made = own.made('x');
  const bad = [{}, { ...made, id: 'short' }, { ...made, attestationObject: '' }, { ...made, clientDataJSON: '===' }];
  for (const body of bad) t.match(await post(phone, '', body), { status: 400, body: { code: 'BODY_MALFORMED' } });
  const cut = String(made.attestationObject);
  const broken = ['AAAA', cut.slice(0, 40), cut.slice(0, -20), Buffer.from('{}').toString('base64url')];
  for (const attestationObject of broken) {
    const challenge = await challengeFor(phone, 'register');
    const body = { ...own.made(challenge), attestationObject };
    t.match(await post(phone, '', body), refused, attestationObject.slice(0, 20));
  }
  await register(phone, own);
  for (const change of [{ signature: 'AAAA' }, { authenticatorData: 'AAAA' }, { clientDataJSON: 'AAAA' }]) {
    const body = { ...own.answered(await challengeFor(phone, 'log-in')), ...change };
    t.match(await post(phone, '/log-ins', body), refused, JSON.stringify(change));
  }
});

t.test('a session ends when it is told to: this one, another, the others, all', async (t) => {
  const { world, phone, own } = await setUp(t);
  await register(phone, own);
  const [tablet, laptop] = [await newDevice(world), await newDevice(world)];
  for (const device of [tablet, laptop]) t.equal((await logIn(device, own)).status, 201);
  t.match(await post(phone, '/session-ends', { which: { device: tablet.key.kid } }), { body: { ended: 1 } });
  t.match(await show(tablet), out);
  t.match(await post(phone, '/session-ends', { which: { device: tablet.key.kid } }), { status: 404 });
  await logIn(tablet, own);
  t.match(await post(tablet, '/session-ends', { which: 'this' }), { body: { ended: 1 } });
  t.match(await show(tablet), out);
  t.match(await post(phone, '/session-ends', { which: 'others' }), { body: { ended: 1 } });
  t.match(await show(laptop), out);
  t.equal((await show(phone)).status, 200);
  await logIn(tablet, own);
  t.match(await post(phone, '/session-ends', { which: 'all' }), { body: { ended: 2 } });
  for (const device of [phone, tablet]) t.match(await show(device), out);
  t.match(await logIn(phone, own), { status: 201 }, 'and the passkey opens a new one');
});

t.test('further passkeys come and go, never the last one and never the one in use', async (t) => {
  const { world, phone, own } = await setUp(t);
  await register(phone, own);
  t.match(await post(phone, '/passkey-ends', { passkey: own.passkey.id }), {
    status: 403,
    body: { code: 'CREDENTIAL_LAST' },
  });
  const spare = newSoftPasskey();
  t.match(await add(phone, spare), { status: 201, body: { passkey: spare.passkey } });
  t.match(await add(phone, spare), refused, 'the same again');
  t.match(await post(phone, '/passkey-ends', { passkey: own.passkey.id }), { body: { code: 'CREDENTIAL_IN_USE' } });
  const tablet = await newDevice(world);
  await logIn(tablet, spare);
  t.match(await post(tablet, '/passkey-ends', { passkey: own.passkey.id }), { status: 200, body: { ended: 1 } });
  t.match(await show(phone), out, 'what it has logged in is logged out');
  t.match(await logIn(phone, own), refused, 'it is unknown now');
  t.match((await show(tablet)).body, { passkeys: [{ id: spare.passkey.id }], sessions: [{ current: true }] });
  for (let count = 1; count < maxPasskeys; count += 1) t.equal((await add(tablet, newSoftPasskey())).status, 201);
  t.match(await add(tablet, newSoftPasskey()), { status: 403, body: { code: 'ACCOUNT_FULL' } });
});

t.test('logged out while a passkey is being made: it is added nowhere', async (t) => {
  const { phone, own } = await setUp(t);
  await register(phone, own);
  const challenge = await challengeFor(phone, 'add');
  await post(phone, '/session-ends', { which: 'all' });
  t.match(await post(phone, '/passkeys', newSoftPasskey().made(challenge)), out);
  await logIn(phone, own);
  t.equal((await show(phone)).body.passkeys.length, 1);
});

t.test('without a page under a name there are no accounts, and no proof no answer', async (t) => {
  const world = await makeWorld(t, { broker: false, config: { pagesOrigins: ['http://127.0.0.1:9'] } });
  const phone = await newDevice(world);
  t.match(await show(phone), { status: 404, body: { code: 'NOT_FOUND' } });
  const { world: named } = await setUp(t);
  t.match(await ask(named.cloud, 'GET', '/v1/account'), { status: 401, body: { code: 'UNAUTHENTICATED' } });
});

t.test('whoever begins too often has to wait', async (t) => {
  const { phone } = await setUp(t);
  let waited = false;
  for (let count = 0; count < 80 && !waited; count += 1) {
    waited = (await post(phone, '/challenges', { for: 'log-in' })).body.code === 'RATE_LIMITED';
  }
  t.ok(waited);
});
