/** What came of one surface, and what of it is a failure. */

/** What a run over one surface reports. */
export interface SurfaceReport {
  readonly sent: number;
  /** Documents or frames that were changed and then signed again with a key that counts; absent where nothing is signed. */
  readonly signedAgain?: number;
  /** How many were changed at all: of these at least half are signed again. Everything, where it is left out. */
  readonly changed?: number;
  /** Fault code -> how often. */
  readonly refused: Readonly<Record<string, number>>;
  readonly accepted?: number;
  /** Output commands on the serial line that nobody asked for. */
  readonly outputs?: number;
  /** What must not have happened and did, in words. */
  readonly violations?: readonly string[];
}

export interface FuzzOptions {
  readonly seed: number;
  /** Messages to send. */
  readonly count: number;
  /** Told now and then how many have been sent. */
  readonly onProgress?: (sent: number) => void;
}

export type RunSurface = (options: FuzzOptions) => Promise<SurfaceReport>;

/** After so many messages everything that a surface keeps is there. */
export const warmCount = 10_000;

/** Resident memory in bytes: `early` after `warmCount` messages, `late` at the end. */
export interface Memory {
  /** Undefined in a run that is no longer than that. */
  readonly early?: number;
  readonly late: number;
}

export const maxGrowthBytes = 10 * 2 ** 20;
/** How often each code has to be reached in a run of 100,000; fewer in a shorter one. */
export const leastOften = 100;
const fullCount = 100_000;

/** @returns how often a code has to come up in a run of `count` */
export const leastIn = (count: number): number => Math.max(1, Math.floor((leastOften * count) / fullCount));

/** @returns what is wrong with the run, in words; empty when all held */
export function judge(report: SurfaceReport, asked: number, memory?: Memory): string[] {
  const wrong = [...(report.violations ?? [])].slice(0, 20);
  if (report.sent < asked) wrong.push(`only ${report.sent} of ${asked} were sent`);
  if ((report.outputs ?? 0) > 0) wrong.push(`${report.outputs} output commands reached the serial line`);
  const { signedAgain, changed = report.sent } = report;
  if (signedAgain !== undefined && signedAgain * 2 < changed) wrong.push(`only ${signedAgain} were signed again`);
  const grownBytes = memory?.early === undefined ? 0 : memory.late - memory.early;
  if (grownBytes > maxGrowthBytes) wrong.push(`resident memory grew by ${(grownBytes / 2 ** 20).toFixed(1)} MiB`);
  return wrong;
}
