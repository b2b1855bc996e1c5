import t from 'tap';
import { quietDay } from './ble-day.ts';
import { toRow } from './ble-idle.ts';

t.test('a day at rest: the hub connects as often as the guidance asks for, and says hardly more', async (t) => {
  const { hub, guidance } = await quietDay({ model: 'gen4', movements: 0 });
  t.equal(guidance.connections, 48, 'every half hour');
  t.equal(hub.connections, 48);
  t.equal(guidance.questions, 48 + 2 * 24, 'states each time, the configuration every other time');
  t.equal(hub.questions, guidance.questions + 2, 'and one look at the log at its start');
  t.match(toRow('ble.idle', hub, guidance, true), { holds: true });
});

t.test('a movement of the household costs one connection, and puts the next poll off', async (t) => {
  const { hub, guidance } = await quietDay({ model: 'gen4', movements: 10 });
  t.equal(hub.connections, guidance.connections);
  t.ok(hub.connections > 48 && hub.connections <= 58, `${hub.connections}`);
});

t.test('a hub that connects once more than the guidance does not hold the bar', (t) => {
  const radio = { connections: 48, questions: 96, answers: 96, connectedS: 0 };
  t.match(toRow('x', { ...radio, connections: 49 }, radio, true), { holds: false });
  t.match(toRow('x', { ...radio, questions: 120 }, radio, true), { holds: false });
  t.match(toRow('x', radio, radio, true), { holds: true, ratio: 1 });
  t.end();
});
