import t from 'tap';
import { faults } from '../../../wire/faults.ts';
import { openNukiHome } from '../../support/nuki-home.ts';
import { scripted, sitting } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

t.test('a pairing that is cut says how to go on, and goes on', async (t) => {
  const { hub, config, nuki, fault } = await openNukiHome(t);
  const doctor = JSON.parse((await scripted(['doctor', '--config', config, '--json'])).out);
  const of = (check: string) => doctor.findings.find((one: { check: string }) => one.check === check);
  t.match(of('bluetooth'), { level: 'ok', says: /hci0 is ready/ });
  t.match(of('lock front'), { level: 'fail', code: 'NUKI_NOT_PAIRED', fix: /doorward lock pair front/ });

  nuki.holdButton();
  fault({ fault: 'cut-after-n-writes', writes: 3 });
  const one = sitting(['lock', 'pair', 'front', '--no-pin', '--no-as-app', '--config', config]);
  await one.sees(/NUKI_PAIRING_CUT.*first asks the lock what holds.*Once more\?/s);
  t.equal(nuki.truth().authorizations.length, 0, 'before the last message the lock knows nobody');
  fault({ fault: 'slow', ms: 100 });
  one.types('yes');
  await until('the lock knows the hub, which has not heard it yet', () => nuki.truth().authorizations.length === 1);
  fault({ fault: 'shadow' });
  await one.sees(/NUKI_PAIRING_CUT.*Once more\?/s);
  fault({ fault: 'shadow', active: false });
  fault({ fault: 'slow', active: false });
  one.types('yes');
  await one.sees(/front: the pairing that was cut off holds/);
  t.equal(await one.ends(), 0, one.screen());
  t.equal(nuki.truth().authorizations.length, 1, 'and there is one entry of this hub in the lock');
  await until('the lock is reachable', () => hub.status().doors[0]?.reachable);
});

t.test('in a script: PINs from a file, and a code for whatever is wrong', async (t) => {
  const { config, nuki, radio, fault, hub } = await openNukiHome(t, { nuki: { model: 'ultra' } });
  nuki.holdButton();
  const pair = (more: string[], input?: string) =>
    scripted(['lock', 'pair', 'front', ...more, '--config', config, '--json'], input);
  const without = await pair([]);
  t.match(JSON.parse(without.out), { code: 'NUKI_PIN_MISSING', detail: { do: /--pin-file/ } });
  t.equal(without.exit, faults.NUKI_PIN_MISSING.exit);
  t.match(JSON.parse((await pair(['--pin-file', '-'], 'abc\n')).out), { code: 'USAGE' });
  t.match(JSON.parse((await pair(['--pin'])).out), { code: 'USAGE', detail: { why: 'give --pin-file' } });
  const wrong = await pair(['--pin-file', '-'], '654321\n');
  t.match(JSON.parse(wrong.out), { code: 'NUKI_PIN_WRONG', detail: { do: /app of the lock/ } });
  t.notMatch(`${wrong.out}${wrong.said}`, /654321/);
  const right = await pair(['--pin-file', '-'], '123456\n');
  t.match(JSON.parse(right.out), { ok: true, door: 'front', isOld: false, hasPin: true }, right.said);

  fault({ fault: 'battery-low', percent: 8 });
  nuki.pressButton();
  await until('the battery is known', () => hub.status().doors[0]?.batteryPercent === 8);
  const shown = async (): Promise<string> => (await scripted(['lock', 'status', '--config', config])).out;
  t.match(await shown(), /battery 8 %, nearly empty(?!, charging| +keypad)/);
  fault({ fault: 'battery-low', percent: 8, charging: true });
  fault({ fault: 'keypad-battery-low' });
  nuki.pressButton();
  await until('both are known', () => hub.status().doors[0]?.keypadBatteryCritical);
  t.match(hub.status().doors[0], { batteryCritical: true, batteryCharging: true, sensorBatteryCritical: false });
  t.match(await shown(), /battery 8 %, nearly empty, charging +keypad battery nearly empty/);
  radio.unplug(true);
  const [doctor, scan] = await Promise.all([
    scripted(['doctor', '--config', config]),
    scripted(['lock', 'scan', '--for-seconds', '1', '--config', config, '--json']),
  ]);
  t.match(doctor.out, /fail {2}bluetooth: There is no Bluetooth adapter, or it is off/);
  t.match(JSON.parse(scan.out), { ok: false, code: 'BLE_UNAVAILABLE' });
});

t.test('in a script: in the place of a bridge, or beside it', async (t) => {
  const { config, nuki } = await openNukiHome(t);
  const pair = async (...more: string[]): Promise<unknown> => {
    nuki.holdButton();
    const ran = await scripted(['lock', 'pair', 'front', ...more, '--config', config, '--json']);
    return JSON.parse(ran.out);
  };
  t.match(await pair('--as-app'), { ok: true, hasPin: false });
  t.match(nuki.truth().authorizations, [{ idType: 0 }]);
  t.match(await pair(), { ok: true });
  t.match(nuki.truth().authorizations.at(-1), { idType: 1 });
});
