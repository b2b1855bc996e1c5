/** `doorward lock test`: one whole cycle with the installer at the door: released, opened, closed, proven locked. */
import type { Holder, TestStep } from '../../wire/commissioning.ts';
import { Fault, faults } from '../../wire/faults.ts';
import { systemClock } from '../clock/clock.ts';
import type { LockTest, LockTestView } from '../main.ts';
import type { HubStatus } from '../status.ts';
import { type Command, type CommandContext, textFlag } from './command.ts';
import { onInterrupt } from './interrupt.ts';
import { askHub } from './setting.ts';

const lookEveryMs = 200;
const longestName = 64;
/** Longer than a barrier has to stand still before a pulse is sent. */
const provenWithinMs = 60_000;

const stepSays: Readonly<Record<TestStep, string>> = {
  asked: 'asked to open',
  released: 'released: open the door now',
  opened: 'door open: close it again',
  closed: 'door closed',
  locking: 'locking',
  proven: 'at rest',
};

/** A garage door opens by itself, and is closed by the button on its wall. */
const barrierSays: Partial<Record<TestStep, string>> = {
  released: 'told to open: it opens by itself',
  opened: 'door open: close it again, with its own button once it stands still',
  locking: 'waiting until it stays closed',
};

const releasing: Readonly<Record<Holder, string>> = {
  strike: 'The strike of',
  nuki: 'The lock of',
  barrier: 'The garage door',
};

const standing: Readonly<Record<Holder, string>> = {
  strike: 'Stand at the door; open it, then close it.',
  nuki: 'Stand at the door; open it, then close it.',
  barrier: 'Keep its way free and stay where you see it; when it is open, close it with its own button.',
};

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What is waited for in a state, and when it is late, ms after the state began. */
function awaited(view: LockTestView): { readonly says: string; readonly lateMs: number; readonly late: string } {
  const { at, unlockForMs, openLimitMs } = view;
  switch (at) {
    case 'unlocked':
      return {
        says: 'Waiting for the door to open …',
        lateMs: unlockForMs / 2,
        late: 'The door was not seen to open. Open it; when it is open, look at its contact and closedWhen.',
      };
    case 'open':
      return {
        says: 'Waiting for the door to close …',
        lateMs: Math.min(openLimitMs / 2, 30_000),
        late: 'The door was not seen to close. Close it; when it is closed, look at its contact and closedWhen.',
      };
    case 'closed':
    case 'locking':
      return {
        says: 'Waiting for the proof …',
        lateMs: 8_000,
        late: 'It is not proven locked yet. Push the door to; look at bolt, latch and monitor.',
      };
    default:
      return { says: 'Waiting for the lock …', lateMs: 12_000, late: 'The lock takes long. Is it in reach?' };
  }
}

/** Says each step as it is seen, and what is late, once. */
function narrator(context: CommandContext, heldBy: Holder): (view: LockTestView) => void {
  const says = heldBy === 'barrier' ? { ...stepSays, ...barrierSays } : stepSays;
  let told = 0;
  let at = '';
  let sinceMs = 0;
  let isWarned = false;
  return (view) => {
    for (const { step, afterMs } of view.steps.slice(told)) {
      if (step !== 'proven') context.say(`${inSeconds(afterMs).padStart(8)}  ${says[step]}`);
    }
    told = view.steps.length;
    if (view.at !== at) {
      at = view.at;
      sinceMs = view.afterMs;
      isWarned = false;
    }
    if (view.done !== undefined) return;
    const { says: waits, lateMs, late } = awaited(view);
    if (!isWarned && view.afterMs - sinceMs > lateMs) {
      isWarned = true;
      context.say(`${inSeconds(view.afterMs).padStart(8)}  ! ${late}`);
    }
    context.progress(waits, ` ${Math.round(view.afterMs / 1000)} s (Ctrl-C: end it)`);
  };
}

