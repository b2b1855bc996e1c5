import { open, readFile, stat } from 'node:fs/promises';
import t from 'tap';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { eraseKey } from '../../../cloud-bridge/media/erase.ts';
import { placeOf } from '../../../cloud-bridge/media/places.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import { newId, signDocument } from '../../../wire/jws.ts';
import { writeMessage } from '../../../wire/messages.ts';
import { topics } from '../../../wire/topics.ts';
import { retentionForm, videoShareForm } from '../../../wire/video.ts';
import { Owner } from '../support/people.ts';
import { fileOf, makeStudio, record, type Studio } from '../support/studio.ts';
import { watchDoor } from '../support/watch.ts';
import { ask, until } from '../support/world.ts';

const hourMs = 3_600_000;

const signRetention = ({ owner, hub }: Studio, version: number, claims: object = {}): Promise<string> => {
  const base = { aud: hub.id, version, iat: Math.floor(Date.now() / 1000), keepHours: 24, keep: [] as string[] };
  return signDocument(retentionForm, { ...base, ...claims }, owner.key);
};

const streamsOf = async ({ owner }: Studio): Promise<string[]> =>
  (await owner.ask('GET', `${owner.home}/recordings`)).body.recordings.map(({ stream }: { stream: string }) => stream);

const gone = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    () => true,
  );

async function askToForget({ hub }: Studio, streams: readonly string[]): Promise<{ forgotten: string[] }> {
  const id = newId();
  const answered = new Promise<{ forgotten: string[] }>((resolve) => {
    hub.client!.on('message', (_topic, payload) => {
      const message = JSON.parse(payload.toString('utf8'));
      if (message.id === id) resolve(message.body);
    });
  });
  const body = { op: 'media.forget', streams };
  await hub.client!.publishAsync(topics.up(hub.id, 'ask'), writeMessage({ v: 1, id, body }), { qos: 1 });
  return answered;
}

t.test(
  'the setting of the owner reaches the hub, also one that comes back later, and an older one is refused',
  async (t) => {
    const studio = await makeStudio(t);
    const { hub, owner } = studio;
    const first = await signRetention(studio, 1);
    t.match(await owner.put(first), { status: 200, body: { accepted: 'retention+jwt', pending: false } });
    t.match(hub.requests.at(-1)?.body, { op: 'document.put', document: first });
    await hub.leave();
    const second = await signRetention(studio, 2, { keepHours: 48 });
    t.match(await owner.put(second), { status: 202, body: { pending: true } });
    await hub.connect();
    t.ok((await hub.hello()).documents.includes(second), 'with its next hello');
    t.equal((await owner.put(await signRetention(studio, 1, { keepHours: 9 }))).body.code, 'RETENTION_OLD');
    const other = await makeStudio(t, { world: studio.world });
    t.equal((await owner.put(await signRetention(other, 3))).body.code, 'RETENTION_KEY_UNKNOWN');
  },
);

t.test('recordings go after 72 hours, or when the owner says so; disputed visits stay', async (t) => {
  const studio = await makeStudio(t);
  const { world, hub, owner } = studio;
  const sweep = async (): Promise<string[]> => {
    await world.cloud.sweep();
    return streamsOf(studio);
  };
  const disputed = newId();
  const { camera: kept } = await record(studio, 2, { visit: disputed });
  const { camera: first } = await record(studio, 2, { visit: newId() });
  world.wind(71 * hourMs);
  t.same(new Set(await sweep()), new Set([kept.stream, first.stream]));
  await owner.put(await signRetention(studio, 1, { keepHours: 80, keep: [disputed] }));
  world.wind(2 * hourMs);
  t.equal((await sweep()).length, 2, 'longer, because the owner said so');
  world.wind(8 * hourMs);
  t.same(await sweep(), [kept.stream]);
  t.ok(await gone(fileOf(world, hub, first.stream)));
  t.equal((await owner.ask('GET', `${owner.home}/recordings/${first.stream}`)).body.code, 'RECORDING_UNKNOWN');
  const { camera: fresh } = await record(studio, 1);
  await owner.put(await signRetention(studio, 2, { keepHours: 1 }));
  world.wind(2 * hourMs);
  t.same(await sweep(), [], `the dispute is over: ${kept.stream} and ${fresh.stream} are gone`);
  t.match(world.logged(), /recordingDeleted/);
});

t.test('what the hub has deleted is deleted here: key first, and it stays deleted', async (t) => {
  const studio = await makeStudio(t);
  const other = await makeStudio(t, { world: studio.world });
  const { world, hub, owner, link } = studio;
  const { camera, messages } = await record(studio, 3);
  const strange = newId();
  t.same(await askToForget(other, [camera.stream]), { forgotten: [camera.stream] }, 'it has none of that name');
  t.same(await streamsOf(studio), [camera.stream], 'T33: and deletes nothing of another hub');
  t.same(await askToForget(studio, [camera.stream, strange]), { forgotten: [camera.stream, strange] });
  t.ok(await gone(fileOf(world, hub, camera.stream)));
  t.same(await streamsOf(studio), []);
  const viewer = await watchDoor(world.cloud, owner, owner.home, hub.door);
  await link.send(...messages);
  await until('refused by name', () => world.logged().includes('"code":"RECORDING_UNKNOWN"'));
  t.same(viewer.seqs(), []);
  t.ok(await gone(fileOf(world, hub, camera.stream)));
});

