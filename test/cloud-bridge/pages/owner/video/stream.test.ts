import t from 'tap';
import { signDocument } from '../../../../../cloud-bridge/pages/owner/device/documents.ts';
import { openStream, type Stream } from '../../../../../cloud-bridge/pages/owner/video/stream.ts';
import { type Home, openVideoKey } from '../../../../../cloud-bridge/pages/owner/video/stream-key.ts';
import { readMedia } from '../../../../../wire/media.ts';
import { videoShareForm } from '../../../../../wire/video.ts';
import { door, makeDevice, start, strangersKey } from '../../device.ts';
import { type FakeStream, makeHub, sealStream, wrapFor } from '../../sealer.ts';

const picture = (text: string): Uint8Array => new TextEncoder().encode(text);

async function open(fake: FakeStream, home: Home, fromStart = false): Promise<Stream> {
  const key = await openVideoKey(fake.keyDocument, home);
  if (!key.ok) throw new RangeError(key.code);
  return openStream(key.value, home, fromStart);
}

/** What came of one message: a picture's text, `checkpoint` or `covered`, or the code. */
async function take(stream: Stream, bytes: Uint8Array): Promise<string> {
  const read = readMedia(bytes);
  if (!read.ok) return read.code;
  const taken = await stream.take(read.value, bytes);
  if (!taken.ok) return taken.code;
  if (taken.value.is === 'picture') return new TextDecoder().decode(taken.value.picture.data);
  return taken.value.covered ? 'covered' : 'checkpoint';
}

const world = async () => {
  const device = await makeDevice();
  const fake = await sealStream({ ...device, door, visit: 'v'.repeat(22), codec: 'jpeg', startedMs: start });
  return { ...device, fake };
};

t.test('pictures come out as they went in, under checkpoints that fit', async (t) => {
  const { fake, home } = await world();
  const stream = await open(fake, home);
  t.equal(stream.key.claims.visit, 'v'.repeat(22));
  for (const text of ['one', 'two', 'three']) t.equal(await take(stream, fake.frame(picture(text), start)), text);
  t.equal(await take(stream, fake.checkpoint(start)), 'covered');
  t.equal(await take(stream, fake.frame(picture('four'), start)), 'four');
  t.equal(await take(stream, fake.checkpoint(start, { end: 'stopped' })), 'covered');
  t.equal(stream.ended, 'stopped');
  t.same(stream.missing(), []);
});

t.test('the key is found among those of several devices', async (t) => {
  const { hub, keys, home } = await makeDevice();
  const to = [strangersKey(), keys.seal.jwk, strangersKey()];
  const fake = await sealStream({ hub, to, door, codec: 'jpeg', startedMs: start });
  const stream = await open(fake, home);
  t.equal(await take(stream, fake.frame(picture('one'), start)), 'one');
});

t.test('a session that somebody else started is not genuine', async (t) => {
  const { home, to } = await makeDevice();
  const relay = makeHub(home.hub);
  const own = await sealStream({ hub: relay, to, door, codec: 'jpeg', startedMs: start });
  t.match(await openVideoKey(own.keyDocument, home), { ok: false, code: 'VIDEO_KEY_NOT_GENUINE' });
  // with the real key's name in the header
  const [, claims] = own.keyDocument.split('.');
  const head = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'videokey+jwt', kid: home.hubKey.kid })).toString(
    'base64url',
  );
  const signed = relay.sign('videokey+jwt', JSON.parse(Buffer.from(claims!, 'base64url').toString()) as object);
  const forged = `${head}.${claims}.${signed.split('.')[2]}`;
  t.match(await openVideoKey(forged, home), { ok: false, code: 'VIDEO_KEY_NOT_GENUINE' });
});

