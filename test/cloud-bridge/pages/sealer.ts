/** A hub that seals pictures, written for these tests from the description of the format alone: Node's crypto and bytes by hand. */
import { createCipheriv, createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { CompactEncrypt, GeneralEncrypt, importJWK, type JWK } from 'jose';
import type { EcJwk, OkpJwk } from '../../../wire/shapes.ts';

const sha = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const b64 = (data: Uint8Array | string): string => Buffer.from(data).toString('base64url');

export interface FakeHub {
  readonly id: string;
  readonly jwk: OkpJwk;
  readonly kid: string;
  readonly key: KeyObject;
  /** Signs claims as a document of this type. */
  sign(typ: string, claims: object): string;
}

export function makeHub(id = `hub-${'a'.repeat(20)}`): FakeHub {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' }) as { x: string };
  const jwk: OkpJwk = { kty: 'OKP', crv: 'Ed25519', x };
  const kid = sha(Buffer.from(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))).toString('base64url');
  return {
    id,
    jwk,
    kid,
    key: privateKey,
    sign: (typ, claims) => {
      const text = `${b64(JSON.stringify({ alg: 'EdDSA', typ, kid }))}.${b64(JSON.stringify(claims))}`;
      return `${text}.${b64(sign(null, Buffer.from(text), privateKey))}`;
    },
  };
}

export interface StreamOf {
  readonly hub: FakeHub;
  /** Public `seal` keys of the devices that may watch. */
  readonly to: readonly EcJwk[];
  readonly door: string;
  readonly visit?: string;
  readonly codec: 'jpeg' | 'h264';
  /** ms since 1970: when the camera started. */
  readonly startedMs: number;
  readonly stream?: string;
}

export interface FakeStream {
  readonly id: string;
  readonly keyBytes: Uint8Array;
  /** The key message. */
  readonly key: Buffer;
  readonly keyDocument: string;
  /** The next frame, sealed. */
  frame(data: Uint8Array, capturedMs: number, isKey?: boolean): Buffer;
  /** A checkpoint over all frames so far. */
  checkpoint(atMs: number, more?: { end?: 'stopped' | 'lost'; late?: number; hash?: string }): Buffer;
}

/** 0 version, 1 type, 2 flags, 3 zero, 4..19 stream, 20..23 seq, 24..31 time; then the body. */
function header(type: number, flags: number, stream: Buffer, seq: number, timeMs: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes[0] = 1;
  bytes[1] = type;
  bytes[2] = flags;
  stream.copy(bytes, 4);
  bytes.writeUInt32BE(seq, 20);
  bytes.writeBigUInt64BE(BigInt(timeMs), 24);
  return bytes;
}

const alg = 'ECDH-ES+A256KW';

/** JWE for one device (compact) or several (general JSON). */
export async function wrapFor(keys: readonly EcJwk[], bytes: Uint8Array): Promise<string> {
  if (keys.length === 1) {
    const key = await importJWK(keys[0] as JWK, alg);
    return new CompactEncrypt(bytes).setProtectedHeader({ alg, enc: 'A256GCM' }).encrypt(key);
  }
  const jwe = new GeneralEncrypt(bytes).setProtectedHeader({ enc: 'A256GCM' });
  for (const key of keys) jwe.addRecipient(await importJWK(key as JWK, alg)).setUnprotectedHeader({ alg });
  return JSON.stringify(await jwe.encrypt());
}

export async function sealStream({ hub, to, door, visit, codec, startedMs, ...given }: StreamOf): Promise<FakeStream> {
  const id = given.stream === undefined ? randomBytes(16) : Buffer.from(given.stream, 'base64url');
  const stream = id.toString('base64url');
  const keyBytes = randomBytes(32);
  const keyDocument = hub.sign('videokey+jwt', {
    iss: hub.id,
    stream,
    door,
    ...(visit === undefined ? {} : { visit }),
    iat: startedMs,
    codec,
    owners: 1,
    sealed: await wrapFor(to, keyBytes),
  });
  const keyHash = sha(Buffer.from(keyDocument));
  let chain = sha(Buffer.from('doorward-video-1'), keyHash);
  let seq = 0;
  return {
    id: stream,
    keyBytes,
    keyDocument,
    key: Buffer.concat([header(1, 0, id, 0, startedMs), Buffer.from(keyDocument)]),
    frame: (data, capturedMs, isKey = true) => {
      seq += 1;
      const head = header(2, (isKey ? 1 : 0) | (codec === 'h264' ? 2 : 0), id, seq, capturedMs);
      const nonce = Buffer.alloc(12);
      nonce.writeUInt32BE(seq, 8);
      const cipher = createCipheriv('aes-256-gcm', keyBytes, nonce);
      cipher.setAAD(Buffer.concat([head, keyHash]));
      const message = Buffer.concat([head, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
      chain = sha(chain, sha(message));
      return message;
    },
    checkpoint: (atMs, more = {}) => {
      const claims = { iss: hub.id, stream, seq, hash: chain.toString('base64url'), at: atMs, ...more };
      return Buffer.concat([header(3, 0, id, seq, atMs), Buffer.from(hub.sign('videohead+jwt', claims))]);
    },
  };
}

/** The file form: each message after its length. */
export const toRec = (messages: readonly Buffer[]): Buffer =>
  Buffer.concat(
    messages.flatMap((message) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      return [length, message];
    }),
  );
