import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { onlyPicture } from '../../../cloud-bridge/pages/owner/doors/only-picture.ts';
import { newId } from '../../../wire/jws.ts';
import { taskOf } from '../stop/stop-stage.ts';
import { makeHub } from '../support/hub.ts';
import { type Courier, makeCarrier, makeCourier, makeOwner, makeTask } from '../support/people.ts';
import { makeWorld, type World } from '../support/world.ts';

const jpeg = readFileSync(join(import.meta.dirname, '../../vectors/photo/chromium.jpg'));
const photo = Buffer.from(onlyPicture(jpeg)!).toString('base64');
const hint = { place: '1C', instruction: 'Hinter das Tor, links. За вратата.', photo };

/** A home whose door is described, and a courier on the way to it. */
async function makeHome(world: World, consent: 'auto' | 'ask' = 'auto') {
  const hub = await makeHub(world);
  const owner = await makeOwner(world, hub);
  const carrier = await makeCarrier(world);
  const courier = await makeCourier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub, { consent })]));
  const path = `${owner.home}/doors/${hub.door}/hint`;
  const put = (body: object) => owner.ask('PUT', path, { body });
  return { hub, owner, carrier, courier, path, put };
}
type Home = Awaited<ReturnType<typeof makeHome>>;

async function send({ hub, carrier, courier }: Home) {
  const made = await makeTask(hub, carrier, courier);
  const assign = async (): Promise<void> => {
    const assignment = await carrier.signAssignment(hub, made.delivery, courier.key.kid);
    await carrier.ask('POST', `/v1/deliveries/${made.delivery}/assignment`, { body: { assignment } });
  };
  return { ...made, assign };
}

/** What somebody was told of found doors. */
function foundBy({ dataDir }: World, party: string): unknown[] {
  const database = new Database(join(dataDir, 'cloud.sqlite'), { readonly: true });
  const rows = database.prepare("select data from event where party = ? and type = 'door.found'").all(party);
  database.close();
  return (rows as { data: string }[]).map(({ data }) => JSON.parse(data));
}

/** All that can be asked of a hint, as status and code. */
async function asked(courier: Courier, task: string): Promise<string[]> {
  const answers = [
    await courier.ask('GET', `${task}/hint`),
    await courier.ask('GET', `${task}/hint/photo`),
    await courier.ask('POST', `${task}/hint/found`, { body: {}, key: false }),
  ];
  return answers.map(({ status, body }) => `${status} ${status === 200 ? 'shown' : body.code}`);
}
const nothing = Array(3).fill('404 NOT_FOUND');
const all = Array(3).fill('200 shown');

t.test('S052, S054: an owner says how to find a door, and takes it back', async (t) => {
  const world = await makeWorld(t);
  const home = await makeHome(world);
  const other = await makeHome(world);
  t.teardown(() => Promise.all([home.hub.leave(), other.hub.leave()]));
  const { owner, path, put } = home;
  t.equal((await owner.ask('GET', path)).status, 404);
  t.equal((await put(hint)).status, 200);
  t.same((await owner.ask('GET', path)).body, hint);
  t.equal((await put({ instruction: 'Garden hut' })).status, 200);
  t.same((await owner.ask('GET', path)).body, { instruction: 'Garden hut' }, 'as a whole');

  const foreign = `${other.owner.home}/doors/${home.hub.door}/hint`;
  for (const [method, body] of [
    ['GET', undefined],
    ['PUT', { place: '1A' }],
    ['DELETE', undefined],
  ] as const) {
    const answer = await other.owner.ask(method, foreign, body === undefined ? {} : { body });
    t.match(answer, { status: 404, body: { code: 'NOT_FOUND' } }, `${method} a door of another home`);
  }
  for (const wrong of [
    {},
    { place: '1H' },
    { instruction: '' },
    { instruction: ' x' },
    { instruction: 'x'.repeat(201) },
    { instruction: 'two\nlines' },
    { instruction: 'left \u202eright' },
    { place: '1A', more: 1 },
    { photo: 'no base64' },
    { photo: 'A'.repeat(160_004) },
  ]) {
    t.match(await put(wrong), { status: 400, body: { code: 'BODY_MALFORMED' } }, JSON.stringify(wrong).slice(0, 40));
  }
  t.match(await put({ photo: jpeg.toString('base64') }), { status: 400, body: { code: 'HINT_PHOTO_UNFIT' } });
  t.match(await put({ photo: 'A'.repeat(190_000) }), { status: 413 });
  t.same((await owner.ask('GET', path)).body, { instruction: 'Garden hut' }, 'what was refused changed nothing');
  t.equal((await owner.ask('DELETE', path)).status, 200);
  t.equal((await owner.ask('DELETE', path)).status, 200, 'twice is once');
  t.equal((await owner.ask('GET', path)).status, 404);
});

