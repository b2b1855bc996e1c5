/** `npm run bench [-- --json] [-- --only NAME]`: runs every benchmark in turn and prints a table, or one object a line. */
import { parseArgs } from 'node:util';
import type { BenchResult } from './result.ts';

/** Name of the first result -> the file that measures it. Later parts add theirs here. */
const benches: Readonly<Record<string, () => Promise<{ run(): Promise<BenchResult[]> }>>> = {
  'broker.rtt': () => import('./broker-rtt.ts'),
  'broker.rtt.media': () => import('./broker-media.ts'),
  'unlock.path': () => import('./unlock-path.ts'),
  'unlock.media': () => import('./unlock-media.ts'),
  'ble.unlock': () => import('./ble-unlock.ts'),
  'ble.idle': () => import('./ble-idle.ts'),
  'grants.verify': () => import('./grants-verify.ts'),
  'journal.append': () => import('./journal-append.ts'),
  'live.seal': () => import('./live-seal.ts'),
  'live.relay': () => import('./live-relay.ts'),
  'live.first_frame': () => import('./live-first-frame.ts'),
  'live.glass_to_canvas': () => import('./live-glass.ts'),
  'deliveries.ingest': () => import('./deliveries-ingest.ts'),
  'codes.check': () => import('./codes-check.ts'),
  'api.p99': () => import('./api-carriers.ts'),
  'visitor.weight': () => import('./visitor-page.ts'),
  'owner.weight': () => import('./owner-page.ts'),
  hub: () => import('./hub-process.ts'),
  'broker.hubs': () => import('./broker-hubs.ts'),
  'broker.overload': () => import('./broker-overload.ts'),
};

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
});

const round = (value: number | null): string => (value === null ? '-' : String(Number(value.toPrecision(4))));
const columns = [30, 12, 14, 12, 8, 6, 6];
const row = (cells: readonly string[]): string =>
  cells.map((cell, index) => cell.padEnd(columns[index] ?? 0)).join(' ');

if (!values.json) process.stdout.write(`${row(['name', 'value', 'unit', 'baseline', 'ratio', 'bar', 'holds'])}\n`);
let failed = false;
for (const [name, load] of Object.entries(benches)) {
  if (!name.startsWith(values.only)) continue;
  const { run } = await load();
  for (const result of await run()) {
    failed ||= result.holds === false;
    if (values.json) {
      process.stdout.write(`${JSON.stringify(result)}\n`);
      continue;
    }
    if (result.skipped !== undefined) {
      process.stdout.write(`${row([result.name, 'skipped'])} ${result.skipped}\n`);
      continue;
    }
    const holds = result.holds === null ? '-' : result.holds ? 'yes' : 'NO';
    const { value, unit, baseline, ratio, bar } = result;
    process.stdout.write(
      `${row([result.name, round(value), unit, round(baseline), round(ratio), round(bar), holds])}\n`,
    );
    for (const [label, figure] of Object.entries(result.detail ?? {})) {
      process.stdout.write(`    ${label.padEnd(44)} ${round(figure)}\n`);
    }
  }
}
process.exitCode = failed ? 1 : 0;
