/** `doorward owner handover`: opens the hand-over, in person: shows what the owner's phone has to scan. */
import { handoverForMs } from '../../wire/handover.ts';
import type { Command } from './command.ts';
import { askHub } from './setting.ts';

export const ownerHandover: Command = {
  noun: 'owner',
  verb: 'handover',
  says: "Pin the owner's first device: shows a code for it to scan.",
  args: [],
  flags: (jack) => jack,
  run: async (context) => {
    await context.confirm('This gives the home to whoever scans the code next; devices pinned before are dropped.');
    const opened = (await askHub(context, 'POST', '/handover')) as { uri: string };
    const minutes = handoverForMs / 60_000;
    context.say(`Show this to the owner only. It works once, within ${minutes} minutes:`);
    context.answer(opened.uri, { ok: true, ...opened });
  },
};