t.test('another hub’s stream, and no key at all, are refused by name', async (t) => {
  const { hub, home, to } = await makeDevice();
  const other = { ...hub, id: `hub-${'b'.repeat(20)}` };
  const fake = await sealStream({ hub: other, to, door, codec: 'jpeg', startedMs: start });
  t.match(await openVideoKey(fake.keyDocument, home), { ok: false, code: 'VIDEO_KEY_NOT_GENUINE' });
  t.match(await openVideoKey('no key', home), { ok: false, code: 'VIDEO_KEY_MALFORMED' });
});

t.test('a key that is sealed for other devices alone is not for this one', async (t) => {
  const { hub, home } = await makeDevice();
  for (const to of [[strangersKey()], [strangersKey(), strangersKey()]]) {
    const fake = await sealStream({ hub, to, door, codec: 'jpeg', startedMs: start });
    t.match(await openVideoKey(fake.keyDocument, home), { ok: false, code: 'VIDEO_KEY_NOT_FOR_YOU' });
  }
});

t.test(
  'a device that came later opens what an owner device shared with it, and nothing that a stranger did',
  async (t) => {
    const { hub, home: first, keys: firstKeys, to } = await makeDevice();
    const later = await makeDevice(hub);
    const fake = await sealStream({ hub, to, door, codec: 'jpeg', startedMs: start });
    const home = { ...later.home, owners: [...first.owners, ...later.home.owners] };
    const sealed = await wrapFor(later.to, fake.keyBytes);
    const claims = { aud: hub.id, stream: fake.id, iat: start / 1000, to: later.keys.seal.kid, sealed };
    const share = await signDocument(videoShareForm, claims, firstKeys.sign);
    const byStranger = await signDocument(videoShareForm, claims, (await makeDevice()).keys.sign);
    const ofOther = await signDocument(videoShareForm, { ...claims, stream: 's'.repeat(22) }, firstKeys.sign);
    t.match(await openVideoKey(fake.keyDocument, home, [byStranger, ofOther]), { code: 'VIDEO_KEY_NOT_FOR_YOU' });
    const opened = await openVideoKey(fake.keyDocument, home, [byStranger, ofOther, share]);
    if (!opened.ok) return t.fail(opened.code);
    t.equal(await take(await openStream(opened.value, home, true), fake.frame(picture('one'), start)), 'one');
  },
);

t.test('a picture that comes again, or out of order, is replayed', async (t) => {
  const { fake, home } = await world();
  const stream = await open(fake, home);
  const [one, two, three] = ['one', 'two', 'three'].map((text) => fake.frame(picture(text), start));
  t.equal(await take(stream, one!), 'one');
  t.equal(await take(stream, one!), 'VIDEO_FRAME_REPLAYED');
  stream.skipped(2, 2);
  t.equal(await take(stream, three!), 'three');
  t.equal(await take(stream, two!), 'VIDEO_FRAME_REPLAYED');
});

t.test('every byte of a picture’s message is authenticated', async (t) => {
  const { fake, home } = await world();
  const frame = fake.frame(picture('a picture'), start);
  const counts = new Map<string, number>();
  for (let at = 0; at < frame.length; at += 1) {
    const stream = await open(fake, home);
    const altered = Buffer.from(frame);
    altered[at]! ^= 1;
    const came = await take(stream, altered);
    counts.set(came, (counts.get(came) ?? 0) + 1);
  }
  t.equal(
    [...counts.values()].reduce((sum, count) => sum + count, 0),
    frame.length,
  );
  t.notOk(counts.has('a picture'), 'none passes');
  t.equal(counts.get('VIDEO_KEY_NOT_GENUINE'), 16, 'the stream’s id');
  t.ok(counts.get('VIDEO_FRAME_ALTERED')! > 20, 'number, time, flags, picture, tag');
});

t.test('after an altered picture the next one is not decoded on top of it', async (t) => {
  const { fake, home } = await world();
  const stream = await open(fake, home, true);
  await take(stream, fake.frame(picture('one'), start));
  const altered = fake.frame(picture('two'), start);
  altered[altered.length - 1]! ^= 1;
  t.equal(await take(stream, altered), 'VIDEO_FRAME_ALTERED');
  const three = fake.frame(picture('three'), start, false);
  const read = readMedia(three);
  if (!read.ok) return t.fail(read.code);
  t.match(await stream.take(read.value, three), { ok: true, value: { picture: { seq: 3, afterGap: true } } });
  t.same(stream.missing(), [], 'it was altered, not left out');
});

