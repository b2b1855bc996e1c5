import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { bleAdapter } from '../../../device/link/ble/adapter.ts';
import { unixController } from '../../../device/link/ble/unix.ts';
import { uuids, wanted } from '../../support/ble.ts';
import { typescript } from '../../support/node.ts';
import { until } from '../../support/until.ts';

t.test('a hub reaches a peripheral of another process, before, during and after its life', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-air-'));
  const path = join(folder, 'hci.sock');
  t.teardown(() => rmSync(folder, { recursive: true }));
  const adapter = bleAdapter(unixController(path), { retryMs: 20 });
  t.teardown(() => adapter.close());
  const start = async (): Promise<ReturnType<typeof spawn>> => {
    const child = spawn(process.execPath, [typescript, join(import.meta.dirname, 'child.ts'), path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(child.stdout!, 'data');
    await until('the adapter is ready', () => adapter.state === 'ready');
    return child;
  };
  const talk = async (): Promise<void> => {
    const link = adapter.link('54:d2:72:00:00:01');
    await link.connect(wanted, 10_000);
    const heard: string[] = [];
    await link.subscribe(uuids.echo, (bytes) => heard.push(Buffer.from(bytes).toString('hex')), 10_000);
    await link.write(uuids.echo, Buffer.from('c0ffee', 'hex'), 10_000);
    await until('the echo', () => heard.length > 0);
    t.same(heard, ['c0ffee']);
  };
  t.equal(adapter.state, 'BLE_UNAVAILABLE');
  const first = await start();
  await talk();
  first.kill('SIGKILL');
  await until('the adapter is gone', () => adapter.state === 'BLE_UNAVAILABLE');
  const second = await start();
  await talk();
  await adapter.link('54:d2:72:00:00:01').disconnect();
  second.stdin!.end();
  await once(second, 'exit');
  t.equal(second.exitCode, 0, 'a simulator that is told to stop holds nothing open');
});
