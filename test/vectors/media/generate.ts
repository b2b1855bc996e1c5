/**
 * Made test/vectors/media/stream.json, once: `node --import=tsx test/vectors/media/generate.ts > test/vectors/media/stream.json`.
 * The file is frozen. Made again it would differ: the wrap of a key is random (RFC 7518 section 4.6), and so is all that hangs on it.
 *
 * Written from the text of `wire/media.ts` without wire/ and device/: header, nonce, additional data, chain and JWS by hand over
 * node:crypto; the wrap by `jose`. The keys are known to everybody: they protect nothing.
 */
import { createCipheriv, createECDH, createHash, createPrivateKey, sign } from 'node:crypto';
import { CompactEncrypt, importJWK } from 'jose';

const b64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const sha = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const seed = sha('doorward media vector hub');
const hubKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
  format: 'der',
  type: 'pkcs8',
});
const { x = '' } = hubKey.export({ format: 'jwk' });
const kid = b64(sha(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`));
const d = sha('doorward media vector owner');
const ecdh = createECDH('prime256v1');
ecdh.setPrivateKey(d);
const point = ecdh.getPublicKey();
const owner = { kty: 'EC', crv: 'P-256', x: b64(point.subarray(1, 33)), y: b64(point.subarray(33)) };

const hub = 'hub-4k2m9x7q1w8e5r3t6y0u';
const startMs = 1_790_000_000_123;
const streamBytes = sha('doorward media vector stream').subarray(0, 16);
const stream = b64(streamBytes);
const key = sha('doorward media vector key');

function jws(typ: string, claims: object): string {
  const input = `${b64(JSON.stringify({ alg: 'EdDSA', typ, kid }))}.${b64(JSON.stringify(claims))}`;
  return `${input}.${b64(sign(null, Buffer.from(input), hubKey))}`;
}

function header(type: number, flags: number, seq: number, ms: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.set([1, type, flags, 0]);
  streamBytes.copy(bytes, 4);
  bytes.writeUInt32BE(seq, 20);
  bytes.writeBigUInt64BE(BigInt(ms), 24);
  return bytes;
}

const sealed = await new CompactEncrypt(key)
  .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
  .encrypt(await importJWK(owner, 'ECDH-ES+A256KW'));
const keyJws = jws('videokey+jwt', {
  iss: hub,
  stream,
  door: 'door-4k2m9x7q1w8e5r3t6y0u',
  visit: b64(sha('doorward media vector visit').subarray(0, 16)),
  iat: startMs,
  codec: 'h264',
  width: 640,
  height: 480,
  owners: 3,
  sealed,
});

let link = sha('doorward-video-1', sha(keyJws));
const links = [b64(link)];
const frames = [];
for (const [seq, text] of [
  [1, 'the first picture stands alone'],
  [2, 'x'],
  [3, 'a picture of a courier at the door, with a parcel'],
] as const) {
  const capturedMs = startMs + seq * 66;
  const head = header(2, seq === 1 ? 3 : 2, seq, capturedMs);
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(seq, 8);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.concat([head, sha(keyJws)]));
  const message = Buffer.concat([head, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  link = sha(link, sha(message));
  links.push(b64(link));
  frames.push({
    seq,
    capturedMs,
    isKey: seq === 1,
    plaintext: b64(text),
    picture: b64(sha(text)),
    message: b64(message),
  });
}
const checkpoint = (seq: number, ms: number, more: object): string =>
  b64(
    Buffer.concat([
      header(3, 0, seq, ms),
      Buffer.from(jws('videohead+jwt', { iss: hub, stream, seq, hash: links[seq], at: ms, ...more })),
    ]),
  );

const vector = {
  hub,
  hubKey: { kty: 'OKP', crv: 'Ed25519', x },
  owner: { ...owner, d: b64(d) },
  stream,
  key: b64(key),
  keyMessage: b64(Buffer.concat([header(1, 0, 0, startMs), Buffer.from(keyJws)])),
  frames,
  links,
  checkpoints: [checkpoint(2, startMs + 200, { late: 1 }), checkpoint(3, startMs + 300, { end: 'stopped', late: 1 })],
  acks: {
    seen: {
      bytes: b64(Buffer.concat([Buffer.from([1, 1, 0, 2]), streamBytes, Buffer.from('0000000100000003', 'hex')])),
      seqs: [1, 3],
    },
    stored: {
      bytes: b64(
        Buffer.concat([Buffer.from([1, 2, 0, 2]), streamBytes, Buffer.from('00000001000000020000000500000009', 'hex')]),
      ),
      ranges: [
        [1, 2],
        [5, 9],
      ],
    },
  },
};
process.stdout.write(`${JSON.stringify(vector, undefined, 2)}\n`);