t.test('the device that may go there now is shown it, and says once that the door was found', async (t) => {
  const world = await makeWorld(t);
  const home = await makeHome(world);
  t.teardown(() => home.hub.leave());
  const { owner, courier, carrier, put, path } = home;
  await put(hint);
  const { task, delivery, assign } = await send(home);
  t.same(await asked(courier, task), nothing, 'a link that the carrier has not signed for is nothing yet');
  await assign();
  const shown = await courier.ask('GET', `${task}/hint`);
  const { place, instruction } = hint;
  t.same(shown.body, { place, instruction, hasPhoto: true, isFound: false });
  const picture = await courier.ask('GET', `${task}/hint/photo`);
  t.equal(picture.headers['content-type'], 'image/jpeg');
  t.equal(picture.headers['content-length'], `${Buffer.from(photo, 'base64').length}`);
  t.same(await asked(courier, task), all);
  t.same(await asked(courier, task), all, 'again is no news');
  t.equal((await courier.ask('GET', `${task}/hint`)).body.isFound, true);

  const read = { delivery, door: home.hub.door };
  for (const party of [`home:${home.hub.home}`, `carrier:${carrier.id}`]) {
    const told = foundBy(world, party);
    t.equal(told.length, 1, party);
    t.match(told[0], read);
  }

  await put({ place: '1A' });
  t.same((await courier.ask('GET', `${task}/hint`)).body, { place: '1A', hasPhoto: false, isFound: true });
  t.equal((await courier.ask('GET', `${task}/hint/photo`)).status, 404, 'no photo, none shown');
  await owner.ask('DELETE', path);
  t.same(await asked(courier, task), nothing);
});

t.test('T28, S048: to others, before and after, it is as if there were nothing', async (t) => {
  const world = await makeWorld(t);
  const [home, other] = [await makeHome(world), await makeHome(world, 'ask')];
  t.teardown(() => Promise.all([home.hub.leave(), other.hub.leave()]));
  await home.put(hint);
  await other.put(hint);
  const { task, delivery, assign } = await send(home);
  await assign();
  t.same(await asked(home.courier, task), all);
  t.same(await asked(other.courier, task), nothing, 'another device');
  t.same(await asked(home.courier, `/v1/tasks/${newId()}${newId().slice(0, 21)}`), nothing, 'a link that never was');

  const waiting = await send(other);
  await waiting.assign();
  t.same(await asked(other.courier, waiting.task), nothing, 'the owner has not said yes');

  const later = await home.carrier.announce(home.hub, { from: Math.floor(world.now() / 1000) + 3600 });
  const link = await home.carrier.ask('POST', `/v1/deliveries/${later.body.delivery}/task-link`, { body: {} });
  const early = `/v1/tasks/${link.body.token}`;
  await home.courier.ask('POST', `${early}/claim`, { body: {}, key: false });
  const assignment = await home.carrier.signAssignment(home.hub, later.body.delivery, home.courier.key.kid);
  await home.carrier.ask('POST', `/v1/deliveries/${later.body.delivery}/assignment`, { body: { assignment } });
  t.equal((await home.courier.ask('GET', `${early}/grant`)).status, 200, 'the grant is there');
  t.same(await asked(home.courier, early), nothing, 'its window is not');

  await home.carrier.ask('POST', `/v1/deliveries/${delivery}/cancel`, { body: {} });
  t.same(await asked(home.courier, task), nothing, 'cancelled');
  t.equal(
    (
      await other.owner.put(
        await other.owner.signApproval(
          (await other.owner.ask('GET', `${other.owner.home}/grants?waiting=true`)).body.grants[0].grant,
        ),
      )
    ).status,
    200,
  );
  t.same(await asked(other.courier, waiting.task), all, 'with the yes it is');
  world.wind(7_300_000);
  t.same(await asked(other.courier, waiting.task), nothing, 'after the window');
});

