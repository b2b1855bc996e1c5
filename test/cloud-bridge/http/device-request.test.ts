import t from 'tap';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import { proveInvitation } from '../../../wire/invitation.ts';
import { newId } from '../../../wire/jws.ts';
import { makeHome } from '../support/home.ts';
import { makeHub } from '../support/hub.ts';
import { newEcJwk } from '../support/keys.ts';
import { ask, makeWorld } from '../support/world.ts';

t.test('a new device asks, and the devices of the home hear exactly what it said', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const device = { sign: await newEcJwk(), seal: await newEcJwk() };
  const body = { ...device, proof: await proveInvitation(newId(), device) };
  const path = `${owner.home}/device-requests`;
  const post = (text: unknown, to = path) => ask(world.cloud, 'POST', to, { body: text, key: false });
  t.match(await post(body), { status: 202, body: { asked: true } });
  const store = await openSqliteStore(layoutOf(world.dataDir).database);
  const events = await store.read.events.after(`home:${hub.home}`, 0, 100);
  await store.close();
  t.match(
    events.filter(({ type }) => type === 'device.asked').map(({ data }) => JSON.parse(data)),
    [body],
  );
  for (const wrong of [
    {},
    { ...body, proof: 'x' },
    { ...body, more: 1 },
    { ...body, sign: { ...device.sign, d: device.sign.x } },
  ]) {
    t.equal((await post(wrong)).body.code, 'BODY_MALFORMED');
  }
  const noPoint = { ...body, seal: { ...device.seal, x: 'A'.repeat(43), y: 'A'.repeat(43) } };
  t.equal((await post(noPoint)).body.code, 'BODY_MALFORMED');
  t.equal((await post(body, `/v1/homes/${newId()}/device-requests`)).status, 404);
  for (let tries = 0; tries < 5; tries += 1) await post(body);
  t.equal((await post(body)).status, 429, 'they are events that are kept, so there are few');
});

t.test('nobody is asked where nobody lives', async (t) => {
  const world = await makeWorld(t);
  const hub = await makeHub(world);
  t.teardown(() => hub.leave());
  const device = { sign: await newEcJwk(), seal: await newEcJwk() };
  const body = { ...device, proof: await proveInvitation(newId(), device) };
  t.equal((await ask(world.cloud, 'POST', `/v1/homes/${hub.home}/device-requests`, { body, key: false })).status, 404);
});
