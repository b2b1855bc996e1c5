/** `doorward lock unpair`: the hub forgets its key of a lock, and leaves the lock's own list where it can. */
import type { Command } from './command.ts';
import { askHub } from './setting.ts';

const says = {
  removed: 'the hub has forgotten its key, and the lock its entry for the hub.',
  'left-in-lock':
    'the hub has forgotten its key. Its entry is still in the lock: remove "Doorward" from the list of users in the app of the lock.',
} as const;

export const lockUnpair: Command = {
  noun: 'lock',
  verb: 'unpair',
  says: 'Forget the key of a Nuki lock. Asks first.',
  args: ['door'],
  flags: (jack) => jack,
  run: async (context) => {
    const name = context.args[0]!;
    await context.confirm(
      `The hub will forget the key of "${name}": it can neither lock nor watch it until it is paired again.`,
    );
    context.progress('Telling the lock …');
    const done = (await askHub(context, 'POST', `/doors/${encodeURIComponent(name)}/unpair`)) as {
      left: keyof typeof says;
    };
    context.answer(`${name}: ${says[done.left]}`, { ok: true, ...done });
  },
};
