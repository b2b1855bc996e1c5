/**
 * Delivery days by the thousand, in seven zones and on both changes of their clocks, held against an oracle that shares nothing with the
 * product: the clocks of a zone are a table that was written by hand, and a day is an integer. `node days.ts COUNT` says what came of it as
 * one line of JSON.
 */
import { checkCode } from '../../../cloud-bridge/code/check.ts';
import { codesOf, readCodeStop } from '../../../cloud-bridge/code/of-stop.ts';
import { accountHolderId } from '../../../cloud-bridge/code/receivers.ts';
import { checkConfig } from '../../../cloud-bridge/config/load.ts';
import { beginAttempt } from '../../../cloud-bridge/stop/begin-attempt.ts';
import type { Row } from '../../../cloud-bridge/store/schema.ts';
import type { Tables } from '../../../cloud-bridge/store/store.ts';
import { openCodeStage } from './stage.ts';

export interface DaysPlayed {
  readonly days: number;
  /** Verdict that the oracle gives -> how often. */
  readonly seen: Readonly<Record<string, number>>;
  /** Where the product said something else. */
  readonly wrong: readonly string[];
}

/** Minutes from UTC: first, then from which moment on. 2026, as the zones' own laws have it. */
const clocks: Readonly<Record<string, readonly [number, ...(readonly [string, number])[]]>> = {
  'Europe/Berlin': [60, ['2026-03-29T01:00Z', 120], ['2026-10-25T01:00Z', 60]],
  'America/New_York': [-300, ['2026-03-08T07:00Z', -240], ['2026-11-01T06:00Z', -300]],
  'Australia/Lord_Howe': [660, ['2026-04-04T15:00Z', 630], ['2026-10-03T15:30Z', 660]],
  'Asia/Kathmandu': [345],
  'America/St_Johns': [-210, ['2026-03-08T05:30Z', -150], ['2026-11-01T04:30Z', -210]],
  'Africa/Casablanca': [60, ['2026-02-15T02:00Z', 0], ['2026-03-22T02:00Z', 60]],
  // The day after has no midnight in spring; in autumn the last hour comes twice.
  'Africa/Cairo': [120, ['2026-04-23T22:00Z', 180], ['2026-10-29T21:00Z', 120]],
};
const zones = Object.keys(clocks);

const offsetMs = (zone: string, at: number): number => {
  const [first, ...changes] = clocks[zone]!;
  return changes.reduce((now, [from, then]) => (at >= Date.parse(from) ? then : now), first) * 60_000;
};
/** Number of the day that the wall's calendar shows. */
const dayNumber = (zone: string, at: number): number => Math.floor((at + offsetMs(zone, at)) / 86_400_000);
const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** The same numbers at every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Verdict = 'right' | 'CODE_WRONG' | 'CODE_EXPIRED' | 'CODE_TRIES_USED';