/** Follows the test to its end. Ctrl-C ends it as soon as the door can be locked; a second one leaves it to the hub. */
async function follow(context: CommandContext, path: string, heldBy: Holder, begun: LockTestView): Promise<LockTest> {
  const tell = narrator(context, heldBy);
  const interrupt = onInterrupt();
  void interrupt.asked.then(async () => {
    context.say(
      'Ending the test: close the door. The hub locks it as soon as it is closed (Ctrl-C: leave it to the hub).',
    );
    await askHub(context, 'DELETE', path).catch(() => undefined);
  });
  let view = begun;
  for (;;) {
    tell(view);
    if (view.done !== undefined) break;
    await new Promise<void>((resolve) => systemClock.after(lookEveryMs, resolve));
    view = (await askHub(context, 'GET', path)) as LockTestView;
  }
  interrupt.leave();
  return view.done;
}

/** A garage door is opened only after it was seen closed and still for a while: that is waited for. */
async function untilBegun(context: CommandContext, path: string, body: object): Promise<LockTestView> {
  const endMs = systemClock.monotonic() + provenWithinMs;
  for (;;) {
    try {
      return (await askHub(context, 'POST', path, { body })) as LockTestView;
    } catch (error) {
      const isEarly = error instanceof Fault && error.code === 'BARRIER_NOT_PROVEN';
      const leftMs = endMs - systemClock.monotonic();
      if (!isEarly || leftMs < 0) throw error;
      context.progress(
        'Waiting until it has been seen closed and still for half a minute …',
        ` ${Math.ceil(leftMs / 1000)} s left (Ctrl-C: leave)`,
      );
      await new Promise<void>((resolve) => systemClock.after(lookEveryMs, resolve));
    }
  }
}

const proofSays: Readonly<Record<LockTest['proof'], string>> = {
  secured: 'proven locked: every part was seen to work',
  locked: 'the bolt is proven locked; the door was not seen to open and close',
  closed: 'closed; nothing sees the bolt',
  untouched: 'locked as before; nothing moved',
  unsecured: 'NOT proven locked: look at the door',
};

export const lockTest: Command = {
  noun: 'lock',
  verb: 'test',
  says: 'Release one lock, watch the door until it is proven locked, and sign a report. Asks first.',
  args: ['door'],
  flags: (jack) =>
    jack.opt({ installer: { hint: 'name', description: 'Your name, for the report; it is kept nowhere else.' } }),
  run: async (context) => {
    const name = context.args[0]!;
    const installer = textFlag(context, 'installer');
    if (installer !== undefined && (installer === '' || installer.length > longestName)) {
      throw new Fault('USAGE', { why: `--installer is 1 to ${longestName} characters` });
    }
    const { doors } = (await askHub(context, 'GET', '/status')) as HubStatus;
    const door = doors.find((one) => one.name === name);
    if (door === undefined) throw new Fault('DOOR_UNKNOWN', { door: name });
    const heldBy = door.heldBy ?? 'strike';
    await context.confirm(`${releasing[heldBy]} "${name}" will open. ${standing[heldBy]}`);
    const path = `/doors/${encodeURIComponent(name)}/test`;
    const begun = await untilBegun(context, path, installer === undefined ? {} : { installer });
    const done = await follow(context, path, heldBy, begun);
    const last = done.steps.at(-1)?.afterMs ?? 0;
    const report =
      done.report === undefined
        ? 'Its report could not be saved: look at the disk [REPORT_UNSAVED].'
        : `Report: ${done.report}`;
    const isShut = heldBy === 'barrier' && done.proof === 'secured';
    const proof = isShut ? 'proven closed: every part was seen to work' : proofSays[done.proof];
    context.answer(`${name}: ${done.outcome} after ${inSeconds(last)}, ${proof}.\n${report}`, {
      ok: done.proof === 'secured',
      ...done,
    });
    if (done.proof === 'unsecured') process.exitCode = faults.DOOR_UNSECURED.exit;
  },
};