t.test('a stream that is forgotten while it runs ends for those who watch', async (t) => {
  const studio = await makeStudio(t);
  const { world, hub, owner } = studio;
  const viewer = await watchDoor(world.cloud, owner, owner.home, hub.door);
  const { camera } = await record(studio, 3);
  await askToForget(studio, [camera.stream]);
  await until('it is over', () => viewer.words.at(-1)?.relay === 'idle');
  t.ok(await gone(fileOf(world, hub, camera.stream)));
});

t.test('a deletion that was cut off between the key and the pictures is ended at the next start', async (t) => {
  const studio = await makeStudio(t);
  const { world, hub, owner } = studio;
  const { camera, messages } = await record(studio, 3);
  const shares = fileOf(world, hub, camera.stream, 'shares');
  const share = await signShare(studio, camera.stream);
  t.equal(
    (await owner.ask('PUT', `${owner.home}/recordings/${camera.stream}/shares`, { body: { share } })).status,
    200,
  );
  await world.cloud.stop();

  // As far as a deletion comes before the power goes.
  const at = layoutOf(world.dataDir);
  const store = await openSqliteStore(at.database);
  await store.write(({ recordings }) => recordings.change(camera.stream, { deleting_at: world.now() }));
  await eraseKey(placeOf(at.recordings, { hub: hub.id, stream: camera.stream }));
  const left = await readFile(fileOf(world, hub, camera.stream));
  t.notOk(left.includes(Buffer.from(camera.keyText)), 'the key is gone');
  t.notOk((await readFile(shares)).includes(share.slice(0, 20)), 'and what was shared of it');
  t.ok(left.includes(Buffer.from(messages[1]!)), 'the pictures are still there: noise to everybody');

  const second = await world.another();
  t.ok(await gone(fileOf(world, hub, camera.stream)));
  t.ok(await gone(shares));
  const row = await store.read.recordings.find(camera.stream);
  t.ok(row?.deleted_at);
  await store.close();
  const again = new Owner({ ...world, cloud: second }, owner.key, owner.seal, hub);
  t.same((await again.ask('GET', `${owner.home}/recordings`)).body.recordings, []);
});

t.test('streams that no owner device can ever open are deleted', async (t) => {
  const studio = await makeStudio(t);
  const { world, hub } = studio;
  const { camera } = await record(studio, 1);
  const store = await openSqliteStore(layoutOf(world.dataDir).database);
  await store.write(({ hubs }) => hubs.change(hub.id, { owner_list: null }));
  await store.close();
  await world.cloud.sweep();
  t.ok(await gone(fileOf(world, hub, camera.stream)));
});

const signShare = ({ owner, hub }: Studio, stream: string, claims: object = {}, key = owner.key): Promise<string> => {
  const base = { aud: hub.id, stream, iat: Math.floor(Date.now() / 1000), to: 'A'.repeat(43), sealed: 'x'.repeat(200) };
  return signDocument(videoShareForm, { ...base, ...claims }, key);
};

t.test('an owner device shares the key of a recording; the newest for each device is given out', async (t) => {
  const studio = await makeStudio(t);
  const other = await makeStudio(t, { world: studio.world });
  const { owner, hub, world } = studio;
  const { camera } = await record(studio, 1);
  const path = `${owner.home}/recordings/${camera.stream}/shares`;
  const put = (share: string) => owner.ask('PUT', path, { body: { share } });
  const to = 'B'.repeat(43);
  const [first, second, third] = [
    await signShare(studio, camera.stream),
    await signShare(studio, camera.stream, { sealed: 'y'.repeat(200) }),
    await signShare(studio, camera.stream, { to }),
  ];
  for (const share of [first, second, third, third]) t.equal((await put(share)).status, 200);
  t.same((await owner.ask('GET', path)).body, { shares: [second, third] });
  t.same((await owner.ask('GET', `${path}?to=${to}`)).body, { shares: [third] });
  t.equal((await put(await signShare(studio, newId()))).body.code, 'VIDEO_SHARE_MALFORMED', 'of another stream');
  t.equal(
    (await put(await signShare(studio, camera.stream, { aud: other.hub.id }))).body.code,
    'VIDEO_SHARE_WRONG_HUB',
  );
  t.equal(
    (await put(await signShare(studio, camera.stream, {}, other.owner.key))).body.code,
    'VIDEO_SHARE_KEY_UNKNOWN',
  );
  const unknown = newId();
  const share = await signShare(studio, unknown);
  const missing = await owner.ask('PUT', `${owner.home}/recordings/${unknown}/shares`, { body: { share } });
  t.equal(missing.body.code, 'RECORDING_UNKNOWN');
  // Torn by a power cut.
  const file = await open(fileOf(world, hub, camera.stream, 'shares'), 'a');
  await file.appendFile(third.slice(0, 50));
  await file.close();
  const fourth = await signShare(studio, camera.stream, { to, sealed: 'z'.repeat(200) });
  t.equal((await put(fourth)).status, 200);
  t.same((await owner.ask('GET', path)).body, { shares: [second, fourth] });
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  t.equal((await ask(world.cloud, 'GET', path, { headers })).status, 401, 'T36');
  t.equal((await other.owner.ask('GET', path)).status, 404, 'T23');
  for (let index = 0; index < 64; index += 1) await put(await signShare(studio, camera.stream, { iat: index }));
  t.equal((await put(await signShare(studio, camera.stream, { iat: 99 }))).status, 429, 'there are only so many');
});
