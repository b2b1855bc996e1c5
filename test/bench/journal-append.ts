/** `journal.append`: entries made durable, against a bare loop that hashes the same bytes and inserts the same rows. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Draft } from '../../device/journal/journal.ts';
import { sql as layout } from '../../device/journal/migrations/0001-journal.ts';
import { openHubStore } from '../../device/journal/sqlite.ts';
import { genesisOf } from '../../wire/journal.ts';
import { type BenchResult, median, percentile } from './result.ts';

const hubId = 'hub-aaaaaaaaaaaaaaaaaaaa';
const bar = 0.8;
/** Many short rounds: a disk that stalls now and then spoils some of them and not the median. */
const rounds = 80;
const warmUpRounds = 20;
const entriesARound = { single: 50, group50: 500 };

const drafts = (count: number): Draft[] =>
  Array.from({ length: count }, (_, n) => ({
    at: 1_790_000_000_000 + n,
    door: 'door-bbbbbbbbbbbbbbbbbbbb',
    visit: 'visit-cccccccccccccccc',
    kind: 'bolt.driven',
    body: { to: 'open', reason: 'visit', attempt: 1, n },
  }));

/** One way to make entries durable; `append` takes the entries from `from` on. */
interface Way {
  append(from: number, count: number): void;
  close(): void;
}

/** The journal itself. */
function openJournal(path: string, group: number, all: readonly Draft[]): Way {
  const store = openHubStore(path, hubId);
  return {
    append: (from, count) => {
      for (let at = from; at < from + count; at += group) store.journal.append(all.slice(at, at + group));
    },
    close: () => store.close(),
  };
}

/** The same texts, hashed and inserted into the same table with the same settings, and nothing else. */
function openBare(path: string, group: number, texts: readonly string[]): Way {
  const sqlite = new Sqlite(path);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'trusted_schema = OFF']) sqlite.pragma(pragma);
  sqlite.exec(layout);
  const insert = sqlite.prepare('INSERT INTO journal (seq, text, hash) VALUES (?, ?, ?)');
  const [begin, commit] = [sqlite.prepare('BEGIN IMMEDIATE'), sqlite.prepare('COMMIT')];
  return {
    append: (from, count) => {
      for (let at = from; at < from + count; at += group) {
        if (group > 1) begin.run();
        for (let n = at; n < at + group; n += 1) {
          const text = texts[n]!;
          insert.run(n + 1, text, createHash('sha256').update(text).digest('base64url'));
        }
        if (group > 1) commit.run();
      }
    },
    close: () => sqlite.close(),
  };
}

/** The texts that the journal makes of these drafts. */
function textsOf(folder: string, all: readonly Draft[]): readonly string[] {
  const store = openHubStore(join(folder, 'texts.db'), hubId);
  const texts = store.journal.append(all).map((one) => one.text);
  store.close();
  rmSync(join(folder, 'texts.db'));
  if (!texts[0]?.includes(genesisOf(hubId))) throw new RangeError('the first text does not start the chain');
  return texts;
}

async function compare(name: string, folder: string, group: number, entries: number): Promise<BenchResult> {
  const all = drafts((rounds + warmUpRounds) * entries);
  const ways = {
    ours: openJournal(join(folder, `journal-${group}.db`), group, all),
    bare: openBare(join(folder, `bare-${group}.db`), group, textsOf(folder, all)),
  };
  const rates = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    for (const turn of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
      await new Promise(setImmediate);
      const start = performance.now();
      ways[turn].append(round * entries, entries);
      const rate = (entries * 1000) / (performance.now() - start);
      if (round >= warmUpRounds) rates[turn].push(rate);
    }
  }
  ways.ours.close();
  ways.bare.close();
  const [value, baseline] = [median(rates.ours), median(rates.bare)];
  const ratio = value / baseline;
  const detail = { 'slowest tenth of rounds': percentile(rates.ours, 0.1), 'and bare': percentile(rates.bare, 0.1) };
  return { name, value, unit: 'entries/s', baseline, ratio, bar, holds: ratio >= bar, detail };
}

/** On the disk of the working folder: a folder in memory would make nothing durable. */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-journal-'));
  try {
    return [
      await compare('journal.append.single', folder, 1, entriesARound.single),
      await compare('journal.append.group50', folder, 50, entriesARound.group50),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
