import t from 'tap';
import { alarmForm } from '../../../wire/alarm-message.ts';
import { newId, signDocument } from '../../../wire/jws.ts';
import { writeMessage } from '../../../wire/messages.ts';
import { topics } from '../../../wire/topics.ts';
import { makeHome } from '../support/home.ts';
import { newSignKey, prove } from '../support/keys.ts';
import { openStream } from '../support/stream.ts';
import { until } from '../support/world.ts';

t.test('an alarm that could not be journaled is told to the owner once, if the hub has signed it', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const address = world.cloud.app.server.address();
  const path = `${owner.home}/events`;
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}${path}`;
  const stream = await openStream(url, await prove(owner.key, { method: 'GET', path }));
  const claims = { iss: hub.id, jti: newId(), at: Date.now(), code: 'JOURNAL_FAILED' as const, door: hub.door };
  const send = (alarm: string) =>
    hub.client!.publishAsync(topics.up(hub.id, 'alarm'), writeMessage({ v: 1, alarm }), { qos: 1 });

  await send(await signDocument(alarmForm, { ...claims, jti: newId() }, await newSignKey('Ed25519')));
  await send(await signDocument(alarmForm, { ...claims, iss: `hub-${'a'.repeat(20)}` }, hub.sign));
  await send('a.b.c');
  const alarm = await signDocument(alarmForm, claims, hub.sign);
  await send(alarm);
  await send(alarm);
  hub.append('hub.started');
  await hub.sync();
  await until('what came after is told', () => stream.events.some((one) => one.event === 'entry'));
  const told = stream.events.filter((one) => one.event === 'alarm');
  t.match(told, [{ data: { code: 'JOURNAL_FAILED', door: hub.door, at: claims.at, alarm } }]);
  t.equal(told.length, 1);
  t.equal(world.logged().match(/messageRefused/g)?.length, 3);
  stream.close();
});
