/** `doorward journal export`: the journal as lines that anyone can check without this hub. */
import { Fault } from '../../wire/faults.ts';
import { systemClock } from '../clock/clock.ts';
import { exportJournal } from '../journal/export.ts';
import type { Command } from './command.ts';
import { keysOf, withKept } from './kept.ts';

const place = (flag: unknown): number | undefined => {
  if (flag === undefined) return undefined;
  if (typeof flag === 'number' && Number.isSafeInteger(flag) && flag >= 1) return flag;
  throw new Fault('USAGE', { why: '--from and --to are sequence numbers' });
};

export const journalExport: Command = {
  noun: 'journal',
  verb: 'export',
  says: 'Write the journal to stdout, signed, one entry a line.',
  args: [],
  flags: (jack) =>
    jack.num({
      from: { hint: 'seq', description: 'First entry; else the first that is kept.' },
      to: { hint: 'seq', description: 'Last entry; else the newest.' },
    }),
  run: (context) =>
    withKept(context, async (store, config) => {
      const [from, to] = [place(context.flags.from), place(context.flags.to)];
      const signer = { key: (await keysOf(config)).sign, now: systemClock.now };
      const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      for await (const line of exportJournal(store, signer, range)) context.answer(line, JSON.parse(line) as object);
    }),
};