t.test('when the parcel is inside, it is over', async (t) => {
  const world = await makeWorld(t);
  const home = await makeHome(world);
  t.teardown(() => home.hub.leave());
  await home.put(hint);
  const { task, assign } = await send(home);
  await assign();
  const { visit } = (await home.courier.ask('POST', `${task}/prepare`, { body: {}, key: false })).body;
  t.same(await asked(home.courier, task), all);
  home.hub.append('visit.ended', { outcome: 'completed', proof: 'secured' }, visit);
  await home.hub.sync();
  t.same(await asked(home.courier, task), nothing);
});

t.test('S052, S054: a courier with a planned stop finds the door, though none is opened for them', async (t) => {
  const world = await makeWorld(t);
  const hub = await makeHub(world);
  t.teardown(() => hub.leave());
  const owner = await makeOwner(world, hub);
  const carrier = await makeCarrier(world);
  // Where it is early in the morning: no test runs into a midnight.
  const ahead = ((5 - new Date(world.now()).getUTCHours() + 36) % 24) - 12;
  const wishes = {
    zone: `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`,
    order: ['in-person', 'tomorrow'],
    codeFrom: { amount: 0, currency: 'EUR' },
  };
  t.equal((await owner.ask('PUT', `${owner.home}/wishes`, { body: { version: 1, wishes } })).status, 200);
  await owner.ask('PUT', `${owner.home}/doors/${hub.door}/hint`, { body: hint });
  const announce = async (fromS: number) => {
    const can = ['in-person', 'tomorrow'];
    const made = await carrier.announce(hub, { can, from: fromS, until: fromS + 7200 });
    return taskOf(world, carrier, made.body.delivery);
  };
  const nowS = Math.floor(world.now() / 1000);
  const task = await announce(nowS - 60);
  const tomorrow = await announce(nowS + 86_400);
  const other = await makeCourier(world);
  const { courier, path, delivery } = task;
  t.equal((await courier.ask('GET', `${path}/grant`)).body.code, 'TASK_NOT_READY', 'nothing opens');
  t.match((await courier.ask('GET', `${path}/hint`)).body, { place: '1C', hasPhoto: true, isFound: false });
  t.same(foundBy(world, `home:${hub.home}`), [], 'looking is no word of having found it');
  t.same(await asked(courier, path), all);
  t.same(await asked(courier, path), all);
  t.equal((await courier.ask('GET', `${path}/hint`)).body.isFound, true);
  for (const party of [`home:${hub.home}`, `carrier:${carrier.id}`]) {
    const told = foundBy(world, party);
    t.equal(told.length, 1, `${party} is told once`);
    t.match(told[0], { delivery, door: hub.door });
  }
  t.same(await asked(other, path), nothing, 'another device');
  t.same(await asked(tomorrow.courier, tomorrow.path), nothing, 'not before its day');
  t.equal((await task.act({ act: 'arrive' })).status, 200);
  t.same(await asked(courier, path), all, 'at the door, too');
  t.equal((await task.act({ act: 'leave', reason: 'unsafe' })).body.state, 'closed');
  t.same(await asked(courier, path), nothing, 'not when the stop is closed');
  world.wind(86_400_000);
  t.same(await asked(tomorrow.courier, tomorrow.path), all, 'on its own day');
  world.wind(86_400_000);
  t.same(await asked(tomorrow.courier, tomorrow.path), nothing, 'and not after it');
});
