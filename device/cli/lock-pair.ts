/** `doorward lock pair`: makes a lock and this hub know each other. */
import { Fault, type FaultCode } from '../../wire/faults.ts';
import { systemClock } from '../clock/clock.ts';
import { holderOf } from '../config/holder.ts';
import type { Paired, PairingStage } from '../lock/installed.ts';
import type { HubStatus } from '../status.ts';
import { askedYes } from './asked.ts';
import type { Command, CommandContext, Refuses } from './command.ts';
import { lineFrom } from './from-file.ts';
import { onInterrupt } from './interrupt.ts';
import { askHub, settingOf } from './setting.ts';

const lookEveryMs = 300;
/** How long the first look after a pairing may take. */
const firstLookMs = 15_000;
/** Longer than the hub waits for the button, and talks to a slow lock after it. */
const answerWithinMs = 180_000;

const stageSays: Readonly<Record<PairingStage, string>> = {
  proving: 'An earlier pairing was cut off: asking the lock whether it holds …',
  button: 'Waiting for the button of the lock: hold it for 5 seconds, until its ring lights up …',
  talking: 'The lock is there: exchanging keys …',
};

const near = 'Stay close to the lock and run it again.';

/** Code -> how to go on after it. */
export const howToGoOn: Partial<Record<FaultCode, string>> = {
  NUKI_NOT_PAIRING:
    'Hold the button for 5 seconds while this waits. When the ring stays dark, allow pairing over Bluetooth in the app of the lock.',
  NUKI_PAIRING_CUT: 'Stay close to the lock and run it again: it first asks the lock what holds.',
  NUKI_PIN_MISSING: 'This lock pairs only with its 6 digits: give --pin, or --pin-file.',
  NUKI_PIN_WRONG: 'Look the PIN up in the app of the lock. After a few wrong ones the lock refuses all for a while.',
  NUKI_PIN_LOCKED: 'Wait half an hour, then give the right one.',
  NUKI_FULL: 'Remove an entry that nobody needs in the app of the lock.',
  BLE_NOT_FOUND: 'Bring the hub closer to the lock, look at its battery, and try: doorward lock scan',
  BLE_SILENT: near,
  LOCK_SILENT: near,
  LINK_CLOSED: near,
  LOCK_REFUSED: 'Stay close to the lock, with nobody else talking to it, and run it again.',
  NUKI_NOT_GENUINE: 'Stay close to the lock, with nobody else near, and run it again.',
  DOOR_BUSY: 'Wait until the visit, or the other pairing, has ended.',
};

const pinForm = /^(\d{4}|\d{6})$/;
const refusesPin: Refuses = (text) =>
  pinForm.test(text) ? undefined : 'A security PIN has 4 digits, or 6 for newer locks.';

const askPin = (context: CommandContext): Promise<string> =>
  context.askSecret('Security PIN of the lock', '--pin-file', refusesPin);

async function pinFrom(context: CommandContext): Promise<string | undefined> {
  const read = lineFrom(context, 'pin-file');
  const why = read === undefined ? undefined : refusesPin(read);
  if (why !== undefined) throw new Fault('USAGE', { why: `--pin-file: ${why}` });
  if (read !== undefined || context.flags.pin === false) return read;
  if (context.flags.pin === true) return askPin(context);
  const isFit: Refuses = (text) => (text === '' ? undefined : refusesPin(text));
  return (await context.askSecret('Security PIN of the lock; empty: without it', '--pin-file', isFit, '')) || undefined;
}

interface Asked {
  readonly pin: string | undefined;
  readonly asApp: boolean;
}

/** Asks the hub to pair, shows how it goes on, and ends the wait for the button at Ctrl-C. */
async function pairOnce(context: CommandContext, door: string, asked: Asked): Promise<Paired> {
  const path = `/doors/${encodeURIComponent(door)}/pair`;
  const interrupt = onInterrupt();
  const beganMs = systemClock.monotonic();
  let isOver = false;
  const answer = askHub(context, 'POST', path, {
    body: { asApp: asked.asApp, ...(asked.pin === undefined ? {} : { pin: Number(asked.pin) }) },
    withinMs: answerWithinMs,
  }).finally(() => {
    isOver = true;
  });
  answer.catch(() => undefined);
  void interrupt.asked.then(() => askHub(context, 'DELETE', path).catch(() => undefined));
  try {
    while (!isOver) {
      const { stage } = (await askHub(context, 'GET', path).catch(() => ({}))) as { stage?: PairingStage };
      const seconds = Math.round((systemClock.monotonic() - beganMs) / 1000);
      if (stage !== undefined && !isOver) context.progress(stageSays[stage], ` ${seconds} s (Ctrl-C: leave)`);
      await Promise.race([
        answer.catch(() => undefined),
        new Promise<void>((resolve) => systemClock.after(lookEveryMs, resolve)),
      ]);
    }
    return (await answer) as Paired;
  } finally {
    interrupt.leave();
  }
}

