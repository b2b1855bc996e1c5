/** The photo of a delivery, from the courier's phone to the household: S054, S076 to S081, S083, S084, and who cannot read it. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { unpackPhoto } from '../../../wire/delivery-photo.ts';
import { newId } from '../../../wire/jws.ts';
import { openSealed } from '../../../wire/seal.ts';
import { makeCourier } from '../support/people.ts';
import { openPhotoStage, somePicture } from './stage.ts';

const stage = await openPhotoStage(t);
const { world, owner, second, store } = stage;
const day = 86_400_000;
const code = (answer: { body: { code?: string } }) => answer.body.code;
const list = (delivery: string) => owner.ask('GET', `${owner.home}/deliveries/${delivery}/photos`);
const countOf = async (delivery: string) => {
  const { deliveries } = (await owner.ask('GET', `${owner.home}/deliveries`)).body;
  return deliveries.find((one: { delivery: string }) => one.delivery === delivery).photos;
};
const fileOf = (hash: string): string => join(world.dataDir, 'photos', `${hash}.jwe`);

t.test(
  'S054, S076, S084: sent before the parcel is put down, told at once, opened by the household alone',
  async (t) => {
    const task = await stage.atDrop();
    t.match((await task.look()).body, { photo: true, plan: [{ place: 'drop', text: 'Behind the shed' }] });
    t.equal(code(await task.act({ act: 'put', place: 'drop' })), 'STOP_PROOF_MISSING');
    const picture = somePicture();
    const position = { lat: 52.52, lon: 13.405, accuracy: 9, at: world.now() };
    const photo = await stage.seal(task, picture, { position });
    const sent = await stage.send(task, photo);
    t.match(sent, { status: 200, body: { photo: photo.hash } });
    t.same(await stage.send(task, photo).then(({ body }) => body), sent.body, 'sent twice it is one');
    t.match((await stage.told('home', task.delivery)).at(-1), { type: 'photo.taken', photo: photo.hash });
    t.equal((await stage.told('carrier', task.delivery)).filter(({ type }) => type === 'photo.taken').length, 0);
    t.match((await list(task.delivery)).body, { photos: [{ photo: photo.hash, attempt: 1, isProof: false }] });
    t.equal(await countOf(task.delivery), 1, 'the list of deliveries says that there is one');

    t.equal(code(await task.act({ act: 'put', place: 'drop', photo: 'A'.repeat(43) })), 'STOP_PROOF_MISSING');
    t.match((await task.act({ act: 'put', place: 'drop', photo: photo.hash })).body, { end: 'put' });
    t.match((await list(task.delivery)).body, { photos: [{ photo: photo.hash, isProof: true }] });

    const path = `${owner.home}/deliveries/${task.delivery}/photos/${photo.hash}`;
    const read = await second.ask('GET', path);
    const opened = unpackPhoto(await openSealed(read.body.sealed, stage.openKey));
    t.same(Buffer.from(opened!.picture), Buffer.from(picture));
    t.match(opened!.facts, { delivery: task.delivery, attempt: 1, position, blurred: 'frame' });
    t.equal(code(await task.courier.ask('GET', path)), 'NOT_FOUND', 'its courier has no way to it');
    t.equal(code(await stage.carrier.ask('GET', path)), 'UNAUTHENTICATED');
  },
);

t.test('S076: what is handed over in person is not photographed', async (t) => {
  const always = { amount: 0, currency: 'EUR' };
  await stage.wish({ order: ['in-person', 'tomorrow'], codeFrom: always });
  const task = await stage.task(['in-person', 'tomorrow']);
  await task.act({ act: 'arrive' });
  t.match((await task.look()).body, { photo: false });
  t.equal(code(await task.courier.ask('GET', `${task.path}/stop/photo`)), 'PHOTO_NOT_WANTED');
  const photo = await stage.seal(task, somePicture(1_000));
  t.equal(code(await stage.send(task, photo)), 'PHOTO_NOT_WANTED');
  t.notOk(existsSync(fileOf(photo.hash)));
});

t.test(
  'S079, S080: confidential or switched off, it is refused although it was sent, and nothing of it stays',
  async (t) => {
    for (const off of [{ isConfidential: true }, { photos: false }]) {
      const task = await stage.atDrop();
      const photo = await stage.seal(task, somePicture());
      await stage.wish({ order: ['drop'], drop: 'Behind the shed', ...off });
      t.match((await task.look()).body, { photo: false }, 'S080: effective at once');
      const refused = await stage.send(task, photo);
      t.match(refused, { status: 403, body: { code: 'PHOTO_NOT_WANTED' } });
      t.notMatch(JSON.stringify(refused.body), /confidential|switch/i, 'the courier is not told why');
      const kept = stage.everything();
      t.notOk(kept.includes(photo.hash));
      t.notOk(kept.includes(photo.sealed.slice(200, 300)));
      t.match((await list(task.delivery)).body, { photos: [] });
    }
    const task = await stage.atDrop();
    await owner.ask('PUT', `${owner.home}/position`, { body: { position: { lat: 52.52, lon: 13.405, accuracy: 20 } } });
    await stage.wish({ order: ['drop'], drop: 'Behind the shed', photos: false });
    t.equal(code(await task.act({ act: 'put', place: 'drop' })), 'STOP_PROOF_MISSING');
    await task.act({ act: 'arrive', position: { lat: 52.52, lon: 13.405, accuracy: 9, at: world.now() } });
    t.match((await task.act({ act: 'put', place: 'drop' })).body, { end: 'put' }, 'S081: no photo, another proof');
    await owner.ask('PUT', `${owner.home}/position`, { body: { position: null } });
  },
);

t.test('S083: nothing is photographed where the operator has switched the country off', async (t) => {
  const task = await stage.atDrop({ zone: 'Europe/Berlin' });
  const photo = await stage.seal(task, somePicture(2_000));
  const off = await world.another({ photosOffIn: ['DE'] });
  t.teardown(() => off.stop());
  const here = world.cloud;
  const send = (cloud: typeof here) => {
    (world as { cloud: typeof here }).cloud = cloud;
    return stage.send(task, photo).finally(() => {
      (world as { cloud: typeof here }).cloud = here;
    });
  };
  t.equal(code(await send(off)), 'PHOTO_NOT_WANTED');
  t.equal((await send(here)).status, 200);
});

t.test(
  'only of the device at the stop, when the parcel may be put down, sealed for the household of now',
  async (t) => {
    await stage.wish({ order: ['drop'], drop: 'Behind the shed' });
    const early = await stage.task(['drop']);
    const draft = await stage.seal(early, somePicture(2_000));
    t.equal(code(await stage.send(early, draft)), 'STOP_NOT_HERE');
    await early.act({ act: 'arrive' });
    t.equal(code(await stage.send(early, draft)), 'STOP_NOT_RUNG', 'S062');
    await early.act({ act: 'ring' });
    t.equal(code(await stage.send(early, draft)), 'STOP_WAIT');
    world.wind(61_000);

    const other = await makeCourier(world);
    const { sealed, ownerList } = draft;
    const put = (body: object, by = early.courier) => by.ask('PUT', `${early.path}/stop/photo`, { body });
    t.equal(code(await put({ sealed, ownerList }, other)), 'TASK_OTHER_DEVICE');
    t.equal(code(await put({ sealed, ownerList: ownerList - 1 })), 'PHOTO_KEYS_OLD');
    const { recipients, ...rest } = JSON.parse(sealed);
    t.equal(
      code(await put({ sealed: JSON.stringify({ ...rest, recipients: recipients.slice(1) }), ownerList })),
      'PHOTO_UNFIT',
    );
    t.equal(code(await put({ sealed: `a.b.c.d.${'A'.repeat(100)}`, ownerList })), 'PHOTO_UNFIT', 'not sealed at all');
    t.equal((await put({ sealed: `a.b.c.d.${'A'.repeat(1_400_000)}`, ownerList })).status, 400);
    t.equal((await put({ sealed: `a.b.c.d.${'A'.repeat(1_600_000)}`, ownerList })).status, 413);
    t.same((await list(early.delivery)).body, { photos: [] });

    t.equal((await put({ sealed, ownerList })).status, 200);
    const task = await stage.atDrop();
    t.equal(
      code(await task.act({ act: 'put', place: 'drop', photo: draft.hash })),
      'STOP_PROOF_MISSING',
      'of another stop',
    );
    t.equal(code(await stage.send(task, draft)), 'PHOTO_UNFIT');
    for (let n = 0; n < 4; n++) t.equal((await stage.send(task, await stage.seal(task, somePicture(500)))).status, 200);
    t.equal(code(await stage.send(task, await stage.seal(task, somePicture(500)))), 'RATE_LIMITED');
  },
);

t.test('a deletion that was cut off goes on, and a file that belongs to nothing goes', async (t) => {
  const task = await stage.atDrop();
  const photo = await stage.seal(task, somePicture(2_000));
  await stage.send(task, photo);
  await store.write(({ photos }) => photos.markDeleting(photo.hash, world.now()));
  t.same((await list(task.delivery)).body, { photos: [] }, 'it is gone for everybody already');
  t.equal(await countOf(task.delivery), undefined);
  t.equal(code(await task.act({ act: 'put', place: 'drop', photo: photo.hash })), 'STOP_PROOF_MISSING');
  await world.cloud.sweep();
  t.notOk(existsSync(fileOf(photo.hash)));
  t.equal(await store.read.photos.find(photo.hash), undefined);
  const strays = [fileOf(newId()), `${fileOf(newId())}.${newId()}`];
  for (const stray of strays) writeFileSync(stray, 'x');
  const again = await world.another();
  t.teardown(() => again.stop());
  for (const stray of strays) t.notOk(existsSync(stray));
});

t.test('sent for two parcels at once, it is taken for one: what is refused leaves the file of the other', async (t) => {
  const tasks = [await stage.atDrop(), await stage.atDrop()];
  const photo = await stage.seal(tasks[0]!, somePicture());
  const sent = await Promise.all(tasks.map((task) => stage.send(task, photo)));
  t.same(sent.map(({ status }) => status).sort(), [200, 400]);
  t.equal(
    sent.map(code).find((one) => one !== undefined),
    'PHOTO_UNFIT',
  );
  const taken = tasks[sent.findIndex(({ status }) => status === 200)]!;
  t.equal((await owner.ask('GET', `${owner.home}/deliveries/${taken.delivery}/photos/${photo.hash}`)).status, 200);
  t.same(
    readdirSync(join(world.dataDir, 'photos')).filter((name) => name.includes(photo.hash)),
    [`${photo.hash}.jwe`],
    'and nothing else of it stays',
  );

  const task = await stage.atDrop();
  const same = await stage.seal(task, somePicture());
  const twice = await Promise.all([stage.send(task, same), stage.send(task, same)]);
  t.match(twice, [{ status: 200 }, { status: 200 }], 'the same twice at once is one');
  t.ok(existsSync(fileOf(same.hash)));
});

t.test('condition 5: database, write-ahead log, files, logs and a backup hold no part of the picture', async (t) => {
  const task = await stage.atDrop();
  const picture = somePicture();
  const photo = await stage.seal(task, picture);
  await stage.send(task, photo);
  await task.act({ act: 'put', place: 'drop', photo: photo.hash });
  const database = new Database(join(world.dataDir, 'cloud.sqlite'), { readonly: true });
  await database.backup(join(world.dataDir, 'backup.sqlite'));
  database.close();
  const kept = stage.everything();
  t.ok(kept.includes(photo.hash) && kept.includes(photo.sealed), 'the search finds what is there');
  const raw = Buffer.from(picture);
  for (let at = 0; at + 24 <= raw.length; at += 997) {
    const part = raw.subarray(at, at + 24);
    const found = [part.toString('latin1'), part.toString('base64'), part.toString('base64url'), part.toString('hex')];
    if (found.some((text, index) => kept.includes(text, 0, index === 0 ? 'latin1' : 'utf8'))) t.fail(`at ${at}`);
  }
  t.notOk(kept.includes('"blurred"'), 'nor what is sealed beside it');
});

t.test('deleted by the household, or when its time is over: file, row and bytes are gone', async (t) => {
  const task = await stage.atDrop({ photoDays: 2 });
  const [one, two] = [await stage.seal(task, somePicture()), await stage.seal(task, somePicture())];
  for (const photo of [one, two]) await stage.send(task, photo);
  await task.act({ act: 'put', place: 'drop', photo: two.hash });
  const path = `${owner.home}/deliveries/${task.delivery}/photos`;
  t.equal((await owner.ask('DELETE', `${path}/${one.hash}`)).status, 200);
  t.equal((await owner.ask('GET', `${path}/${one.hash}`)).status, 404);
  t.notOk(existsSync(fileOf(one.hash)));
  t.notOk(stage.everything().includes(one.sealed.slice(100, 200)));
  t.match((await stage.told('home', task.delivery)).at(-1), {
    type: 'photo.deleted',
    photo: one.hash,
    by: owner.key.kid,
  });

  const opened = await owner.ask('POST', `${owner.home}/cases`, {
    body: { delivery: task.delivery, reason: 'missing' },
  });
  world.wind(2 * day + 1);
  await world.cloud.sweep();
  t.equal((await owner.ask('GET', `${path}/${two.hash}`)).status, 200, 'S085: a case about it is open');
  await owner.ask('POST', `${owner.home}/cases/${opened.body.case}/close`, { body: {} });
  await world.cloud.sweep();
  t.equal((await owner.ask('GET', `${path}/${two.hash}`)).status, 404);
  t.notOk(existsSync(fileOf(two.hash)));
});
