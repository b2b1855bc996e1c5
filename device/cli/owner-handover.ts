/** `doorward owner handover`: gives the home to the owner, in person: shows what the owner's phone has to scan, and waits for it. */
import { renderUnicodeCompact } from 'uqr';
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import { handoverForMs, maxHandoverTries } from '../../wire/handover.ts';
import { systemClock } from '../clock/clock.ts';
import type { KeyRenewal } from '../desk/fresh-keys.ts';
import type { HandoverView, OpenedHandover } from '../enrol/handover.ts';
import type { Command, CommandContext } from './command.ts';
import { onInterrupt } from './interrupt.ts';
import { askHub } from './setting.ts';

type Seen = HandoverView & { readonly keys?: readonly KeyRenewal[] };

const lookEveryMs = 300;

/** Light modules as blocks, in white on black whatever the colours of the terminal are: cameras want dark on light. */
const codeOf = (text: string): string =>
  renderUnicodeCompact(text, { border: 2 })
    .split('\n')
    .map((line) => `\x1b[97;40m${line}\x1b[0m`)
    .join('\n');

const overSays: Readonly<Record<Extract<HandoverView, { at: 'over' }>['why'], string>> = {
  late: 'Its time is over: run this again.',
  tries: 'Too many wrong proofs: somebody tries to come in between. Look who else is here, and run this again.',
  ended: 'It was ended. Nobody was pinned.',
  failed: 'The hub could not keep the device: look at its disk (doorward doctor), and run this again.',
};

const minutes = (ms: number): string =>
  `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;

const rest = (): Promise<void> => new Promise((resolve) => void systemClock.after(lookEveryMs, resolve));

/** Until a phone has claimed it. @throws Fault HANDOVER_CLOSED; INTERRUPTED after Ctrl-C, which ends it */
async function untilClaimed(context: CommandContext): Promise<Seen & { readonly at: 'claimed' }> {
  const interrupt = onInterrupt();
  let wrong = 0;
  for (;;) {
    if (interrupt.isAsked) {
      const left = (await askHub(context, 'DELETE', '/handover')) as Seen;
      if (left.at !== 'claimed') throw new Fault('INTERRUPTED', { handover: 'ended; the code opens nothing any more' });
    }
    const seen = (await askHub(context, 'GET', '/handover')) as Seen;
    if (seen.at === 'claimed') {
      interrupt.leave();
      return seen;
    }
    if (seen.at === 'none') throw new Fault('HANDOVER_CLOSED', { why: 'the hub was restarted; run this again' });
    if (seen.at === 'over') throw new Fault('HANDOVER_CLOSED', { why: overSays[seen.why] });
    if (seen.wrongProofs > wrong) {
      wrong = seen.wrongProofs;
      context.say(
        `A wrong proof came (${wrong} of ${maxHandoverTries}): another code, or a key that was swapped on its way. It was refused, nobody is pinned.`,
      );
    }
    context.progress('Waiting for the phone …', ` ${minutes(seen.leftMs)} left (Ctrl-C: end it)`);
    await Promise.race([rest(), interrupt.asked]);
  }
}

/** Until every key that can be renewed is, or is known not to be. */
async function untilRenewed(context: CommandContext): Promise<readonly KeyRenewal[]> {
  for (;;) {
    const { keys = [] } = (await askHub(context, 'GET', '/handover')) as Seen;
    const left = keys.filter(({ at }) => at === 'waiting');
    if (left.length === 0) return keys;
    context.progress('Giving the peripherals fresh keys …', ` ${left.length} to go`);
    await rest();
  }
}

const keyLine = ({ doors, at, code }: KeyRenewal): string => {
  const name = doors.join(', ');
  if (at === 'renewed') return `  ${name}: a fresh key, which you cannot know`;
  if (at === 'by-hand') {
    return `  ${name}: its key was made by lock and hub alone. If you typed its security PIN, the owner changes it in the app of the lock`;
  }
  const why = code === undefined ? '' : ` [${code}] ${faults[code as FaultCode].says}`;
  return `  ${name}: it kept the key of before.${why} With the peripheral in install mode: doorward lock pair ${doors[0]}`;
};

export const ownerHandover: Command = {
  noun: 'owner',
  verb: 'handover',
  says: "Pin the owner's first device: shows a code for it to scan, and waits until it has.",
  args: [],
  flags: (jack) =>
    jack.flag({
      wait: { description: 'Stay until the phone has claimed it; --no-wait leaves it open.', default: true },
    }),
  run: async (context) => {
    await context.confirm('This gives the home to whoever scans the code next; devices pinned before are dropped.');
    const opened = (await askHub(context, 'POST', '/handover')) as OpenedHandover;
    const code = opened.link ?? opened.uri;
    const isWaiting = context.flags.wait !== false;
    const say = `Show this to the owner only. It works once, within ${handoverForMs / 60_000} minutes:`;
    context.say(say);
    if (!isWaiting || context.json) context.answer(code, { ok: true, at: 'open', ...opened });
    else context.say(`${code}\n\n${codeOf(code)}`);
    if (!isWaiting) return;

    const { device } = await untilClaimed(context);
    context.say(
      'The phone has proved the code. It has to say that it is pinned; if it refuses, run this again at once.',
    );
    const keys = await untilRenewed(context);
    const lines = [
      `The home is the owner's: device ${device.slice(0, 8)} is pinned. What you could have known:`,
      '  the enrolment token: used up',
      ...keys.map(keyLine),
      'Your access ends here: have your login on this machine removed. From now on the owner sees every test in the journal.',
    ];
    context.answer(lines.join('\n'), { ok: true, at: 'claimed', device, keys });
  },
};
