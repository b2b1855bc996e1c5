import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { importJWK } from 'jose';
import t from 'tap';
import { firstLink, nextLink, sha256, toLinkText } from '../../../device/media/chain.ts';
import { sealFrame } from '../../../device/media/seal.ts';
import { toVerifyKey } from '../../../wire/jws.ts';
import { documentIn, readAck, readMedia, writeAck, writeDocumentMessage } from '../../../wire/media.ts';
import { openSealed } from '../../../wire/seal.ts';
import { verifyVideoHead, verifyVideoKey } from '../../../wire/verify-video.ts';

/** Frozen: made once by a second implementation, see generate.ts beside it. */
const vector = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../vectors/media/stream.json'), 'utf8'));
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');
const hub = await toVerifyKey(vector.hubKey);
const good = <T>(verdict: { ok: true; value: T } | { ok: false; code: string }): T => {
  if (!verdict.ok) throw new RangeError(verdict.code);
  return verdict.value;
};
const keyMessage = good(readMedia(bytesOf(vector.keyMessage)));

t.test('the key message is read, verified and opened by the owner', async (t) => {
  const { type, stream, seq, capturedMs } = keyMessage;
  t.same([type, stream, seq], ['key', vector.stream, 0]);
  const claims = good(await verifyVideoKey(documentIn(keyMessage), hub, vector.hub));
  t.match(claims, { stream, codec: 'h264', width: 640, height: 480, owners: 3, iat: capturedMs });
  const owner = await importJWK(vector.owner, 'ECDH-ES+A256KW');
  t.same(Buffer.from(await openSealed(claims.sealed, owner as never)), bytesOf(vector.key));
  const written = writeDocumentMessage({ type: 'key', stream, seq, capturedMs, codec: 'h264' }, documentIn(keyMessage));
  t.same(Buffer.from(written), bytesOf(vector.keyMessage));
});

t.test('frames are sealed to the same bytes and chained to the same links', async (t) => {
  const keyHash = sha256(documentIn(keyMessage));
  let link = firstLink(keyHash);
  t.equal(toLinkText(link), vector.links[0]);
  for (const { seq, capturedMs, isKey, plaintext, picture, message } of vector.frames) {
    const head = { stream: vector.stream, seq, capturedMs, isKey, codec: 'h264' } as const;
    const sealed = sealFrame({ key: bytesOf(vector.key), keyHash }, head, bytesOf(plaintext));
    t.same(Buffer.from(sealed.message), bytesOf(message));
    t.equal(sealed.picture, picture);
    t.match(readMedia(bytesOf(message)), { ok: true, value: { ...head, type: 'frame' } });
    link = nextLink(link, sealed.message);
    t.equal(toLinkText(link), vector.links[seq]);
  }
});

t.test('checkpoints verify and agree with the chain', async (t) => {
  for (const [index, seq] of [2, 3].entries()) {
    const message = good(readMedia(bytesOf(vector.checkpoints[index])));
    const of = { hubId: vector.hub, stream: vector.stream };
    const claims = good(await verifyVideoHead(documentIn(message), hub, of));
    t.match(
      [message.seq, claims],
      [seq, { seq, hash: vector.links[seq], late: 1, ...(seq === 3 ? { end: 'stopped' } : {}) }],
    );
  }
});

t.test('acknowledgements are read and written', async (t) => {
  const { stream, acks } = vector;
  for (const ack of [
    { kind: 'seen', stream, seqs: acks.seen.seqs },
    { kind: 'stored', stream, ranges: acks.stored.ranges },
  ] as const) {
    t.same(readAck(bytesOf(acks[ack.kind].bytes)), { ok: true, value: ack });
    t.same(Buffer.from(writeAck(ack)), bytesOf(acks[ack.kind].bytes));
  }
});
