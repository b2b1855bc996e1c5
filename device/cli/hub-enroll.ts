/** `doorward hub enroll`: makes this hub's keys and gets its certificate with a one-time token. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { Hash, Id } from '../../wire/shapes.ts';
import { systemClock } from '../clock/clock.ts';
import { type EnrolStep, enrol } from '../enrol/enrol.ts';
import { readEnrolment } from '../enrol/identity.ts';
import { openSecrets } from '../secrets/open.ts';
import { keySays } from '../secrets/secrets.ts';
import { type Command, type CommandContext, type Refuses, textFlag } from './command.ts';
import { lineFrom } from './from-file.ts';
import { onInterrupt } from './interrupt.ts';
import { settingOf } from './setting.ts';

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const refusesCloud: Refuses = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isFit = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.includes(url.hostname));
  return isFit ? undefined : 'It is an address that begins with https://';
};
const refusesToken: Refuses = (text) =>
  v.is(Id, text) ? undefined : 'A token is 22 to 43 letters, digits, - and _; was all of it copied?';
const refusesRoot: Refuses = (text) =>
  v.is(Hash, text) ? undefined : 'A fingerprint is 43 letters, digits, - and _; was all of it copied?';

const says: Readonly<Record<EnrolStep, string>> = {
  keys: 'Making the keys of this hub; they never leave it …',
  asking: 'Asking the cloud for a certificate …',
  checking: 'Comparing its root keys with the fingerprint …',
  keeping: 'Keeping what it gave …',
};

/** A flag, its file, or what is answered. What does not fit is asked again on a terminal, and refused in a script. */
async function given(context: CommandContext, flag: string, question: string, refuses: Refuses): Promise<string> {
  const value = textFlag(context, flag) ?? (flag === 'token' ? lineFrom(context, 'token-file') : undefined);
  if (value === undefined) return context.ask(question, `--${flag}`, undefined, refuses);
  const why = refuses(value);
  if (why !== undefined) throw new Fault('USAGE', { why: `--${flag}: ${why}` });
  return value;
}

/** @throws Fault ENROLMENT_DONE */
function refuseEnrolled(context: CommandContext, dataDir: string): void {
  const enrolled = readEnrolment(dataDir);
  if (enrolled === undefined) return;
  const { hub, home, cloud } = enrolled;
  context.say(
    [
      `This hub is enrolled: it is ${hub} of home ${home}${cloud === undefined ? '' : `, with ${cloud}`}. Next: doorward hub run`,
      'To enrol it for another home: stop it, keep its journal (doorward journal export), name an empty data folder, get a new token.',
    ].join('\n'),
  );
  throw new Fault('ENROLMENT_DONE', { hub, home });
}

export const hubEnroll: Command = {
  noun: 'hub',
  verb: 'enroll',
  says: 'Enrol this hub with a cloud, once; asks for what is not given.',
  args: [],
  flags: (jack) =>
    jack.opt({
      cloud: { hint: 'url', description: 'Address of the cloud.' },
      token: { hint: 'token', description: 'One-time token from the operator.' },
      'token-file': { hint: 'file', description: 'A file with the token, - for the standard input.' },
      root: {
        hint: 'sha-256',
        description: 'Fingerprint of the root set, which the operator told you by another way.',
      },
    }),
  run: async (context) => {
    const { dataDir, doors } = settingOf(context);
    refuseEnrolled(context, dataDir);
    if (context.isAttended) {
      context.say('The operator gave you three things. The fingerprint has to come by another way than the token:');
      context.say('by it this hub tells the real cloud from another one. It can be left and run again at any moment.');
    }
    const cloud = await given(context, 'cloud', 'Address of the cloud', refusesCloud);
    const token = await given(context, 'token', 'One-time token', refusesToken);
    const rootHash = await given(context, 'root', 'Fingerprint of the root set', refusesRoot);
    const secrets = openSecrets(dataDir);
    const interrupt = onInterrupt();
    const ending = new AbortController();
    void interrupt.asked.then(() => ending.abort());
    const onStep = (step: EnrolStep): void => context.say(says[step]);
    const asked = { dataDir, secrets, cloud, token, rootHash, nowMs: systemClock.now(), onStep };
    const done = await enrol({ ...asked, signal: ending.signal });
    interrupt.leave();
    const sealed = await secrets.keptBy();
    context.say(`Its keys are sealed under ${sealed === undefined ? 'nothing' : keySays[sealed]}.`);
    const next = doors.length === 0 ? 'doorward door add' : 'doorward hub run';
    context.answer(`Enrolled as ${done.hub}. Next: ${next}`, {
      ok: true,
      ...done,
      secrets: sealed ?? 'plain',
    });
  },
};
