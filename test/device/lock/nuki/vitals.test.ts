import t from 'tap';
import { decodeStates, type States } from '../../../../device/lock/nuki/states.ts';
import { eventsBetween, isNews, vitalsOf } from '../../../../device/lock/nuki/vitals.ts';
import { until } from '../../../support/until.ts';
import { nukiRig } from './rig.ts';
import { hex } from './vectors.ts';

/** @param battery  byte 12 @param sensor  byte 18 @param accessory  byte 20 @param trigger  byte 16 */
function states(battery: string, sensor = '02', accessory = '00', trigger = '00'): States {
  const read = decodeStates(hex(`020100E0070307080F1E3C00${battery}200A01${trigger}00${sensor}00${accessory}`));
  if (!read.ok) throw new RangeError('no states');
  return read.value;
}
const full = states('C8');

t.test('each battery is told once when it becomes low, and again when it was full meanwhile', async (t) => {
  // 8 % and critical
  const low = states('11');
  t.same(eventsBetween(undefined, full, true), []);
  t.same(eventsBetween(full, low, true), [{ on: 'battery.low', of: 'lock', percent: 8 }]);
  t.same(eventsBetween(low, low, true), []);
  t.same(eventsBetween(low, full, true), []);
  t.same(eventsBetween(undefined, low, true), [{ on: 'battery.low', of: 'lock', percent: 8 }]);
  t.same(eventsBetween(full, states('C8', '02', '03'), true), [{ on: 'battery.low', of: 'keypad' }]);
  t.same(eventsBetween(states('C8', '02', '01'), states('C8', '02', '0D'), true), [
    { on: 'battery.low', of: 'door-sensor' },
  ]);
  t.same(eventsBetween(full, states('C8', '02', '0A'), true), [], 'bits of what is not there say nothing');
});

t.test('a door sensor that is configured and not there is a fault, until it is there', async (t) => {
  const none = states('C8', '00');
  t.same(eventsBetween(undefined, none, true), [{ on: 'sensor.missing', code: 'LOCK_CAPABILITY_MISSING' }]);
  t.same(eventsBetween(none, states('C8', '01'), true), [], 'switched off is missing as well');
  t.same(eventsBetween(none, full, true), [{ on: 'sensor.found' }]);
  t.same(eventsBetween(full, none, false), [], 'none is expected');
  t.same(eventsBetween(full, states('C8', 'F0'), true), [{ on: 'tamper', tampered: true }]);
});

t.test('a battery that is not measured has no percentage; an empty one has', async (t) => {
  const unknown = vitalsOf(states('00', '02', '05'));
  t.same(unknown, {
    ...{ batteryCritical: false, charging: false, tampered: false },
    ...{ keypadBatteryCritical: false, sensorBatteryCritical: false },
  });
  t.match(vitalsOf(states('01')), { batteryPercent: 0, batteryCritical: true });
  t.match(vitalsOf(states('CA')), { batteryPercent: 100, charging: true });
});

t.test('another actor is news, another battery is none', async (t) => {
  t.ok(isNews(undefined, full));
  t.ok(isNews(full, states('C8', '02', '00', '01')));
  t.ok(isNews(full, states('C8', '03')));
  t.notOk(isNews(full, states('11')));
});

for (const [model, identity] of [
  ['gen2', /^Nuki Smart Lock, generation 1 or 2, firmware 2\.15\.7, hardware 12\.2, with keypad, with door sensor$/],
  ['gen4', /^Nuki Smart Lock, generation 3 or 4, firmware 4\.2\.4, .*with keypad, with door sensor$/],
  ['ultra', /^Nuki Smart Lock Ultra, firmware 5\.8\.11, .*with keypad, with door sensor$/],
] as const) {
  t.test(`${model}: it names itself, and its battery and door sensor are told`, async (t) => {
    const { lock, fault, events, close } = nukiRig({ model, pin: null });
    t.teardown(close);
    await lock.start();
    await until('a name', () => lock.health().identity);
    t.match(lock.health(), { identity, reachable: true, batteryPercent: 80, batteryCritical: false, tampered: false });
    fault({ fault: 'battery-low', percent: 8 });
    fault({ fault: 'door-sensor', at: 0 });
    await lock.state();
    await lock.state();
    t.same(
      events.filter(({ on }) => on === 'battery.low' || on === 'sensor.missing'),
      [
        { on: 'battery.low', of: 'lock', percent: 8 },
        { on: 'sensor.missing', code: 'LOCK_CAPABILITY_MISSING' },
      ],
    );
    t.match(lock.health(), { batteryPercent: 8, batteryCritical: true });
    t.notMatch(lock.health().identity, /sensor/);
    t.match(lock.last(), { contact: 'unknown' });
  });
}
