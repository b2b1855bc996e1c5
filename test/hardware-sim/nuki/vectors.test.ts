import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Cursor, Fields } from '../../../hardware-sim/nuki/bytes.ts';
import {
  closeClear,
  closeEnvelope,
  closePlain,
  crc16,
  openClear,
  openEnvelope,
  openPlain,
} from '../../../hardware-sim/nuki/frame.ts';
import { layouts } from '../../../hardware-sim/nuki/model.ts';
import { authenticator, keyPair, seal, sharedKey, unseal } from '../../../hardware-sim/nuki/secret.ts';
import { statesBytes } from '../../../hardware-sim/nuki/states.ts';

type Vectors = Record<'A' | 'B' | 'C' | 'D' | 'E', Record<string, string>>;
const { A, B, C, D, E }: Vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../vectors/nuki/vendor.json'), 'utf8'),
);
const bytes = (hex: string | undefined): Uint8Array => new Uint8Array(Buffer.from(hex!, 'hex'));
const hex = (of: Uint8Array | undefined): string =>
  Buffer.from(of ?? [])
    .toString('hex')
    .toUpperCase();
const payload = (of: string | undefined): Uint8Array => {
  const opened = openClear(bytes(of));
  return opened.ok ? opened.payload : new Uint8Array();
};

t.test('the check of 123456789 is 29B1', async (t) => t.equal(crc16(new TextEncoder().encode('123456789')), 0x29b1));

t.test('A, B, C: both sides get the shared key, and the authenticator proves it', async (t) => {
  for (const [name, one] of Object.entries({ A, B, C })) {
    t.equal(hex(keyPair(bytes(one.clPriv)).publicKey), one.clPub, name);
    const key = sharedKey(bytes(one.slPub), bytes(one.clPriv))!;
    t.equal(hex(key), one.shared);
    const proof = authenticator(key, bytes(one.clPub), bytes(one.slPub), payload(one.msgChal1));
    t.equal(hex(proof), hex(payload(one.msgAuthenticator)));
  }
  t.equal(sharedKey(new Uint8Array(32), bytes(A.clPriv)), undefined, 'a key of zeros is none');
});

t.test('A, B, C: every message in clear opens, and closes to the same bytes', async (t) => {
  for (const one of [A, B, C]) {
    for (const [name, message] of Object.entries(one).filter(([name]) => name.startsWith('msg'))) {
      const opened = openClear(bytes(message));
      if (opened.ok) t.equal(hex(closeClear(opened)), message, name);
      else t.fail(`${name}: ${opened.because}`);
    }
  }
});

t.test('A, B: the proofs of messages 7, 8 and 9', async (t) => {
  for (const one of [A, B]) {
    const key = bytes(one.shared);
    const data = new Cursor(payload(one.msgAuthData));
    const [proof, told] = [data.take(32), data.take(69)];
    t.ok(data.done);
    t.equal(hex(authenticator(key, told, payload(one.msgChal2))), hex(proof));
    const given = new Cursor(payload(one.msgAuthId));
    const [answer, id, uuid, nonce] = [given.take(32), given.take(4), given.take(16), given.take(32)];
    t.ok(given.done);
    t.equal(hex(authenticator(key, id, uuid, nonce, told.subarray(37))), hex(answer));
    t.equal(new Cursor(id).u32(), Number(one.authId));
    t.equal(hex(uuid), one.uuid);
    const confirmation = new Cursor(payload(one.msgAuthIdConfirm));
    t.equal(hex(confirmation.take(32)), hex(authenticator(key, id, nonce)));
  }
});

t.test('C: what newer locks send sealed', async (t) => {
  const told = new Fields().u16(0x0006).u32(0).text('Testapp', 32).u32(Number(C.pin)).bytes();
  t.equal(hex(told), C.authDataCmdPayload);
  t.equal(hex(new Fields().u16(0x0007).u32(Number(C.authId)).raw(bytes(C.uuid)).bytes()), C.authIdCmdPayload);
  t.equal(hex(new Fields().u16(crc16(bytes(C.authIdCmdPayload))).bytes()), C.authIdPrintedCrc);
});

t.test('D, E: sealed messages open, and seal to the same bytes', async (t) => {
  const pairs: [wire: string | undefined, plain: string | undefined][] = [
    [D.reqWire, D.reqPlain],
    [E.reqChalWire, E.reqChalPlain],
    [E.lockActionWire, E.lockActionPlain],
  ];
  const key = bytes(D.shared);
  for (const [wire, plain] of pairs) {
    const envelope = openEnvelope(bytes(wire))!;
    t.equal(hex(unseal(key, envelope.nonce, envelope.sealed)), plain);
    const opened = openPlain(bytes(plain));
    if (!opened.ok) return t.fail(opened.because);
    t.equal(hex(closePlain(opened.authorization, opened)), plain);
    t.equal(hex(closeEnvelope({ ...envelope, sealed: seal(key, envelope.nonce, bytes(plain)) })), wire);
  }
  const reply = openEnvelope(bytes(E.chalWire))!;
  const challenge = openPlain(unseal(key, reply.nonce, reply.sealed)!);
  t.match(challenge, { ok: true, command: 0x0004 });
  if (challenge.ok) t.equal(hex(challenge.payload), E.chalNonce);
  t.equal(openEnvelope(bytes(D.reqWire).subarray(1)), undefined, 'a wrong length is no envelope');
});

t.test('D: Keyturner States as the vendor shows them, at the beginning of ours', async (t) => {
  const wire = openEnvelope(bytes(D.respWire))!;
  const opened = openPlain(unseal(bytes(D.shared), wire.nonce, wire.sealed)!);
  if (!opened.ok) return t.fail(opened.because);
  t.equal(hex(opened.payload), D.respPayload);
  const states = {
    nukiState: 2,
    lockState: 1,
    trigger: 0,
    nowMs: Date.UTC(2016, 2, 7, 8, 15, 30),
    timezoneOffsetMin: 60,
    batteryPercent: 100,
    configUpdates: 0x20,
    lockNGoTimerS: 10,
    lastAction: 2,
    lastTrigger: 0,
    lastCompletion: 0,
    doorSensor: 2,
    hasKeypad: false,
    isCharging: false,
    isKeypadLow: false,
  };
  const ours = statesBytes(states, layouts.gen2);
  t.equal(ours.length, 21);
  // The document's lock says 0 for its battery: it is older than the percentage.
  t.equal(hex(ours.subarray(0, 12)), D.respPayload!.slice(0, 24));
  t.equal(hex(ours.subarray(13, 15)), D.respPayload!.slice(26));
});
