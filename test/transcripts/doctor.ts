/** Each failure of `doorward doctor`, provoked at a home that was well a moment ago. */

import { Fault } from '../../wire/faults.ts';
import type { Case } from './case.ts';
import type { Page } from './page.ts';
import { doorCases } from './spoil-doors.ts';
import { machineCases } from './spoil-machine.ts';
import { networkCases } from './spoil-network.ts';
import { paperCases } from './spoil-papers.ts';
import type { Screen } from './tmux.ts';
import type { World } from './world.ts';

/** What is well is not printed again and again. */
const withoutOk = (text: string): string =>
  text
    .replace(/warn {2}camera garage: none[^\n]*\n[^\n]*\n/, 'ok    camera\n')
    .replace(/(^|\n)(ok {4}[^\n]*\n)+/g, '$1…\n');

/** @param world  handed over, the hub running */
export async function tellDoctor(world: World, told: Page): Promise<void> {
  const { desk, terminal } = world;
  const stranger = await terminal.open('stranger', ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']);
  told.say('# What `doorward doctor` says');
  told.say(
    'Each of its failures and warnings, provoked at the home of [setup.md](setup.md), one after the other; before each the home was well again. From the second ' +
      'block on, lines that begin with `ok`, and that of the camera which the garage has not, are left out (`…`). `npm run transcripts` makes this page.',
  );
  told.say('A home that is well:');
  await told.run(desk, 'doorward doctor');
  const chapters: readonly (readonly [string, readonly Case[]])[] = [
    ['The machine', machineCases(world)],
    ['Enrolment and certificates', paperCases(world)],
    ['Cloud, clock, broker, hub', networkCases(world)],
    ['Doors', doorCases(world)],
  ];
  const only = process.env.DOORWARD_CASES?.split(',');
  for (const [chapter, cases] of chapters) {
    told.say(`## ${chapter}`);
    for (const one of cases) {
      if (only !== undefined && !only.includes(chapter) && !only.includes(one.title)) continue;
      process.stderr.write(`${one.title}\n`);
      await tell(told, one.as === 'stranger' ? stranger : desk, one).catch((error: unknown) => {
        // The others can be told all the same.
        process.stderr.write(`${one.title}: ${error instanceof Fault ? JSON.stringify(error.detail) : error}\n`);
        process.exitCode = 1;
      });
    }
  }
}

async function tell(
  told: Page,
  screen: Screen,
  { title, done, command = 'doorward doctor', spoil }: Case,
): Promise<void> {
  told.say(`### ${title}`);
  told.say(done);
  const mend = await spoil();
  try {
    await told.run(screen, command, withoutOk);
  } finally {
    await mend();
  }
}
