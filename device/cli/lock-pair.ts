/** `doorward lock pair`: sets a fresh key in an OSDP peripheral that is in its install mode. */
import type { Command } from './command.ts';
import { askHub } from './setting.ts';

export const lockPair: Command = {
  noun: 'lock',
  verb: 'pair',
  says: 'Give an OSDP peripheral its own key. It has to be in install mode.',
  args: ['door'],
  flags: (jack) => jack,
  run: async (context) => {
    const [name] = context.args;
    await context.confirm(`A new key will be set in the peripheral of "${name}".`);
    context.say('Setting the key …');
    const done = (await askHub(context, 'POST', `/doors/${encodeURIComponent(name!)}/pair`)) as object;
    context.answer(`${name}: paired; the peripheral answers over its own key.`, { ok: true, ...done });
  },
};
