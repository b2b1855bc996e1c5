/** `doorward journal tail`: the newest entries in words; with --follow, what comes after them too. */
import { fromEntryText, kinds } from '../../wire/journal.ts';
import { systemClock } from '../clock/clock.ts';
import type { HubStore } from '../journal/journal.ts';
import type { Command, CommandContext } from './command.ts';
import { withKept } from './kept.ts';

/** How often --follow looks, ms. */
const lookEveryMs = 500;

/** Answers the entries from `seq` on. @returns the next sequence number */
function answerFrom(context: CommandContext, store: HubStore, from: number): number {
  let next = from;
  for (;;) {
    const texts = store.journal.read(next, 200);
    if (texts.length === 0) return next;
    for (const text of texts) {
      const read = fromEntryText(text);
      if (!read.ok) continue;
      const { seq, at, kind, body } = read.value;
      const facts = Object.entries(body)
        .filter(([, value]) => String(value).length <= 64)
        .map(([name, value]) => `${name}=${value}`);
      const time = new Date(at).toISOString().replace('T', ' ').slice(0, 23);
      context.answer([`${String(seq).padStart(6)}  ${time}  ${kinds[kind].says}`, ...facts].join('  '), read.value);
    }
    next += texts.length;
  }
}

export const journalTail: Command = {
  noun: 'journal',
  verb: 'tail',
  says: 'Show the newest journal entries.',
  args: [],
  flags: (jack) =>
    jack
      .num({ lines: { short: 'n', hint: 'count', description: 'How many entries. Default 20.' } })
      .flag({ follow: { short: 'f', description: 'Stay and show what comes.' } }),
  run: (context) =>
    withKept(context, async (store) => {
      const lines = typeof context.flags.lines === 'number' ? Math.max(0, Math.floor(context.flags.lines)) : 20;
      const first = Math.max(store.rows.floor().seq + 1, store.journal.head().seq - lines + 1);
      let next = answerFrom(context, store, first);
      if (context.flags.follow !== true) return;
      await new Promise<void>((resolve) => {
        let cancel = (): void => undefined;
        const look = (): void => {
          next = answerFrom(context, store, next);
          cancel = systemClock.after(lookEveryMs, look);
        };
        process.once('SIGINT', () => {
          cancel();
          resolve();
        });
        look();
      });
    }),
};
