import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { serialLink } from '../../../device/link/serial.ts';
import { openPty, type Port } from '../../../hardware-sim/line/pty.ts';
import { Fault } from '../../../wire/faults.ts';
import { comesTrue } from '../../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'doorward-serial-'));
t.teardown(() => rmSync(folder, { recursive: true }));

/** A far end on a pseudo terminal, and all that it heard. */
function farEnd(name: string): { readonly path: string; readonly port: Port; readonly heard: number[] } {
  const path = join(folder, name);
  const port = openPty(path);
  const heard: number[] = [];
  port.onData((chunk) => heard.push(...chunk));
  return { path, port, heard };
}

const until = (isDone: () => boolean): Promise<boolean> => comesTrue(isDone, 3000);
const faultOf = (outcome: Promise<unknown>): Promise<Fault | undefined> =>
  outcome.then(
    () => undefined,
    (cause: unknown) => (cause instanceof Fault ? cause : undefined),
  );

t.test('every byte value comes through both ways', async (t) => {
  const { path, port, heard } = farEnd('bytes');
  const link = await serialLink({ path, baudRate: 9600 })();
  const received: number[] = [];
  link.onData((chunk) => received.push(...chunk));
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  await link.write(all);
  port.write(all);
  t.ok(await until(() => heard.length >= 256 && received.length >= 256));
  t.same(heard, [...all]);
  t.same(received, [...all]);
  await link.close();
  port.close();
});

t.test('a port that is pulled closes the link, once, and nothing can be written any more', async (t) => {
  const { path, port } = farEnd('pulled');
  const link = await serialLink({ path, baudRate: 9600 })();
  let closed = 0;
  link.onData(() => undefined);
  link.onClose(() => {
    closed += 1;
  });
  port.close();
  t.equal((await faultOf(link.write(Uint8Array.of(1))))?.code, 'LINK_CLOSED');
  t.ok(await until(() => closed > 0));
  t.equal((await faultOf(link.write(Uint8Array.of(1))))?.code, 'LINK_CLOSED');
  await link.close();
  t.equal(closed, 1);
});

t.test('a link that was closed says so, refuses bytes, and can be opened again', async (t) => {
  const { path, port, heard } = farEnd('again');
  const open = serialLink({ path, baudRate: 9600 });
  const link = await open();
  let closed = 0;
  link.onClose(() => {
    closed += 1;
  });
  await link.close();
  t.equal(closed, 1);
  t.equal((await faultOf(link.write(Uint8Array.of(1))))?.code, 'LINK_CLOSED');
  const second = await open();
  await second.write(Uint8Array.of(7));
  t.ok(await until(() => heard.includes(7)));
  await second.close();
  port.close();
});

t.test('a port that is not there, or is none, is named with what to do', async (t) => {
  const missing = await faultOf(serialLink({ path: join(folder, 'none'), baudRate: 9600 })());
  t.match(missing, { code: 'LINK_OPEN_FAILED', detail: { reason: 'missing', do: /Plug/ } });
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const none = await faultOf(serialLink({ path: file, baudRate: 9600 })());
  t.match(none, { code: 'LINK_OPEN_FAILED', detail: { reason: 'busy', path: file } });
});

const isRoot = process.getuid?.() === 0;
t.test(
  'a port that may not be opened is named with what to do',
  { skip: isRoot && 'the superuser may open everything' },
  async (t) => {
    const file = join(folder, 'forbidden');
    writeFileSync(file, '', { mode: 0o000 });
    const fault = await faultOf(serialLink({ path: file, baudRate: 9600 })());
    t.match(fault, { code: 'LINK_OPEN_FAILED', detail: { reason: 'permission', do: /group/ } });
  },
);
