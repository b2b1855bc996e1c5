import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { Camera } from '../support/camera.ts';
import { newSignKey } from '../support/keys.ts';
import { Owner } from '../support/people.ts';
import { fileOf, makeStudio } from '../support/studio.ts';
import { watchDoor } from '../support/watch.ts';
import { makeWorld, until } from '../support/world.ts';

t.test(
  'a viewer gets the key, then every message as it came, and the hub an acknowledgement of each frame',
  async (t) => {
    const { world, hub, owner, link } = await makeStudio(t);
    const viewer = await watchDoor(world.cloud, owner, owner.home, hub.door);
    t.same(viewer.words, [{ relay: 'ready' }, { relay: 'hub', online: true }, { relay: 'idle' }]);
    const camera = await Camera.start(hub, { owners: [owner.seal] });
    const sent = [camera.keyMessage, ...camera.frames(20), await camera.checkpoint(), ...camera.frames(5)];
    await link.send(...sent);
    await until('all came', () => viewer.bytes.length === sent.length);
    t.same(
      viewer.bytes.map(String),
      sent.map((message) => String(Buffer.from(message))),
      'byte for byte, in order',
    );
    t.same(viewer.words.at(-1), { relay: 'stream', stream: camera.stream });
    const all = Array.from({ length: 25 }, (_, index) => index + 1);
    await until('each frame is acknowledged', () => link.seen(camera.stream).length === 25);
    t.same(link.seen(camera.stream), all, 'once, in order');
    await until('each frame is stored', () => link.stored(camera.stream).length === 25);
    t.same(link.stored(camera.stream), all);
    await link.send(await camera.checkpoint('stopped'));
    await until('the end is told', () => viewer.words.at(-1)?.relay === 'idle');
    t.equal(viewer.sealed.at(-1)?.type, 'checkpoint', 'after the last checkpoint');
  },
);

t.test('frames are acknowledged when nobody watches too', async (t) => {
  const { hub, owner, link } = await makeStudio(t);
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  await link.send(camera.keyMessage, ...camera.frames(3));
  await until('they are seen', () => link.seen(camera.stream).length === 3);
  t.pass();
});

t.test('who joins later starts at once with the newest key frame', async (t) => {
  const { world, hub, owner, link } = await makeStudio(t);
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  const old = camera.frames(3);
  const group = [camera.frame('key'), ...camera.frames(2, { isKey: false }), await camera.checkpoint()];
  await link.send(camera.keyMessage, ...old, ...group);
  await until('they are seen', () => link.seen(camera.stream).length === 6);
  const viewer = await watchDoor(world.cloud, owner, owner.home, hub.door);
  await until('the group is there', () => viewer.bytes.length === 5);
  t.same(
    viewer.sealed.map(({ type, seq }) => [type, seq]),
    [
      ['key', 0],
      ['frame', 4],
      ['frame', 5],
      ['frame', 6],
      ['checkpoint', 6],
    ],
  );
});

