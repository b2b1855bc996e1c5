/** Fuzz of the hub's messages: the real hub, store and driver on a simulated home, changed requests, acknowledgements and answers. */
import { Random } from '../../device/fuzz/random.ts';
import type { FuzzOptions, SurfaceReport } from '../report.ts';
import { answerShots } from './answers.ts';
import { bundleShots } from './bundles.ts';
import { envelopeShots } from './envelopes.ts';
import { handoverShots } from './handovers.ts';
import { knockShots } from './knocks.ts';
import { orderShots } from './orders.ts';
import { paperShots } from './papers.ts';
import type { Shoot, Shot } from './shot.ts';
import { isWell, moveIn, openStage, type Stage } from './stage.ts';

/** Messages to one home, before its owner moves in and in all. */
const perHome = { before: 40, all: 2500 } as const;
/** A home that a document has spoilt, as it may, is left after so many more. */
const lookEvery = 50;
const afterSpoilt = 10;
const startS = 1_790_000_000;

class Tally {
  readonly refused: Record<string, number> = {};
  readonly violations: string[] = [];
  sent = 0;
  changed = 0;
  signedAgain = 0;
  accepted = 0;
  outputs = 0;

  take({ outcome, changed, signedAgain, violates }: Shot): void {
    this.sent += 1;
    if (changed) this.changed += 1;
    if (changed && signedAgain) this.signedAgain += 1;
    if (outcome.ok) this.accepted += 1;
    else this.refused[outcome.code] = (this.refused[outcome.code] ?? 0) + 1;
    if (!outcome.ok && (outcome.code === 'INTERNAL' || outcome.code === 'SILENT')) this.violate(outcome.code);
    for (const what of violates) this.violate(what);
  }

  violate(what: string): void {
    if (this.violations.length < 50) this.violations.push(`message ${this.sent}: ${what}`);
  }
}

/** Sends changed messages at one home after the other. */
export async function fuzzHub({ seed, count, onProgress }: FuzzOptions): Promise<SurfaceReport> {
  const random = new Random(seed);
  const tally = new Tally();
  let told = 0;
  for (let homes = 0; tally.sent < count; homes++) {
    const stage = await openStage(startS);
    try {
      await atOneHome(stage, homes, { random, tally, count }, () => {
        if (tally.sent - told < 500) return;
        told = tally.sent;
        onProgress?.(tally.sent);
      });
    } finally {
      await stage.home.close();
    }
  }
  const { sent, changed, signedAgain, refused, accepted, outputs, violations } = tally;
  return { sent, changed, signedAgain, refused, accepted, outputs, violations };
}

interface Run {
  readonly random: Random;
  readonly tally: Tally;
  readonly count: number;
}

async function atOneHome(stage: Stage, index: number, { random, tally, count }: Run, tell: () => void): Promise<void> {
  const { home } = stage;
  const knocks = knockShots(stage);
  const papers = paperShots(stage);
  const answers = answerShots(stage);
  const envelopes = envelopeShots(stage);
  const bundles = bundleShots(stage);
  const handovers = handoverShots(stage);
  const orders = orderShots(stage);
  const before: readonly Shoot[] = [papers.one, papers.one, bundles, handovers];
  const often: readonly Shoot[] = [
    ...[bundles, bundles, bundles, bundles, papers.one, papers.one, papers.one, papers.set],
    ...[knocks.visit, knocks.visit, knocks.stray, envelopes.one, envelopes.one, handovers, answers.ack, orders],
  ];
  const outputsBefore = home.outputs();
  const startedMs = home.clock.monotonic() - 30_000;
  let sentHere = 0;
  const shoot = async (from: readonly Shoot[]): Promise<void> => {
    for (const shot of await random.pick(from)(random)) {
      tally.take(shot);
      sentHere += 1;
    }
    tell();
  };

  while (sentHere < perHome.before && tally.sent < count) await shoot(before);
  for (const what of await moveIn(stage)) tally.violate(what);
  if (index % 3 !== 0) for (const what of await papers.fill()) tally.violate(what);
  let left: number = perHome.all;
  for (let turn = 1; left > 0 && tally.sent < count; turn++) {
    const sentBefore = sentHere;
    const rare = random.chance(0.03) ? answers.hello : random.chance(0.003) ? envelopes.burst : undefined;
    await shoot(rare === undefined ? often : [rare]);
    left -= sentHere - sentBefore;
    if (turn % lookEvery === 0 && left > afterSpoilt && !(await isWell(stage))) left = afterSpoilt;
  }
  if (random.chance(0.3)) await shoot([answers.insist]);
  tally.outputs += home.outputs() - outputsBefore;
  // The first of a kind at once, then one line a minute that counts the rest.
  const most = 2 * Math.ceil((home.clock.monotonic() - startedMs) / 60_000) + 1;
  for (const [what, often] of home.refusals) {
    if (often > most) tally.violate(`the journal says ${often} times "${what}", ${most} is the most`);
  }
}
