/** Fuzzes one surface in this process and says what came of it, as one line of JSON. Needs `--expose-gc`. */
import { type Memory, type SurfaceReport, warmCount } from './report.ts';
import { type SurfaceName, surfaces } from './surfaces.ts';

export interface ChildAnswer {
  readonly report: SurfaceReport;
  readonly codes: readonly string[];
  readonly memory: Memory;
  readonly tookMs: number;
}

const [name, seed, count] = process.argv.slice(2);
const { run, codes } = await surfaces[name as SurfaceName].load();
const total = Number(count);

/** Resident bytes once everything that can go has gone. */
function resident(): number {
  for (let again = 3; again > 0; again--) globalThis.gc?.();
  return process.memoryUsage.rss();
}

let early: number | undefined;
let late = 0;
const startMs = performance.now();
const report = await run({
  seed: Number(seed),
  count: total,
  onProgress: (sent) => {
    if (early === undefined && sent >= warmCount) early = resident();
    else if (sent >= total * 0.95) late = resident();
  },
});
if (late === 0) late = resident();
const answer: ChildAnswer = {
  report,
  codes,
  memory: { ...(early === undefined ? {} : { early }), late },
  tookMs: performance.now() - startMs,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
