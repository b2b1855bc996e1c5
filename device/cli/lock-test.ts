/** `doorward lock test`: one whole cycle with the installer at the door: released, opened, closed, proven locked. */
import type { LockTest } from '../main.ts';
import type { Command } from './command.ts';
import { askHub } from './setting.ts';

export const lockTest: Command = {
  noun: 'lock',
  verb: 'test',
  says: 'Release one lock and watch the door until it is proven locked. Asks first.',
  args: ['door'],
  flags: (jack) => jack,
  run: async (context) => {
    const [name] = context.args;
    await context.confirm(`The lock of "${name}" will open. Stand at the door; open it, then close it.`);
    context.say('Releasing … open the door, then close it.');
    const done = (await askHub(context, 'POST', `/doors/${encodeURIComponent(name!)}/test`)) as LockTest;
    const proven = done.proof === 'secured' ? 'proven locked' : `left ${done.proof}`;
    context.answer(`${name}: ${done.outcome}, ${proven}.`, { ok: done.proof === 'secured', ...done });
  },
};
