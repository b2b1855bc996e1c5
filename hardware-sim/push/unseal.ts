/** Opens a Web Push message as a browser does (RFC 8291 over RFC 8188, `aes128gcm`). Own code: it checks what was sealed. */
import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto';

/** What a browser keeps of a subscription. */
export interface BrowserKeys {
  readonly ecdh: ECDH;
  /** 16 bytes. */
  readonly auth: Buffer;
}

export function newBrowserKeys(): BrowserKeys {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  return { ecdh, auth: randomBytes(16) };
}

const hkdf = (secret: Buffer, salt: Buffer, info: Buffer | string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, bytes));

/** salt 16 | record size 4 | length of key id 1 | key id: the sender's public key | one record */
const saltBytes = 16;
const headBytes = 21;
const tagBytes = 16;

/** @throws RangeError for a message that is none, or for another browser */
export function unseal(body: Buffer, { ecdh, auth }: BrowserKeys): Buffer {
  const keyLength = body[headBytes - 1] ?? 0;
  if (keyLength !== 65 || body.length < headBytes + keyLength + tagBytes + 1) throw new RangeError('no aes128gcm');
  const recordSize = body.readUInt32BE(saltBytes);
  const salt = body.subarray(0, saltBytes);
  const sender = body.subarray(headBytes, headBytes + keyLength);
  const record = body.subarray(headBytes + keyLength);
  if (record.length > recordSize) throw new RangeError('more than one record');

  // RFC 8291 section 3.4
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender]);
  const ikm = hkdf(ecdh.computeSecret(sender), auth, info, 32);
  // RFC 8188 section 2.2 and 2.3, first record: the sequence number is 0
  const key = hkdf(ikm, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = hkdf(ikm, salt, 'Content-Encoding: nonce\0', 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-tagBytes));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -tagBytes)), decipher.final()]);
  // The last record ends with 2 and zeros.
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 2) throw new RangeError('no last record');
  return padded.subarray(0, end);
}
