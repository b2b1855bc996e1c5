/**
 * A hub for tests: the one that ships, on a store, a serial line and a connection that are watched, which kills itself at one point.
 *
 * `dying-hub.ts --config FILE --ledger FILE`. Prints `{"event":"warm"}`, waits for `{ "target": POINT | null, "begins": KIND | null }`
 * on stdin, then runs as `doorward hub run` does. `begins`: the kind of entry from which points count; null: from the start.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../../device/config/load.ts';
import { controlRoutes } from '../../../device/control/routes.ts';
import { openControl } from '../../../device/control/server.ts';
import { buildHub } from '../../../device/main.ts';
import { openSecrets } from '../../../device/secrets/open.ts';
import { Reaper } from './reaper.ts';
import { seamsOf } from './seams.ts';

const { values } = parseArgs({ options: { config: { type: 'string' }, ledger: { type: 'string' } } });
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const ordered = new Promise<{ target: string | null; begins: string | null }>((resolve) => {
  createInterface({ input: process.stdin }).once('line', (line) => resolve(JSON.parse(line)));
});
say({ event: 'warm' });
const { target, begins } = await ordered;

const config = loadConfig(values.config!);
const reaper = new Reaper(values.ledger!, target ?? undefined);
if (begins === null) reaper.begin();
const seams = seamsOf(reaper, openSecrets(config.dataDir), (drafts) => drafts.some(({ kind }) => kind === begins));
const hub = await buildHub(config, seams);
await hub.start();
const control = await openControl(join(config.dataDir, 'hub.sock'), controlRoutes(hub));
say({ event: 'ready' });
process.once('SIGTERM', () => {
  void control
    .close()
    .then(() => hub.close())
    .then(() => process.exit(0));
});