/** What one stop has to answer. Knows of no hash, no zone library and no table of the product. */
class Oracle {
  #wrong = 0;
  readonly zone: string;
  readonly day: number;
  constructor(zone: string, day: number) {
    this.zone = zone;
    this.day = day;
  }
  answer(at: number, is: 'own' | 'earlier' | 'other'): Verdict {
    if (this.#wrong >= 3) return 'CODE_TRIES_USED';
    const isOver = dayNumber(this.zone, at) > this.day;
    if (is === 'own' && !isOver) return 'right';
    this.#wrong += 1;
    if (isOver || is === 'earlier') return 'CODE_EXPIRED';
    return this.#wrong === 3 ? 'CODE_TRIES_USED' : 'CODE_WRONG';
  }
}

const roll = dice(20_261_121);
/** A day, as often as not one of those on which the clocks change, or beside it. */
function someDay(zone: string): number {
  const [, ...changes] = clocks[zone]!;
  const free = Math.floor(Date.parse('2026-01-10T00:00Z') / 86_400_000) + roll(330);
  if (changes.length === 0 || roll(2) === 0) return free;
  return dayNumber(zone, Date.parse(changes[roll(changes.length)]![0])) - 1 + roll(3);
}

/** The first moment at which the oracle's calendar shows a later day, found second by second from the last midnight that could be meant. */
function endOf(zone: string, day: number): number {
  const naive = (day + 1) * 86_400_000;
  const offsets = [...new Set([-86_400_000, 0, 86_400_000].map((by) => offsetMs(zone, naive + by)))];
  const near = offsets.map((offset) => naive - offset).sort((a, b) => a - b);
  return near.find((at) => dayNumber(zone, at) > day)!;
}

async function playDays(wantedDays: number): Promise<DaysPlayed> {
  let takeDown = async (): Promise<void> => undefined;
  const stage = await openCodeStage({
    teardown: (work) => {
      takeDown = work;
    },
  });
  const parts = { codeKey: stage.key, config: checkConfig({ dataDir: stage.dataDir }), now: () => stage.at };
  const seen: Record<string, number> = {};
  const wrong: string[] = [];
  let days = 0;

  async function play(tables: Tables, number: number): Promise<void> {
    const zone = zones[number % zones.length]!;
    const [id, home] = [`delivery-${number}`, `home-${number}`];
    const holder = accountHolderId(home);
    await tables.deliveries.add(stage.row(id, { home, order_ref: roll(4) === 0 ? 'order' : null }));
    const delivery = (await tables.deliveries.find(id))!;
    const codeFor = async (attempt: Row<'attempt'>): Promise<string> =>
      codesOf(stage.key, 6, await readCodeStop(tables, delivery, attempt, stage.at), holder).now;
    const earlier: string[] = [];
    const attempts = 1 + roll(3);
    let day = someDay(zone);
    for (let at = 1; at <= attempts; at += 1, day += roll(3)) {
      days += 1;
      const end = endOf(zone, day);
      const attempt = await beginAttempt(tables, delivery, { number: at, day: dayText(day), zone }, stage.at);
      const jkt = `phone-${number}-${at}`;
      const here = { ...attempt, state: 'here', presence: 'heard', jkt, named: holder } as const;
      await tables.attempts.change(id, at, { state: 'here', presence: 'heard', jkt, named: holder });
      const own = await codeFor(attempt);
      // That of an attempt to come is of another attempt, too.
      const later = await codeFor({ ...attempt, number: at + 1, day: dayText(day + 1) });
      const oracle = new Oracle(zone, day);
      const others = [...earlier.map((code) => [code, 'earlier'] as const), [later, 'other'] as const];
      const [foul, kind] = others[roll(others.length)]!;
      const moments = [
        [end - 1 - roll(86_000_000), foul, kind],
        [end - 1, own, 'own'],
        [end + (roll(2) === 0 ? 0 : roll(7_200_000)), own, 'own'],
        ...(roll(4) === 0 ? [[end + roll(86_400_000), foul, kind] as const] : []),
      ] as const;
      for (const [moment, digits, is] of [...moments].sort(([a], [b]) => a - b)) {
        stage.at = moment;
        const { tries } = (await tables.attempts.find(id, at))!;
        const typed = {
          delivery,
          attempt: { ...here, tries },
          holder,
          jkt,
          courier: null,
          digits,
          needs: 'heard',
        } as const;
        const verdict = await checkCode(parts, tables, typed);
        const [said, expected] = [verdict.ok ? 'right' : verdict.code, oracle.answer(moment, is)];
        seen[expected] = (seen[expected] ?? 0) + 1;
        if (said !== expected) {
          wrong.push(
            `${zone} ${dayText(day)} attempt ${at}, ${new Date(moment).toISOString()}, ${is}: ${said}, not ${expected}`,
          );
        }
      }
      earlier.push(own);
      await tables.attempts.change(id, at, { state: 'closed', how: 'left' });
    }
  }

  for (let number = 0; days < wantedDays; ) {
    await stage.store.write(async (tables) => {
      for (let at = 0; at < 500 && days < wantedDays; at += 1, number += 1) await play(tables, number);
    });
  }
  await takeDown();
  return { days, seen, wrong };
}

process.stdout.write(`${JSON.stringify(await playDays(Number(process.argv[2])))}\n`);
