import t from 'tap';
import { decodeFrame, type Frame } from '../../../../device/lock/osdp/frame.ts';
import {
  clientCryptogram,
  defaultKey,
  initialMac,
  SecureChannel,
  serverCryptogram,
  sessionKeys,
} from '../../../../device/lock/osdp/secure.ts';
import { golden, goldenBytes, goldenKeys, hex, toHex } from './vectors.ts';

const keys = sessionKeys(hex(goldenKeys.key), hex(goldenKeys.rndA));
const rndA = hex(goldenKeys.rndA);
const rndB = hex(goldenKeys.rndB);
const newChannel = (): SecureChannel => new SecureChannel(keys, hex(goldenKeys.initialMac));

function frameOf(bytes: Uint8Array): Frame {
  const frame = decodeFrame(bytes);
  if (!frame.ok) throw t.bailout('a golden frame does not decode');
  return frame.value;
}

t.test('keys, cryptograms and first MAC are those of annex E', async (t) => {
  t.equal(toHex(defaultKey), goldenKeys.key);
  t.equal(toHex(keys.enc), goldenKeys.enc);
  t.equal(toHex(keys.mac1), goldenKeys.mac1);
  t.equal(toHex(keys.mac2), goldenKeys.mac2);
  t.equal(toHex(clientCryptogram(keys, rndA, rndB)), goldenKeys.client);
  t.equal(toHex(serverCryptogram(keys, rndA, rndB)), goldenKeys.server);
  t.equal(toHex(initialMac(keys, hex(goldenKeys.server))), goldenKeys.initialMac);
});

t.test('the golden session: each command is sealed to its bytes, each reply is opened to its data', async (t) => {
  const channel = newChannel();
  for (const { name, reply, sequence, code, plain, hex: text } of golden.frames.slice(4)) {
    if (reply === true) {
      const data = channel.open(frameOf(hex(text)));
      t.ok(data.ok, name);
      if (data.ok) t.equal(toHex(data.value), plain, name);
    } else t.equal(toHex(channel.seal({ address: 0, sequence, code, data: hex(plain) })), toHex(hex(text)), name);
  }
});

t.test('a reply with any byte changed is refused, and the true one is opened after it', async (t) => {
  const channel = newChannel();
  channel.seal({ address: 0, sequence: 2, code: 0x60, data: new Uint8Array(0) });
  const frame = frameOf(goldenBytes('ACK to POLL'));
  for (let i = 0; i < frame.head.length; i += 1) {
    const head = frame.head.with(i, frame.head[i]! ^ 1);
    t.match(channel.open({ ...frame, head }), { ok: false, code: 'OSDP_NOT_SECURE', detail: { reason: 'mac' } });
  }
  for (let i = 0; i < 4; i += 1) {
    const mac = frame.mac!.with(i, frame.mac![i]! ^ 1);
    t.match(channel.open({ ...frame, mac }), { ok: false, code: 'OSDP_NOT_SECURE' });
  }
  t.ok(channel.open(frame).ok);
});

t.test('a reply to an earlier command does not open, nor the same reply twice', async (t) => {
  const channel = newChannel();
  const ack = frameOf(goldenBytes('ACK to POLL'));
  channel.seal({ address: 0, sequence: 2, code: 0x60, data: new Uint8Array(0) });
  t.ok(channel.open(ack).ok);
  channel.seal({ address: 0, sequence: 3, code: 0x68, data: hex('00053200') });
  t.match(channel.open(ack), { ok: false, code: 'OSDP_NOT_SECURE' });
});

t.test('T21: a frame without MAC does not open', async (t) => {
  const channel = newChannel();
  channel.seal({ address: 0, sequence: 2, code: 0x60, data: new Uint8Array(0) });
  t.match(channel.open(frameOf(hex('5380080004 40 59ac'))), {
    code: 'OSDP_NOT_SECURE',
    detail: { reason: 'plaintext' },
  });
  t.match(channel.open(frameOf(goldenBytes('RMAC_I'))), { code: 'OSDP_NOT_SECURE', detail: { reason: 'plaintext' } });
});
