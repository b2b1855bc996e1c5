import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readConfigText, writeDoors } from '../../../device/config/edit.ts';
import { loadConfig } from '../../../device/config/load.ts';
import { openControl } from '../../../device/control/server.ts';
import { type FaultCode, faults } from '../../../wire/faults.ts';
import { type Ran, scripted, sitting, typed } from '../../support/terminal.ts';

const doorward = (...args: string[]): Promise<Ran> => scripted(['door', ...args]);

/** A configuration as an installer writes it: relative paths, settings that differ from the defaults. */
function bare(t: Test, doors: object[] = []): { config: string; folder: string; text: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-door-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'hub.json');
  writeFileSync(config, JSON.stringify({ dataDir: 'data', keepaliveS: 20, doors }), { mode: 0o640 });
  chmodSync(config, 0o640);
  return { config, folder, text: () => readFileSync(config, 'utf8') };
}

const lock = { kind: 'osdp', port: '/dev/line', contact: { input: 0 }, monitor: { input: 1 } };
const front = { id: 'door-aaaaaaaaaaaaaaaaaaaa', name: 'front', lock };

t.test('doors are added by flags, listed and removed, and the rest of the file stays', async (t) => {
  const { config, folder, text } = bare(t, [front]);
  const flags = ['--port', 'line', '--output', '1', '--contact', '2', '--monitor', '3', '--closed-when', 'active'];
  const camera = { kind: 'process', codec: 'jpeg', command: ['rpicam-vid', '-o', '-'] };
  const more = ['--unlock-for-ms', '4000', '--camera', JSON.stringify(camera)];
  const added = await doorward('add', 'garden', ...flags, ...more, '--config', config, '--json');
  const answer = JSON.parse(added.out);
  t.match(answer, { ok: true, door: 'garden', id: /^door-[a-z0-9]{20}$/, restart: false });
  t.match(JSON.parse(text()), {
    dataDir: 'data',
    keepaliveS: 20,
    doors: [
      front,
      {
        id: answer.id,
        name: 'garden',
        camera,
        unlockForMs: 4000,
        lock: {
          ...{ kind: 'osdp', port: 'line', baudRate: 9600, address: 0, output: 1 },
          contact: { input: 2, closedWhen: 'active' },
          monitor: { input: 3, lockedWhen: 'active' },
        },
      },
    ],
  });
  t.equal(statSync(config).mode & 0o777, 0o640, 'its mode stays');
  t.same(readdirSync(folder), ['hub.json'], 'and nothing is left beside it');
  t.match(loadConfig(config).doors[1]?.lock, { port: join(folder, 'line') });

  const listed = await doorward('list', '--config', config);
  t.match(
    listed.out,
    /front .*door-a{20}.*contact 0 {2}monitor 1\ngarden .*output 1 {2}contact 2 {2}monitor 3 {2}camera/,
  );
  const asked = await doorward('remove', 'garden', '--config', config);
  t.equal(asked.exit, faults.NOT_CONFIRMED.exit, 'without a yes it stays');
  const removed = await doorward('remove', 'garden', '--config', config, '--yes', '--json');
  t.match(JSON.parse(removed.out), { ok: true, door: 'garden', restart: false });
  t.same(JSON.parse(text()).doors, [front]);
});

t.test('what does not fit is refused by name, and the file stays as it is', async (t) => {
  const { config, text } = bare(t, [front]);
  const before = text();
  const cases: [string[], FaultCode, RegExp][] = [
    [['add', 'back'], 'USAGE', /give --port/],
    [['add', '--port', 'line'], 'USAGE', /give a name/],
    [['add', 'front', '--port', 'line'], 'CONFIG_INVALID', /front stands twice/],
    [['add', 'Back Door', '--port', 'line'], 'CONFIG_INVALID', /doors.1.name/],
    [['add', 'back', '--port', '/dev/line', '--output', '1', '--contact', '0'], 'CONFIG_INVALID', /same input/],
    [['add', 'back', '--port', 'line', '--camera', '{'], 'USAGE', /--camera is JSON/],
    [['remove', 'back', '--yes'], 'DOOR_UNKNOWN', /back/],
  ];
  await Promise.all(
    cases.map(async ([args, code, says]) => {
      const ran = await doorward(...args, '--config', config);
      t.equal(ran.exit, faults[code].exit, `${args.join(' ')}: ${ran.said}`);
      t.match(ran.said, says);
      t.match(ran.said, `[${code}]`);
    }),
  );
  t.equal(text(), before);
});