/** Until it is paired, or nobody wants to try again. */
async function pairNuki(context: CommandContext, door: string): Promise<Paired & { readonly hasPin: boolean }> {
  let pin = await pinFrom(context);
  const asApp = await askedYes(
    context,
    'as-app',
    'Does a Nuki Bridge serve this lock, and is to go on? Otherwise the hub takes its place',
  );
  context.say('Go to the lock. Nothing moves while it is paired.');
  for (;;) {
    try {
      return { ...(await pairOnce(context, door, { pin, asApp })), hasPin: pin !== undefined };
    } catch (error) {
      const how = error instanceof Fault ? howToGoOn[error.code] : undefined;
      if (!(error instanceof Fault) || how === undefined) throw error;
      if (!context.isAttended) throw new Fault(error.code, { ...error.detail, do: how }, { cause: error });
      context.say(`${error.message}\n${how}`);
      // A wrong PIN is never sent twice.
      const wantsPin = error.code === 'NUKI_PIN_MISSING' || error.code === 'NUKI_PIN_WRONG';
      if (wantsPin) pin = await askPin(context);
      else await context.confirm('Once more?');
    }
  }
}

/** What the lock says once the hub has asked it over the new key, if it does soon. */
async function seenAfterwards(context: CommandContext, name: string): Promise<string> {
  const endMs = systemClock.monotonic() + firstLookMs;
  let door: HubStatus['doors'][number] | undefined;
  while (!door?.reachable && systemClock.monotonic() < endMs) {
    context.progress('Asking the lock how it stands …');
    const { doors } = (await askHub(context, 'GET', '/status')) as HubStatus;
    door = doors.find((one) => one.name === name);
    if (!door?.reachable) await new Promise<void>((resolve) => systemClock.after(lookEveryMs, resolve));
  }
  if (!door?.reachable) return 'It has not said yet how it stands: doorward lock status';
  const battery = door.batteryPercent === undefined ? '' : `, battery ${door.batteryPercent} %`;
  return `It reports: bolt ${door.bolt}, door ${door.contact}${battery}.`;
}

export const lockPair: Command = {
  noun: 'lock',
  verb: 'pair',
  says: 'Pair a Nuki lock whose button is held, or give an OSDP peripheral in install mode its own key.',
  args: ['door'],
  flags: (jack) =>
    jack
      .flag({
        pin: { description: 'Ask for the security PIN of a Nuki lock until there is one; --no-pin asks for none.' },
        'as-app': {
          description: 'Leave the Nuki Bridge of the lock alone: what others do at the door is then seen later.',
        },
      })
      .opt({ 'pin-file': { hint: 'file', description: 'A file with that PIN, - for the standard input.' } }),
  run: async (context) => {
    const name = context.args[0]!;
    const config = settingOf(context).doors.find((door) => door.name === name);
    if (config === undefined || holderOf(config) !== 'nuki') {
      await context.confirm(
        `A new key will be set in the peripheral of "${name}". Have it in its install mode, and its cable in view.`,
      );
      context.progress('Setting the key …');
      const done = (await askHub(context, 'POST', `/doors/${encodeURIComponent(name)}/pair`)) as object;
      context.answer(`${name}: paired; the peripheral answers over its own key.\nNext: doorward lock test ${name}`, {
        ok: true,
        ...done,
      });
      return;
    }
    const done = await pairNuki(context, name);
    const how = done.isOld ? 'the pairing that was cut off holds' : 'paired';
    const pin = done.hasPin
      ? 'The PIN is kept with the keys of the hub; the lock tells at its first use whether it is right.'
      : 'Without its security PIN the hub moves the lock and manages nothing in it: doorward lock pair --pin';
    const seen = await seenAfterwards(context, name);
    context.answer(`${name}: ${how}. ${seen}\n${pin}\nNext: doorward lock test ${name}`, { ok: true, ...done });
  },
};