t.test('late, repeated and missing frames: stored, not shown, and never acknowledged as seen', async (t) => {
  const { world, hub, owner, link } = await makeStudio(t);
  const viewer = await watchDoor(world.cloud, owner, owner.home, hub.door);
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  const [first, second, third, fourth] = camera.frames(4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const old = camera.frame('half a minute old', { ageMs: 30_000 });
  camera.seq += 1;
  const afterGap = camera.frame('after a gap');
  await link.send(camera.keyMessage, first, third, second, third, fourth, old, afterGap);
  await until('what there is is stored', () => link.stored(camera.stream).length === 6);
  t.same(link.stored(camera.stream), [1, 2, 3, 4, 5, 7], 'the missing one is not');
  t.same(viewer.seqs(), [1, 3, 4, 7], 'shown in order, none twice');
  t.same(link.seen(camera.stream), [1, 3, 4, 7]);
  const list = async () => (await owner.ask('GET', `${owner.home}/recordings`)).body.recordings;
  t.match(await list(), [{ stream: camera.stream, frames: 6, late: 2, complete: false, endedAt: null }]);
  link.acks.length = 0;
  await link.send(second);
  await until('what is stored is acknowledged again', () => link.stored(camera.stream).length === 1);
  t.match(await list(), [{ frames: 6, late: 2 }], 'and not stored again');
  const { body } = await owner.ask('GET', `${owner.home}/recordings/${camera.stream}`);
  t.ok(String(body).length > 0);
});

t.test('T33: a key that this hub did not sign, for another door, or of another hub starts nothing', async (t) => {
  const world = await makeWorld(t);
  const a = await makeStudio(t, { world });
  const b = await makeStudio(t, { world });
  const viewer = await watchDoor(world.cloud, a.owner, a.owner.home, a.hub.door);
  const owners = [b.owner.seal];
  const wrong = {
    'another key': await Camera.start(a.hub, { owners, key: await newSignKey('Ed25519') }),
    'the key of another hub': await Camera.start(a.hub, { owners, key: b.hub.sign }),
    'the door of another hub': await Camera.start(b.hub, { owners, claims: { door: a.hub.door } }),
    'the name of another hub': await Camera.start(b.hub, { owners, claims: { iss: a.hub.id } }),
    'another stream than its header says': await Camera.start(b.hub, { owners, claims: { stream: newId() } }),
  };
  for (const [what, camera] of Object.entries(wrong)) {
    const from = camera.hub === a.hub ? a.link : b.link;
    await from.send(camera.keyMessage, ...camera.frames(3));
    const probe = await Camera.start(camera.hub, { owners });
    // Streams of one hub come in order: when this one is seen, the wrong one was looked at.
    await from.send(probe.keyMessage, ...probe.frames(1), await probe.checkpoint('stopped'));
    await until('the next stream is seen', () => from.seen(probe.stream).length === 1);
    t.same(from.seen(camera.stream), [], what);
    t.notOk(
      viewer.sealed.some(({ stream }) => stream === camera.stream),
      `${what}: shown`,
    );
    await t.rejects(readFile(fileOf(world, camera.hub, camera.stream)), { code: 'ENOENT' }, `${what}: stored`);
  }
  t.match(world.logged(), /"code":"VIDEO_KEY_NOT_GENUINE"/);
  t.match(world.logged(), /"code":"DOOR_UNKNOWN"/);
});

t.test('T33: a stream of one hub is not taken from another', async (t) => {
  const world = await makeWorld(t);
  const a = await makeStudio(t, { world });
  const b = await makeStudio(t, { world });
  const viewer = await watchDoor(world.cloud, a.owner, a.owner.home, a.hub.door);
  const camera = await Camera.start(a.hub, { owners: [a.owner.seal] });
  await a.link.send(camera.keyMessage, ...camera.frames(2));
  await until('it is stored', () => a.link.stored(camera.stream).length === 2);
  const forged = camera.frames(3);
  const thief = await Camera.start(b.hub, { owners: [b.owner.seal], stream: camera.stream });
  await b.link.send(camera.keyMessage, ...forged, thief.keyMessage, ...thief.frames(3));
  const probe = await Camera.start(b.hub, { owners: [b.owner.seal] });
  await b.link.send(probe.keyMessage, ...probe.frames(1));
  await until('the next stream is seen', () => b.link.seen(probe.stream).length === 1);
  t.same(viewer.seqs(), [1, 2]);
  t.same(b.link.seen(camera.stream), []);
  await until('refused by name', () => world.logged().includes('VIDEO_KEY_NOT_GENUINE'));
  t.equal((await b.owner.ask('GET', `${b.owner.home}/recordings/${camera.stream}`)).status, 404, 'T23');
});

t.test(
  'bytes that are no message, frames without a key, and a checkpoint of another stream are refused by name',
  async (t) => {
    const { world, hub, owner, link } = await makeStudio(t);
    const camera = await Camera.start(hub, { owners: [owner.seal] });
    const other = await Camera.start(hub, { owners: [owner.seal] });
    const foreign = Buffer.from(await other.checkpoint());
    Buffer.from(camera.keyMessage).copy(foreign, 4, 4, 20);
    await link.send(Buffer.from('hello'), Buffer.alloc(60_000), ...other.frames(2));
    await link.send(camera.keyMessage, foreign, ...camera.frames(1));
    await until('the good one is seen', () => link.seen(camera.stream).length === 1);
    for (const code of ['MEDIA_MALFORMED', 'RECORDING_UNKNOWN', 'VIDEO_HEAD_NOT_GENUINE']) {
      await until(code, () => world.logged().includes(`"code":"${code}"`));
    }
    t.same(link.seen(other.stream), []);
  },
);

t.test(
  'changed messages of any kind do not stop the relay, and none comes to a viewer as another stream',
  async (t) => {
    const { world, hub, owner, link } = await makeStudio(t);
    const viewer = await watchDoor(world.cloud, owner, owner.home, hub.door);
    const camera = await Camera.start(hub, { owners: [owner.seal] });
    await link.send(camera.keyMessage);
    const good = [camera.keyMessage, ...camera.frames(3), await camera.checkpoint('stopped')];
    const changed = Array.from({ length: 600 }, (_, round) => {
      const bytes = Buffer.from(good[round % good.length]!);
      const at = randomInt(round % 3 === 0 ? 32 : bytes.length);
      bytes[at] = bytes[at]! ^ (1 << randomInt(8));
      return round % 7 === 0 ? bytes.subarray(0, at) : bytes;
    });
    await link.send(...changed);
    const next = await Camera.start(hub, { owners: [owner.seal], claims: { iat: Date.now() + 1 } });
    await until('it goes on', async () => {
      await link.send(next.keyMessage, ...next.frames(1));
      return link.seen(next.stream).length > 0;
    });
    const streams = new Set(viewer.sealed.map(({ stream }) => stream));
    t.same([...streams].sort(), [camera.stream, next.stream].sort());
  },
);

t.test('an end that the hub did not sign ends nothing', async (t) => {
  const { world, hub, owner, link } = await makeStudio(t);
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  await link.send(
    camera.keyMessage,
    ...camera.frames(1),
    await camera.checkpoint('stopped', await newSignKey('Ed25519')),
  );
  await until('refused', () => world.logged().includes('VIDEO_HEAD_NOT_GENUINE'));
  await link.send(...camera.frames(1));
  await until('it goes on', () => link.seen(camera.stream).length === 2);
  t.match((await owner.ask('GET', `${owner.home}/recordings`)).body.recordings, [{ endedAt: null, complete: false }]);
});

t.test('a hub that sends more than it may is held back', async (t) => {
  const world = await makeWorld(t, { config: { mediaBytesPerSecond: 100_000 } });
  const { hub, owner, link } = await makeStudio(t, { world });
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  const big = Array.from({ length: 12 }, () => camera.frame(Buffer.alloc(100_000)));
  await link.send(camera.keyMessage, ...big);
  await until('held back', () => world.logged().includes('RATE_LIMITED'));
  t.ok(link.seen(camera.stream).length < 12);
});

t.test(
  'the relay is restarted in the middle of a stream: it goes on from its own file, without the key being sent again',
  async (t) => {
    const { world, hub, owner, link } = await makeStudio(t);
    const camera = await Camera.start(hub, { owners: [owner.seal] });
    await link.send(camera.keyMessage, ...camera.frames(5));
    await until('stored', () => link.stored(camera.stream).length === 5);
    await world.cloud.stop();
    const lost = camera.frames(2);
    await link.send(...lost);
    const second = await world.another();
    await second.start();
    await until('it is back', () => world.logged().split('mediaOnline').length === 3);
    const again = new Owner({ ...world, cloud: second }, owner.key, owner.seal, hub);
    const viewer = await watchDoor(second, again, again.home, hub.door);
    await link.send(...camera.frames(3), camera.keyMessage, ...lost, await camera.checkpoint('stopped'));
    await until('all is stored', () => link.stored(camera.stream).length === 10);
    t.same(viewer.seqs(), [8, 9, 10]);
    t.same(link.seen(camera.stream), [1, 2, 3, 4, 5, 8, 9, 10]);
    const rows = async () => (await again.ask('GET', `${again.home}/recordings`)).body.recordings;
    await until('it is complete', async () => (await rows())[0].complete);
    t.match(await rows(), [{ frames: 10, late: 2 }]);
    t.match(viewer.words.at(-1), { relay: 'idle' });
  },
);

t.test('R10, T36: who has the cloud with its disk and its database finds no picture and no key', async (t) => {
  const { world, hub, owner, link } = await makeStudio(t);
  const viewer = await watchDoor(world.cloud, owner, owner.home, hub.door);
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  const marker = 'somebody at the door';
  await link.send(camera.keyMessage, camera.frame(marker.repeat(20)), await camera.checkpoint('stopped'));
  await until('stored', () => link.stored(camera.stream).length === 1);
  const places = ['cloud.sqlite', 'cloud.sqlite-wal', `recordings/${hub.id}/${camera.stream}.rec`];
  const everything = await Promise.all(places.map((name) => readFile(join(world.dataDir, name))));
  const secrets = [marker, camera.secret, camera.secret.toString('base64url'), camera.secret.toString('hex')];
  for (const bytes of [...everything, ...viewer.bytes, Buffer.from(world.logged())]) {
    t.ok(bytes.length > 100);
    for (const secret of secrets) t.notOk(bytes.includes(secret));
  }
});