t.test('a gap that the relay owned up to is a slow connection; any other is pictures that were left out', async (t) => {
  const { fake, home } = await world();
  const stream = await open(fake, home);
  const frames = Array.from({ length: 9 }, (_, index) => fake.frame(picture(`${index + 1}`), start));
  t.equal(await take(stream, frames[0]!), '1');
  stream.skipped(2, 3);
  t.equal(await take(stream, frames[3]!), '4');
  t.same(stream.missing(), []);
  t.equal(await take(stream, frames[6]!), '7');
  t.same(stream.missing(), [[5, 6]]);
  t.same(stream.missing(), [], 'said once');
  t.equal(await take(stream, fake.checkpoint(start)), 'checkpoint', 'the chain is joined, not covered');
  t.equal(await take(stream, fake.frame(picture('10'), start)), '10');
  t.same(stream.missing(), [[8, 9]]);
});

t.test('pictures that were left out at the very end show when the hub signs the end', async (t) => {
  const { fake, home } = await world();
  const stream = await open(fake, home);
  await take(stream, fake.frame(picture('one'), start));
  fake.frame(picture('two'), start);
  await take(stream, fake.checkpoint(start, { end: 'lost' }));
  t.same(stream.missing(), [[2, 2]]);
  t.equal(stream.ended, 'lost');
  t.equal(
    await take(stream, fake.frame(picture('three'), start)),
    'VIDEO_FRAME_REPLAYED',
    'nothing comes after the end',
  );
});

t.test('a viewer that joins later follows the chain from the next checkpoint on', async (t) => {
  const { fake, home } = await world();
  for (let index = 0; index < 20; index += 1) fake.frame(picture('before'), start);
  const stream = await open(fake, home);
  t.equal(await take(stream, fake.frame(picture('21'), start)), '21');
  t.same(stream.missing(), []);
  t.equal(await take(stream, fake.checkpoint(start)), 'checkpoint');
  t.equal(await take(stream, fake.frame(picture('22'), start)), '22');
  t.equal(await take(stream, fake.checkpoint(start)), 'covered');
});

t.test('a checkpoint over other pictures breaks the chain, and one of somebody else is not genuine', async (t) => {
  const { fake, home, to } = await world();
  const stream = await open(fake, home);
  await take(stream, fake.frame(picture('one'), start));
  t.equal(await take(stream, fake.checkpoint(start, { hash: 'A'.repeat(43) })), 'VIDEO_CHAIN_BROKEN');
  const stranger = await sealStream({
    hub: makeHub(home.hub),
    to,
    door,
    codec: 'jpeg',
    startedMs: start,
    stream: fake.id,
  });
  t.equal(await take(stream, stranger.checkpoint(start, { end: 'stopped' })), 'VIDEO_HEAD_NOT_GENUINE');
  t.equal(stream.ended, undefined, 'a stranger ends nothing');
});

t.test('a relay that keeps the hub’s signatures back is noticed', async (t) => {
  const { fake, home } = await world();
  const stream = await open(fake, home);
  const came = new Set<string>();
  for (let index = 0; index < 160; index += 1) came.add(await take(stream, fake.frame(picture('x'), start)));
  t.same([...came], ['x', 'VIDEO_CHAIN_BROKEN']);
});

t.test('messages of another stream are refused', async (t) => {
  const { fake, home, hub, to } = await world();
  const stream = await open(fake, home);
  const other = await sealStream({ hub, to, door, codec: 'jpeg', startedMs: start });
  t.equal(await take(stream, other.frame(picture('one'), start)), 'VIDEO_KEY_NOT_GENUINE');
});
