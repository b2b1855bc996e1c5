import t from 'tap';
import { systemClock } from '../../../../device/clock/clock.ts';
import { gatt } from '../../../../device/lock/nuki/advert.ts';
import { credentialStore } from '../../../../device/lock/nuki/credentials.ts';
import { encodeMessage } from '../../../../device/lock/nuki/frame.ts';
import { type PairingOptions, pairNuki } from '../../../../device/lock/nuki/pairing.ts';
import { provePairing } from '../../../../device/lock/nuki/prove.ts';
import { seal, unseal } from '../../../../device/lock/nuki/secure.ts';
import { Fault } from '../../../../wire/faults.ts';
import { ScriptedLink } from './scripted-link.ts';
import { bytes, hex, toHex, value } from './vectors.ts';

function memorySecrets() {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    get: async (name: string) => kept.get(name),
    put: async (name: string, secret: Uint8Array) => void kept.set(name, secret),
    remove: async (name: string) => void kept.delete(name),
  };
}

/** The conversation of example A, up to `steps` answers; what the hub draws at random is what the vendor drew. */
function makePairing(given: Partial<PairingOptions> = {}, steps = 99) {
  const link = new ScriptedLink();
  const secrets = memorySecrets();
  const answers = ['msgSlPk', 'msgChal1', 'msgChal2', 'msgAuthId', 'msgStatusComplete'].slice(0, steps);
  let at = 0;
  link.answer = (_, uuid) => {
    const name = answers[at];
    at += 1;
    if (name === undefined) link.drop();
    else link.indicate(uuid, bytes('A', name));
  };
  const drawn = [bytes('A', 'clPriv'), bytes('A', 'nonceABF')];
  const store = credentialStore(secrets, 'AA:BB:CC:DD:EE:FF');
  const options: PairingOptions = {
    ...{ link, store, variant: 'older', clock: systemClock, appId: Number(value('A', 'appId')), as: 'app' },
    ...{
      name: String(value('A', 'name')),
      replyMs: 500,
      randomBytes: (count) => drawn.shift() ?? new Uint8Array(count).fill(3),
    },
    ...given,
  };
  return { link, secrets, store, options };
}

t.test('an older lock is paired with the very bytes of the vendor', async (t) => {
  const { link, secrets, store, options } = makePairing();
  await pairNuki(options);
  const names = ['msgReqPk', 'msgClPk', 'msgAuthenticator', 'msgAuthData', 'msgAuthIdConfirm'];
  t.same(
    link.written.map((one) => toHex(one.bytes)),
    names.map((name) => toHex(bytes('A', name))),
  );
  t.ok(link.written.every(({ uuid }) => uuid === gatt.pairingData));
  t.match(await store.current(), {
    authorizationId: 2,
    as: 'app',
    key: bytes('A', 'shared'),
    uuid: bytes('A', 'uuid'),
  });
  t.equal(await store.pending(), undefined);
  t.equal(link.connected, false);
  t.equal(link.listeners, 0, 'nothing listens to the connection any more');
  t.equal(secrets.kept.size, 1);
});

t.test('cut off at each message it keeps nothing, or what can be proven, and says how to go on', async (t) => {
  const expected = ['public-key', 'first-challenge', 'second-challenge', 'authorization-id', 'confirmation'];
  for (const [steps, step] of expected.entries()) {
    const { store, secrets, options } = makePairing({}, steps);
    const next = step === 'confirmation' ? 'prove' : 'pair';
    await t.rejects(pairNuki(options), { code: 'NUKI_PAIRING_CUT', detail: { step, next } });
    t.equal(await store.current(), undefined, step);
    t.equal((await store.pending())?.authorizationId, next === 'prove' ? 2 : undefined);
    t.equal(secrets.kept.size, next === 'prove' ? 1 : 0);
  }
});

