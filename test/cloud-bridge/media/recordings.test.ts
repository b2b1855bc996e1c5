import { appendFile, mkdir, readFile, rm, stat, symlink, truncate } from 'node:fs/promises';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import t from 'tap';
import * as v from 'valibot';
import { newId } from '../../../wire/jws.ts';
import { MediaHaveAnswer, writeMessage } from '../../../wire/messages.ts';
import { topics } from '../../../wire/topics.ts';
import { Camera } from '../support/camera.ts';
import { prove } from '../support/keys.ts';
import type { Owner } from '../support/people.ts';
import { fileOf, makeStudio, record, type Studio, toFile } from '../support/studio.ts';
import { until, type World } from '../support/world.ts';

/** Downloads over a real connection. */
async function download(world: World, owner: Owner, path: string): Promise<Buffer> {
  const headers = await prove(owner.key, { method: 'GET', path: path.split('?')[0]!, now: world.now() });
  const { port } = world.cloud.app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', reject);
    });
    sent.on('error', reject).end();
  });
}

/** Asks the cloud as a hub does. */
async function askAsHub({ hub }: Studio, body: object): Promise<Record<string, unknown>> {
  const id = newId();
  const answered = new Promise<Record<string, unknown>>((resolve) => {
    hub.client!.on('message', (_topic, payload) => {
      const message = JSON.parse(payload.toString('utf8'));
      if (message.id === id) resolve(message.body);
    });
  });
  await hub.client!.publishAsync(topics.up(hub.id, 'ask'), writeMessage({ v: 1, id, body }), { qos: 1 });
  return answered;
}

const have = async (studio: Studio, stream: string) => {
  const answer = v.parse(MediaHaveAnswer, await askAsHub(studio, { op: 'media.have', streams: [stream] }));
  return answer.streams[0];
};

t.test('a recording is read by seq, each message once, whatever order it came in', async (t) => {
  const studio = await makeStudio(t);
  const { world, hub, owner, link } = studio;
  const camera = await Camera.start(hub, { owners: [owner.seal], visit: newId() });
  const one = camera.frames(5);
  const first = await camera.checkpoint();
  const two = camera.frames(5, { isKey: false });
  const second = await camera.checkpoint('stopped');
  await link.send(camera.keyMessage, ...one.slice(0, 3), first, ...two, ...one.slice(2), first, second, ...two);
  await until('stored', () => link.stored(camera.stream).length === 10);
  const path = `${owner.home}/recordings/${camera.stream}`;
  const whole = toFile([camera.keyMessage, ...one, first, ...two, second]);
  await until(
    'the end is known',
    async () => (await owner.ask('GET', `${owner.home}/recordings`)).body.recordings[0].endedAt,
  );
  t.same(await download(world, owner, path), whole);
  t.same(
    await download(world, owner, `${path}?from=8`),
    toFile([camera.keyMessage, one[4]!, first, ...two, second]),
    'from a key frame',
  );
  t.same(await download(world, owner, `${path}?from=99`), toFile([camera.keyMessage, one[4]!, first, ...two, second]));
  t.equal((await owner.ask('GET', `${path}?from=x`)).body.code, 'BODY_MALFORMED');
  t.same(await have(studio, camera.stream), { stream: camera.stream, key: true, ended: true, ranges: [[1, 10]] });
  t.equal((await stat(fileOf(world, hub, camera.stream))).mode & 0o077, 0, 'for the service alone');
});

t.test('what is not there is said: nothing, gaps, another hub', async (t) => {
  const studio = await makeStudio(t);
  const other = await makeStudio(t, { world: studio.world });
  const nothing = newId();
  t.same(await have(studio, nothing), { stream: nothing, key: false, ended: false, ranges: [] });
  const camera = await Camera.start(studio.hub, { owners: [studio.owner.seal] });
  const [one, , three] = camera.frames(3);
  await studio.link.send(camera.keyMessage, one!, three!);
  await until('stored', () => studio.link.stored(camera.stream).length === 2);
  const ranges = [
    [1, 1],
    [3, 3],
  ];
  t.same(await have(studio, camera.stream), { stream: camera.stream, key: true, ended: false, ranges });
  t.same(await have(other, camera.stream), { stream: camera.stream, key: false, ended: false, ranges: [] }, 'T33');
});

t.test('recordings are listed newest first, by door and visit, page by page', async (t) => {
  const studio = await makeStudio(t);
  const { hub, owner, link } = studio;
  const visit = newId();
  const cameras: Camera[] = [];
  for (let index = 0; index < 103; index += 1) {
    const claims = { iat: Date.now() + 1000 * Math.floor(index / 2) };
    const camera = await Camera.start(hub, { owners: [owner.seal], claims, ...(index === 5 ? { visit } : {}) });
    cameras.push(camera);
    await link.send(camera.keyMessage, ...camera.frames(1), await camera.checkpoint('stopped'));
    await until('stored', () => index % 12 !== 11 || link.stored(camera.stream).length === 1);
  }
  await until('all are stored', () => link.stored(cameras[102]!.stream).length === 1);
  const list = async (query = '') => (await owner.ask('GET', `${owner.home}/recordings${query}`)).body;
  const first = await list();
  t.equal(first.recordings.length, 100);
  const rest = await list(`?after=${first.next}`);
  t.equal(rest.recordings.length, 3);
  t.equal(rest.next, null);
  const all = [...first.recordings, ...rest.recordings];
  t.equal(new Set(all.map(({ stream }) => stream)).size, 103, 'none twice, none left out');
  t.same(
    all.map(({ startedAt }) => startedAt),
    all.map(({ startedAt }) => startedAt).sort((a, b) => b - a),
  );
  t.match((await list(`?visit=${visit}`)).recordings, [
    { stream: cameras[5]!.stream, visit, door: hub.door, frames: 1 },
  ]);
  t.equal((await list(`?door=${hub.door}`)).recordings.length, 100);
  t.same((await list(`?visit=${newId()}`)).recordings, []);
  t.equal((await list('?after=x')).code, 'BODY_MALFORMED');
});

