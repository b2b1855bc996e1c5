import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import t from 'tap';
import { openControl } from '../../../device/control/server.ts';
import { faults } from '../../../wire/faults.ts';
import { typescript } from '../../support/node.ts';
import { until } from '../../support/until.ts';
import { livingCamera, program } from '../camera/programs.ts';

const entry = resolve(import.meta.dirname, '../../../device/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'doorward-camera-'));
t.teardown(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly said: string;
}

const doorward = (...args: string[]): Promise<Ran> =>
  new Promise((done) => {
    execFile(process.execPath, [typescript, entry, 'camera', 'test', ...args], (error, out, said) =>
      done({ exit: error === null ? 0 : Number(error.code), out, said }),
    );
  });

let files = 0;
/** A configuration with these doors; each names what differs from a door without a camera. */
function configOf(doors: Record<string, object>, dataDir = folder): string {
  files += 1;
  const path = join(folder, `hub-${files}.json`);
  const lock = { kind: 'osdp', port: 'port' };
  const list = Object.entries(doors).map(([name, more], at) => ({
    id: `door-${String(at).padStart(20, 'a')}`,
    name,
    lock,
    ...more,
  }));
  writeFileSync(path, JSON.stringify({ dataDir, doors: list }));
  return path;
}
const film = (command: string[], more: object = {}): object => ({
  camera: { kind: 'process', codec: 'jpeg', command, ...more },
});

t.test('a camera that lives: its facts, and a picture that is kept', async (t) => {
  const config = configOf({ front: film(livingCamera({ raw: true }), { raw: { width: 16, height: 16 } }), back: {} });
  const path = join(folder, 'front.jpg');
  const ran = await doorward('--config', config, '--seconds', '2', '--save', path, '--json');
  t.equal(ran.exit, 0);
  const answer = JSON.parse(ran.out);
  t.match(answer, { ok: true, door: 'front', kind: 'process', restarts: 0, troubles: [], saved: path });
  t.match(answer.repeats, { told: true, seen: 'fresh' });
  t.ok(answer.frames > 10 && answer.framesPerSecond > 0 && answer.bytes.mean > 100 && answer.gapMs.longest > 0);
  const picture = readFileSync(path);
  t.equal(picture.length, answer.savedBytes);
  t.equal(picture.readUInt16BE(0), 0xffd8);

  const again = await doorward('front', '--config', config, '--seconds', '2', '--save', path);
  t.equal(again.exit, faults.CAMERA_PICTURE_UNSAVED.exit, 'a file that is there is not overwritten');
  t.ok(readFileSync(path).equals(picture));
});

t.test('a frozen camera, and one whose repeats cannot be told, are said to be so', async (t) => {
  const frozen = configOf({ front: film(program('setInterval(() => out(jpeg(1)), 50);')) });
  const ran = await doorward('--config', frozen, '--seconds', '2', '--json');
  t.match(JSON.parse(ran.out), { ok: false, repeats: { seen: 'frozen' } });
  const silent = configOf({ front: film(livingCamera(), { raw: { width: 16, height: 16 } }) });
  t.match((await doorward('--config', silent, '--seconds', '2')).out, /no raw frame came/);
});

t.test('what cannot be tested is said by name', async (t) => {
  const two = configOf({ front: film(livingCamera()), back: film(livingCamera()) });
  const none = configOf({ front: {} });
  const gone = configOf({ front: film(['doorward-no-such-camera']) });
  const dead = configOf({ front: film(program("process.stderr.write('no such device'); process.exit(1);")) });
  const stills = configOf({ front: { stills: { kind: 'vc0706', port: 'no-port' } } });
  const cases: [string[], keyof typeof faults, RegExp][] = [
    [['--config', two], 'USAGE', /front, back/],
    [['side', '--config', two], 'DOOR_UNKNOWN', /side/],
    [['front', '--config', two, '--seconds', '1'], 'USAGE', /2 to 600/],
    [['front', '--config', two, '--seconds', 'long'], 'USAGE', /seconds/],
    [['front', '--config', two, '--stills'], 'CAMERA_NOT_CONFIGURED', /front/],
    [['--config', none], 'CAMERA_NOT_CONFIGURED', /Add one/],
    [['--config', gone], 'CAMERA_UNAVAILABLE', /Install it/],
    [['--config', dead], 'CAMERA_GONE', /no such device/],
    [['--config', stills], 'LINK_OPEN_FAILED', /Plug the adapter in/],
  ];
  for (const [args, code, says] of cases) {
    const ran = await doorward(...args);
    t.equal(ran.exit, faults[code].exit, code);
    t.match(ran.said, says, code);
    t.match(ran.said, `[${code}]`);
  }
});

t.test('beside a running hub nothing is opened', async (t) => {
  const dataDir = mkdtempSync(join(folder, 'data-'));
  const control = await openControl(join(dataDir, 'hub.sock'), { 'GET /status': async () => ({}) });
  t.teardown(() => control.close());
  const mark = join(dataDir, 'opened');
  const camera = program(`fs.writeFileSync(${JSON.stringify(mark)}, ''); out(jpeg(1));`);
  const ran = await doorward('--config', configOf({ front: film(camera) }, dataDir), '--json');
  t.equal(ran.exit, faults.CAMERA_BUSY.exit);
  t.match(JSON.parse(ran.out), { ok: false, code: 'CAMERA_BUSY' });
  t.throws(() => readFileSync(mark), { code: 'ENOENT' });
});

t.test('interrupted, it ends the camera and says what came so far', async (t) => {
  const mark = join(folder, 'pid');
  // The mark comes long after the first picture: before that there would be nothing to say.
  const camera = program(`
    let n = 0;
    setInterval(() => {
      out(jpeg(n));
      n += 1;
      if (n === 50) fs.writeFileSync(${JSON.stringify(mark)}, String(process.pid));
    }, 20);`);
  const config = configOf({ front: film(camera) });
  const child = spawn(
    process.execPath,
    [typescript, entry, 'camera', 'test', '--config', config, '--seconds', '600', '--json'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const pid = await until('the camera', () => {
    try {
      return Number(readFileSync(mark, 'utf8'));
    } catch {
      return undefined;
    }
  });
  child.kill('SIGINT');
  await ended;
  t.match(JSON.parse(out), { door: 'front' });
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});