t.test('a lock that does not prove the key, or is not in pairing mode, is refused by name', async (t) => {
  const forged = makePairing({ name: 'Someone else' });
  const answer = forged.link.answer;
  forged.link.answer = (written, uuid) => {
    if (written[0] !== 6) return answer(written, uuid);
    const payload = bytes('A', 'msgAuthId').slice(2, -2);
    payload[40]! ^= 1;
    forged.link.indicate(uuid, encodeMessage({ command: 7, payload }));
  };
  await t.rejects(pairNuki(forged.options), { code: 'NUKI_NOT_GENUINE' });
  t.equal(forged.secrets.kept.size, 0);
  const asleep = makePairing();
  asleep.link.answer = (_, uuid) =>
    asleep.link.indicate(uuid, encodeMessage({ command: 0x12, payload: hex('100100') }));
  await t.rejects(pairNuki(asleep.options), { code: 'NUKI_NOT_PAIRING' });
});

t.test('a newer lock gets the PIN sealed, and never twice', async (t) => {
  const key = bytes('C', 'shared');
  const newer = (pin: number | undefined, hasPin: boolean, error?: string) => {
    const made = makePairing({
      ...{
        variant: 'newer',
        name: 'Testapp',
        randomBytes: (count) => (count === 32 ? bytes('C', 'clPriv') : new Uint8Array(count).fill(3)),
      },
      ...(pin === undefined ? {} : { pin }),
    });
    const told: string[] = [];
    made.link.answer = (written, uuid) => {
      const say = (name: string): void => made.link.indicate(uuid, bytes('C', name));
      if (written[0] === 1) return say('msgSlPk');
      if (written[0] === 3 && written[1] === 0) return say('msgChal1');
      if (toHex(written) === toHex(bytes('C', 'msgAuthenticator')))
        return made.link.indicate(uuid, encodeMessage({ command: 0x4c, payload: Uint8Array.of(hasPin ? 1 : 0) }));
      const read = unseal(written, { key, authorizationId: 0 }, true);
      told.push(read.ok ? toHex(read.value.payload) : read.code);
      if (error !== undefined) return made.link.indicate(uuid, encodeMessage({ command: 0x12, payload: hex(error) }));
      const payload = bytes('C', 'authIdCmdPayload').slice(2);
      const message = { command: 7, payload };
      return made.link.indicate(uuid, seal(message, { key, authorizationId: 34808 }, new Uint8Array(24).fill(9)));
    };
    return { ...made, told };
  };
  const right = newer(Number(value('C', 'pin')), true);
  await pairNuki(right.options);
  t.same(right.told, [toHex(bytes('C', 'authDataCmdPayload').slice(2))]);
  t.match(await right.store.current(), { variant: 'newer', authorizationId: 34808, as: 'app', pin: 123456 });
  const wrong = newer(1, true, '210600');
  const refused = await pairNuki(wrong.options).catch((cause: unknown) => cause);
  t.match(refused, { code: 'NUKI_PIN_WRONG' });
  t.ok(refused instanceof Fault && !JSON.stringify(refused.detail).includes(toHex(key)));
  t.equal(wrong.told.length, 1);
  const none = newer(undefined, true);
  await t.rejects(pairNuki(none.options), { code: 'NUKI_PIN_MISSING' });
  t.equal(none.told.length, 0);
});

t.test('a pairing that was cut off at its end is proven by asking the lock', async (t) => {
  for (const knows of [true, false]) {
    const { link, store, options } = makePairing({}, 4);
    await t.rejects(pairNuki(options), { code: 'NUKI_PAIRING_CUT' });
    link.answer = (written, uuid) =>
      knows
        ? link.indicate(uuid, bytes('D', 'respWire'))
        : link.indicate(gatt.clear, hex(written.length > 0 ? '120020000013D7' : ''));
    const proven = await provePairing({ ...options, link, store });
    t.equal(proven?.authorizationId, knows ? 2 : undefined);
    t.equal((await store.current())?.authorizationId, knows ? 2 : undefined);
    t.equal((await store.pending())?.authorizationId, knows ? undefined : 2);
  }
});
