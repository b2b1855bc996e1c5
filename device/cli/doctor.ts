/** `doorward doctor`: looks at every part of this hub and says what mends what fails. */
import { faults } from '../../wire/faults.ts';
import { systemClock } from '../clock/clock.ts';
import { examine } from '../doctor/examine.ts';
import { type Finding, worstOf } from '../doctor/finding.ts';
import type { Command } from './command.ts';
import { settingOf, socketOf } from './setting.ts';

const lineOf = ({ level, check, says, fix }: Finding): string =>
  `${level.padEnd(4)}  ${check}: ${says}${fix === undefined ? '' : `\n      -> ${fix}`}`;

const count = (findings: readonly Finding[], level: Finding['level']): number =>
  findings.filter((one) => one.level === level).length;

export const doctor: Command = {
  noun: 'doctor',
  verb: '',
  says: 'Look at every part of this hub, running or not, and say what mends what fails.',
  args: [],
  flags: (jack) => jack,
  run: async (context) => {
    const findings: Finding[] = [];
    const patient = {
      load: () => settingOf(context),
      socketOf,
      nodeVersion: process.versions.node,
      clock: systemClock,
    };
    /** Some parts take seconds: what does not answer, a camera that is started. */
    const goOn = (): void => {
      if (context.isAttended) context.progress('Looking at the next part …');
    };
    goOn();
    for await (const finding of examine(patient)) {
      findings.push(finding);
      if (!context.json) context.answer(lineOf(finding), finding);
      goOn();
    }
    const { level, code } = worstOf(findings);
    const [oks, warns, fails] = (['ok', 'warn', 'fail'] as const).map((one) => count(findings, one));
    context.answer(`${oks} ok, ${warns} to look at, ${fails} failed`, { ok: level !== 'fail', worst: level, findings });
    if (code !== undefined) process.exitCode = faults[code].exit;
  },
};