t.test('beside a running hub: no door goes that is watched, and a restart is asked for', async (t) => {
  const { config, folder, text } = bare(t, [front]);
  const before = text();
  const door = { ...{ id: front.id, name: 'front', at: 'idle' }, alarms: [] as string[] };
  rmSync(join(folder, 'data'), { recursive: true, force: true });
  const dataDir = mkdtempSync(join(folder, 'd-'));
  symlinkSync(dataDir, join(folder, 'data'));
  const control = await openControl(join(dataDir, 'hub.sock'), { 'GET /status': async () => ({ doors: [door] }) });
  t.teardown(() => control.close());
  const remove = (): Promise<Ran> => doorward('remove', 'front', '--config', config, '--yes');
  door.at = 'open';
  t.match((await remove()).said, /\[DOOR_BUSY\]/);
  door.at = 'unsecured';
  t.match((await remove()).said, /\[DOOR_UNSECURED\]/);
  door.at = 'idle';
  door.alarms = ['DOOR_FORCED'];
  t.match((await remove()).said, /DOOR_FORCED.*\[DOOR_UNSECURED\]/);
  t.equal(text(), before);
  door.alarms = [];
  const added = await doorward('add', 'back', '--port', 'line', '--config', config);
  t.match(added.out, /Restart the hub/);
  t.match(added.said, /no contact: couriers are refused/);
  t.match((await remove()).out, /Restart the hub/);
  t.match((await doorward('list', '--config', config)).out, /back.*restart it\nfront.*removed/);
});

t.test('two who edit at once do not undo each other, and a link stays a link', async (t) => {
  const { config, folder, text } = bare(t, [front]);
  const link = join(folder, 'link.json');
  symlinkSync(config, link);
  const mine = readConfigText(link);
  writeDoors(readConfigText(link), []);
  t.same(JSON.parse(text()).doors, []);
  t.equal(readFileSync(link, 'utf8'), text());
  t.throws(() => writeDoors(mine, [front]), { code: 'CONFIG_UNSAVED', detail: { why: /meanwhile/ } });
  t.throws(() => writeDoors(readConfigText(link), [{ ...front, unknown: 1 }]), { code: 'CONFIG_INVALID' });
  t.same(JSON.parse(text()).doors, []);
  t.same(readdirSync(folder).sort(), ['hub.json', 'link.json']);
});

t.test('on a terminal it asks for each thing, and can be left at any question', async (t) => {
  const { config, text } = bare(t);
  const before = text();
  const left = sitting(['door', 'add', '--config', config]);
  await left.sees(/Name of the door/);
  left.types('front');
  await left.sees(/What holds it/);
  left.types('glue');
  await left.sees(/Type strike, nuki or barrier/);
  left.types('strike');
  await left.sees(/Serial port/);
  left.interrupts();
  t.equal(await left.ends(), faults.NOT_CONFIRMED.exit, left.screen());
  t.equal(text(), before);

  const done = await typed(
    ['door', 'add', '--config', config],
    [
      [/Name of the door/, 'front'],
      [/What holds it.*\[strike\]/, ''],
      [/Serial port/, '/dev/line'],
      [/Baud rate.*\[9600\]/, '115200'],
      [/OSDP address.*\[0\]/, ''],
      [/Output/, ''],
      [/door contact/, '0'],
      [/monitor/, ''],
      [/level when the door is closed/, 'active'],
    ],
  );
  t.equal(done.exit, 0, done.screen);
  t.match(done.screen, /no monitor: nothing proves the door locked/);
  t.match(JSON.parse(text()).doors, [
    { name: 'front', lock: { port: '/dev/line', baudRate: 115_200, contact: { input: 0, closedWhen: 'active' } } },
  ]);
  const removed = await typed(['door', 'remove', 'front', '--config', config], [[/Type yes/, 'yes']]);
  t.equal(removed.exit, 0);
  t.same(JSON.parse(text()).doors, []);
});