t.test('a torn end is cut, and what was never acknowledged with it', async (t) => {
  const studio = await makeStudio(t);
  const { world, hub, owner, link } = studio;
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  const sent = [camera.keyMessage, ...camera.frames(4)];
  await link.send(...sent);
  await until('stored', () => link.stored(camera.stream).length === 4);
  await world.cloud.stop();
  const path = fileOf(world, hub, camera.stream);
  const fifth = camera.frame('five');
  await appendFile(path, toFile([fifth]).subarray(0, 30));
  const second = await world.another();
  await second.start();
  await until('it is back', () => world.logged().split('mediaOnline').length === 3);
  t.same((await have(studio, camera.stream))?.ranges, [[1, 4]]);
  const sixth = camera.frame('six');
  await link.send(sixth);
  await until('it goes on', () => link.stored(camera.stream).length === 5);
  t.same(await readFile(path), toFile([...sent, sixth]));
});

t.test('a disk that lost what it had promised: what is left counts, and the hub hears what is missing', async (t) => {
  const studio = await makeStudio(t);
  const { world, hub, owner, link } = studio;
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  await link.send(camera.keyMessage, ...camera.frames(4));
  await until('stored', () => link.stored(camera.stream).length === 4);
  await world.cloud.stop();
  const path = fileOf(world, hub, camera.stream);
  await truncate(path, (await stat(path)).size - 10);
  const second = await world.another();
  await second.start();
  await until('it is back', () => world.logged().split('mediaOnline').length === 3);
  camera.seq = 9;
  await link.send(camera.frame('ten'));
  await until('it goes on', () => link.stored(camera.stream).includes(10));
  t.same((await have(studio, camera.stream))?.ranges, [
    [1, 3],
    [10, 10],
  ]);
});

t.test('the disk is full: nothing is acknowledged as stored, live pictures go on, and it says so', async (t) => {
  const studio = await makeStudio(t);
  const { world, hub, owner, link } = studio;
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  const path = fileOf(world, hub, camera.stream);
  await mkdir(dirname(path), { recursive: true });
  await symlink('/dev/full', path);
  const lost = camera.frames(5);
  await link.send(camera.keyMessage, ...lost);
  await until('seen', () => link.seen(camera.stream).length === 5);
  await until('logged', () => world.logged().includes('"why":"ENOSPC"'));
  const health = async () => (await world.cloud.app.inject('/health')).json();
  t.match(await health(), { ok: true, recordings: false });
  t.same(link.stored(camera.stream), []);
  t.same((await have(studio, camera.stream))?.ranges, []);
  await rm(path);
  const later: Uint8Array[] = [];
  await until('there is room again', async () => {
    const frame = camera.frame('more');
    later.push(frame);
    await link.send(frame);
    return link.stored(camera.stream).length > 0;
  });
  t.match(await health(), { recordings: true });
  await link.send(...lost, ...later);
  await until('the hub brings the rest', () => link.stored(camera.stream).length === camera.seq);
  t.same((await have(studio, camera.stream))?.ranges, [[1, camera.seq]]);
});

t.test('below the reserve of the disk, and past what a home may take, nothing is stored', async (t) => {
  for (const config of [{ recordingsReserveMb: 10_000_000 }, { recordingsMbPerHome: 1 }]) {
    const studio = await makeStudio(t, { config });
    const { world, hub, owner, link } = studio;
    const filler = await Camera.start(hub, { owners: [owner.seal] });
    await link.send(filler.keyMessage, ...Array.from({ length: 12 }, () => filler.frame(Buffer.alloc(100_000))));
    await until('seen', () => link.seen(filler.stream).length === 12);
    await until(
      'looked at, or stored',
      () => world.logged().includes('nearly full') || link.stored(filler.stream).length === 12,
    );
    const camera = await Camera.start(hub, { owners: [owner.seal] });
    await link.send(camera.keyMessage, ...camera.frames(3));
    await until('live goes on', () => link.seen(camera.stream).length === 3);
    await until('logged', () => world.logged().includes('recordingFailed'));
    t.same((await have(studio, camera.stream))?.ranges, []);
    t.same(link.stored(camera.stream), []);
  }
});

t.test('T23, T36: recordings answer to the devices of their home alone', async (t) => {
  const studio = await makeStudio(t);
  const other = await makeStudio(t, { world: studio.world });
  const { world, owner } = studio;
  const { camera } = await record(studio, 2);
  const path = `${owner.home}/recordings/${camera.stream}`;
  t.equal((await owner.ask('GET', path)).status, 200);
  t.equal((await other.owner.ask('GET', path)).status, 404);
  t.equal((await other.owner.ask('GET', `${other.owner.home}/recordings/${camera.stream}`)).status, 404);
  t.equal((await other.owner.ask('GET', `${other.owner.home}/recordings/${camera.stream}/shares`)).status, 404);
  t.same((await other.owner.ask('GET', `${other.owner.home}/recordings`)).body.recordings, []);
  const operator = await world.cloud.app.inject({
    url: path,
    headers: { authorization: `Bearer ${world.operatorToken}` },
  });
  t.equal(operator.statusCode, 401);
  t.equal((await owner.ask('GET', `${owner.home}/recordings/..%2F..%2Fcloud.sqlite`)).status, 404);
});
