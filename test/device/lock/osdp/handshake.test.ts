import t from 'tap';
import { encodeCommand } from '../../../../device/lock/osdp/codec.ts';
import { decodeFrame, encodeFrame, type Frame, type SecurityBlock } from '../../../../device/lock/osdp/frame.ts';
import { Handshake, HandshakeMemory } from '../../../../device/lock/osdp/handshake.ts';
import { golden, goldenBytes, hex, toHex } from './vectors.ts';

function frameOf(name: string): Frame {
  const frame = decodeFrame(goldenBytes(name));
  if (!frame.ok) throw t.bailout('a golden frame does not decode');
  return frame.value;
}
const fresh = (): Handshake =>
  new Handshake({ which: 'default', key: hex(golden.key) }, hex(golden.rndA), new HandshakeMemory());
const encoded = (
  sequence: number,
  { command, security }: { command: Parameters<typeof encodeCommand>[0]; security: SecurityBlock },
): string =>
  toHex(
    encodeFrame({ address: 0, fromPeripheral: false, sequence, check: 'crc', security, ...encodeCommand(command) }),
  );

t.test('the golden handshake, both directions, byte for byte', async (t) => {
  const handshake = fresh();
  t.equal(encoded(0, handshake.challenge), toHex(goldenBytes('CHLNG')));
  t.ok(handshake.takeCryptogram(frameOf('CCRYPT')).ok);
  t.equal(encoded(1, handshake.scrypt), toHex(goldenBytes('SCRYPT')));
  const channel = handshake.takeInitialMac(frameOf('RMAC_I'));
  t.ok(channel.ok);
  if (!channel.ok) return;
  const poll = channel.value.seal({ address: 0, sequence: 2, code: 0x60, data: new Uint8Array(0) });
  t.equal(toHex(poll), toHex(goldenBytes('POLL')));
});

t.test('a cryptogram with any byte changed, or for another key type, is of a wrong key', async (t) => {
  const frame = frameOf('CCRYPT');
  for (let i = 8; i < 32; i += 1) {
    const data = frame.data.with(i, frame.data[i]! ^ 1);
    t.match(fresh().takeCryptogram({ ...frame, data }), { ok: false, code: 'OSDP_KEY_WRONG' });
  }
  const otherType = { ...frame, security: { type: 0x12, data: Uint8Array.of(1) } };
  t.match(fresh().takeCryptogram(otherType), { ok: false, code: 'OSDP_KEY_WRONG' });
});

t.test('T21: a cryptogram without its security block, or any other frame, opens nothing', async (t) => {
  const { security, ...bare } = frameOf('CCRYPT');
  t.ok(security);
  t.match(fresh().takeCryptogram(bare), { ok: false, code: 'OSDP_FRAME_BAD' });
  t.match(fresh().takeCryptogram(frameOf('RMAC_I')), { ok: false, code: 'OSDP_FRAME_BAD' });
  t.match(fresh().takeInitialMac(frameOf('CCRYPT')), { ok: false, code: 'OSDP_FRAME_BAD' });
});

t.test('a first MAC that is wrong or rejected opens nothing, and either text for success is taken', async (t) => {
  const frame = frameOf('RMAC_I');
  const ready = (): Handshake => {
    const handshake = fresh();
    handshake.takeCryptogram(frameOf('CCRYPT'));
    return handshake;
  };
  for (let i = 0; i < 16; i += 1) {
    const data = frame.data.with(i, frame.data[i]! ^ 1);
    t.match(ready().takeInitialMac({ ...frame, data }), { ok: false, code: 'OSDP_FRAME_BAD' });
  }
  const status = (byte: number): Frame => ({ ...frame, security: { type: 0x14, data: Uint8Array.of(byte) } });
  t.match(ready().takeInitialMac(status(0xff)), { ok: false, code: 'LOCK_REFUSED' });
  for (const byte of [0, 1]) t.ok(ready().takeInitialMac(status(byte)).ok);
});

t.test('T16: the last 1024 random numbers are remembered, and no more', async (t) => {
  const memory = new HandshakeMemory();
  const nonce = (n: number): Uint8Array => Uint8Array.of(0, 0, 0, 0, n >> 24, n >> 16, n >> 8, n);
  const all = Array.from({ length: 5000 }, (_, n) => n);
  t.ok(all.every((n) => memory.takeNonce(nonce(n))));
  t.notOk(all.slice(-1024).some((n) => memory.takeNonce(nonce(n))));
  t.ok(memory.takeNonce(nonce(0)), 'the oldest gave way');
});
