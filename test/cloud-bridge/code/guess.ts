/** A courier who guesses: `node guess.ts STOPS` plays a year within all limits, and many stops without any; one line of JSON. */
import { checkCode } from '../../../cloud-bridge/code/check.ts';
import { deriveCode } from '../../../cloud-bridge/code/derive.ts';
import { checkConfig } from '../../../cloud-bridge/config/load.ts';
import { beginAttempt } from '../../../cloud-bridge/stop/begin-attempt.ts';
import { dayOf } from '../../../wire/local-day.ts';
import { openCodeStage } from './stage.ts';

/** As many as an owner may name for one plan. */
const holdersOfStop = 24;
const zone = 'Europe/Berlin';

export interface Guessed {
  readonly year: {
    readonly stops: number;
    /** Compared with a code. */
    readonly guesses: number;
    readonly mostOfDay: number;
    readonly mostOfStop: number;
    readonly opened: number;
    readonly refused: Readonly<Record<string, number>>;
  };
  /** Three guesses at each stop, no other limit: how many were opened with codes of so many digits. */
  readonly rates: readonly { readonly digits: number; readonly stops: number; readonly opened: number }[];
}

/** Every day, at every stop, a new code for each of its holders until it is refused: one phone, a new one each week, one pseudonym. */
async function playYear(stopsOfDay: number): Promise<Guessed['year']> {
  let takeDown = async (): Promise<void> => undefined;
  const stage = await openCodeStage({
    teardown: (work) => {
      takeDown = work;
    },
  });
  const parts = { codeKey: stage.key, config: checkConfig({ dataDir: stage.dataDir }), now: () => stage.at };
  const begin = Date.parse('2026-01-01T08:00:00Z');
  const refused: Record<string, number> = {};
  let [stops, guesses, opened, mostOfDay, mostOfStop] = [0, 0, 0, 0, 0];

  for (let day = 0; day < 365; day += 1) {
    let ofDay = 0;
    await stage.store.write(async (tables) => {
      for (let at = 0; at < stopsOfDay; at += 1) {
        stage.at = begin + day * 86_400_000 + at * 240_000;
        const [id, home] = [`delivery-${day}-${at}`, `home-${day}-${at}`];
        const holders = Array.from({ length: holdersOfStop }, (_, one) => `${id}-${one}`.padEnd(22, '-'));
        const plan = JSON.stringify([{ place: 'neighbour', holders }]);
        await tables.deliveries.add(stage.row(id, { home, plan }));
        const delivery = (await tables.deliveries.find(id))!;
        for (const one of holders) await tables.holders.add(stage.holderRow(one, { home, kind: 'neighbour' }));
        const jkt = `phone-${Math.floor(day / 7)}`;
        const attempt = await beginAttempt(tables, delivery, { number: 1, day: dayOf(zone, stage.at), zone }, stage.at);
        stops += 1;
        let ofStop = 0;
        for (let guess = 0; ; guess += 1) {
          const holder = holders[guess % holdersOfStop]!;
          const { tries } = (await tables.attempts.find(id, 1))!;
          const here = { ...attempt, state: 'here', presence: 'heard', jkt, named: holder, tries } as const;
          const digits = String((guess * 7919 + day * 31 + at) % 1_000_000).padStart(6, '0');
          const typed = { delivery, attempt: here, holder, jkt, courier: 'kim', digits, needs: 'heard' } as const;
          const verdict = await checkCode(parts, tables, typed);
          const after = (await tables.attempts.find(id, 1))!.tries;
          if (verdict.ok || after > tries) ofStop += 1;
          if (verdict.ok) opened += 1;
          else refused[verdict.code] = (refused[verdict.code] ?? 0) + 1;
          if (verdict.ok || verdict.code !== 'CODE_WRONG') break;
        }
        guesses += ofStop;
        ofDay += ofStop;
        mostOfStop = Math.max(mostOfStop, ofStop);
      }
    });
    mostOfDay = Math.max(mostOfDay, ofDay);
  }
  await takeDown();
  return { stops, guesses, mostOfDay, mostOfStop, opened, refused };
}

/** Whatever is guessed, and of whichever holder: a code is met as often as any other. */
function sample(digits: number, stops: number): Guessed['rates'][number] {
  const key = Uint8Array.from({ length: 32 }, (_, at) => 255 - at);
  const range = 10 ** digits;
  let opened = 0;
  let last = '0'.padStart(digits, '0');
  for (let stop = 0; stop < stops; stop += 1) {
    // One that everybody tries, one that was right at the stop before, one that counts up: each of another holder.
    const guesses = ['123456789'.slice(0, digits), last, String(stop % range).padStart(digits, '0')];
    const codes = guesses.map((_, at) =>
      deriveCode(key, { scope: ['delivery', `d${stop}`], attempt: 1, holder: `holder-${at}` }, digits),
    );
    if (codes.some((code, at) => code === guesses[at])) opened += 1;
    last = codes[0]!;
  }
  return { digits, stops, opened };
}

const count = Number(process.argv[2]);
const guessed: Guessed = { year: await playYear(4), rates: [sample(3, 30_000), sample(6, count)] };
process.stdout.write(`${JSON.stringify(guessed)}\n`);
