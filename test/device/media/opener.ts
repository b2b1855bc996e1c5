/**
 * A second implementation of the form of sealed pictures, from the text in `wire/media.ts` alone: WebCrypto and plain bytes. It takes
 * a recording file or messages apart, checks signatures and chain, and opens the frames. Nothing of wire/ or device/ is used.
 */
import { type KeyObject, verify, webcrypto } from 'node:crypto';

const { subtle } = webcrypto;
const digest = async (...parts: Uint8Array[]): Promise<Uint8Array> =>
  new Uint8Array(await subtle.digest('SHA-256', Buffer.concat(parts)));

export interface Parsed {
  readonly type: number;
  readonly flags: number;
  readonly stream: string;
  readonly seq: number;
  readonly ms: number;
  readonly header: Buffer;
  readonly body: Buffer;
  readonly whole: Buffer;
}

export function parse(message: Uint8Array): Parsed {
  const whole = Buffer.from(message);
  if (whole[0] !== 1 || whole[3] !== 0) throw new RangeError('version');
  return {
    type: whole[1]!,
    flags: whole[2]!,
    stream: whole.subarray(4, 20).toString('base64url'),
    seq: whole.readUInt32BE(20),
    ms: Number(whole.readBigUInt64BE(24)),
    header: whole.subarray(0, 32),
    body: whole.subarray(32),
    whole,
  };
}

/** The messages of a recording file, up to where it is torn. */
export function split(file: Uint8Array): Parsed[] {
  const bytes = Buffer.from(file);
  const found: Parsed[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    found.push(parse(bytes.subarray(at + 4, end)));
    at = end;
  }
  return found;
}

/** The claims of a compact JWS by the hub. Throws when it is not. */
export function claimsOf(jws: string, hub: KeyObject): Record<string, unknown> {
  const [head = '', payload = '', signature = ''] = jws.split('.');
  if (!verify(null, Buffer.from(`${head}.${payload}`), hub, Buffer.from(signature, 'base64url')))
    throw new RangeError('signature');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

export async function openFrame(frame: Parsed, key: Uint8Array, keyJws: Uint8Array): Promise<Buffer> {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(frame.seq, 8);
  const additionalData = Buffer.concat([frame.header, await digest(keyJws)]);
  const secret = await subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  return Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv, additionalData, tagLength: 128 }, secret, frame.body));
}

export interface Played {
  readonly key: Record<string, unknown>;
  readonly pictures: Buffer[];
  readonly heads: Record<string, unknown>[];
  /** How far the last checkpoint vouches. */
  readonly vouched: number;
  readonly end: unknown;
}

/** Plays a whole recording as an owner's device does. Throws on anything that is not as it should be. */
export async function play(
  messages: readonly Parsed[],
  hub: KeyObject,
  unwrap: (sealed: string) => Promise<Uint8Array>,
): Promise<Played> {
  const [first, ...rest] = messages;
  if (first?.type !== 1 || first.seq !== 0) throw new RangeError('no key');
  const key = claimsOf(first.body.toString(), hub);
  if (key.stream !== first.stream) throw new RangeError('another stream');
  const secret = await unwrap(String(key.sealed));
  const links = [await digest(Buffer.from('doorward-video-1'), await digest(first.body))];
  const [pictures, heads]: [Buffer[], Record<string, unknown>[]] = [[], []];
  for (const message of rest) {
    if (message.stream !== first.stream) throw new RangeError('another stream');
    if (message.type === 2) {
      if (message.seq !== links.length) throw new RangeError(`frame ${message.seq} after ${links.length - 1}`);
      links.push(await digest(links.at(-1)!, await digest(message.whole)));
      pictures.push(await openFrame(message, secret, first.body));
    } else {
      const head = claimsOf(message.body.toString(), hub);
      const link = links[Number(head.seq)];
      if (head.seq !== message.seq || link === undefined) throw new RangeError('checkpoint ahead');
      if (Buffer.from(link).toString('base64url') !== head.hash) throw new RangeError('chain');
      heads.push(head);
    }
  }
  return { key, pictures, heads, vouched: Number(heads.at(-1)?.seq ?? 0), end: heads.at(-1)?.end };
}
