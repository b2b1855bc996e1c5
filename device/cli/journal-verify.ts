/** `doorward journal verify`: checks this hub's journal, or an export on any machine. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Fault, type Verdict } from '../../wire/faults.ts';
import { type JournalSummary, verifyStore } from '../journal/verify.ts';
import { verifyExport } from '../journal/verify-export.ts';
import { witnessKeysOf } from '../journal/witness-keys.ts';
import { type Command, textFlag } from './command.ts';
import { withKept } from './kept.ts';

async function verifyFile(path: string, hubKid: string | undefined): Promise<Verdict<JournalSummary>> {
  const file = createReadStream(path);
  const opened = new Promise<never>((_, reject) =>
    file.once('error', (cause) => reject(new Fault('NOT_FOUND', { path }, { cause }))),
  );
  const lines = createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY });
  return Promise.race([verifyExport(lines, hubKid === undefined ? {} : { hubKid }), opened]);
}

export const journalVerify: Command = {
  noun: 'journal',
  verb: 'verify',
  says: 'Find gaps, edits, re-orderings and forks in the journal.',
  args: ['export?'],
  flags: (jack) =>
    jack.opt({
      key: { hint: 'thumbprint', description: "Thumbprint of the hub's key, to check an export by." },
    }),
  run: async (context) => {
    const [path] = context.args;
    const verdict =
      path === undefined
        ? await withKept(context, async (store) => verifyStore(store, { witnessKeys: await witnessKeysOf(store) }))
        : await verifyFile(path, textFlag(context, 'key'));
    if (!verdict.ok) throw new Fault(verdict.code, verdict.detail ?? {});
    const { hub, from, to, witness } = verdict.value;
    context.answer(`${hub}: entries ${from} to ${to} are whole and in order; countersigned head: ${witness}.`, {
      ok: true,
      ...verdict.value,
    });
  },
};
