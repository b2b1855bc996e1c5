/** One motion of the bolt or the latch: asked for once, and its end told only by what the lock reports afterwards. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import { type Action, action, command } from './command.ts';
import { meaningOf } from './error-report.ts';
import { join, u8, u32 } from './fields.ts';
import { type NukiSession, Reported } from './session.ts';
import { boltOf, decodeStates, isMoving, type States } from './states.ts';
import type { NukiTiming } from './timing.ts';

export interface ActOptions {
  readonly session: NukiSession;
  readonly clock: Clock;
  readonly timing: NukiTiming;
  readonly appId: number;
  readonly action: Action;
  /** Monotonic, ms: not sent any more after this. */
  readonly notAfterMs: number;
  /** Looks first, and does nothing when it is done already: a second turn can jam a cylinder that is locked. */
  readonly looksFirst: boolean;
  /** Sends it once more when the lock itself says, at rest, that it is not done. Never for what opens. */
  readonly mayRepeat: boolean;
}

const busy = 0x45;
const attempts = 3;

/** What a report has to say for the action to be done. */
export function isDone(states: States, wanted: Action): boolean {
  const bolt = boltOf(states);
  if (wanted === action.lock) return bolt === 'locked';
  if (wanted === action.unlock) return bolt === 'unlocked' || bolt === 'open';
  return states.motor === 'unlatched';
}

/**
 * Resolves when the lock itself reports the end that was asked for. The command goes out once; what is lost before it is tried again,
 * and after it the lock is asked what became of it.
 * @throws Fault LOCK_COMMAND_EXPIRED, LOCK_UNAVAILABLE: it was not sent; LOCK_JAMMED, LOCK_REFUSED: the lock says so;
 *   LOCK_SILENT: it was sent, and nobody knows
 */
export async function act(options: ActOptions): Promise<void> {
  const { clock, timing, notAfterMs, mayRepeat } = options;
  let repeats = mayRepeat ? 1 : 0;
  for (let attempt = 1; ; attempt += 1) {
    const sent = { once: false };
    try {
      const states = await options.session.exchange('command', () => attemptOnce(options, sent));
      if (states === undefined) return;
      return judge((await settled(options, states)).states, options.action);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      const isFinal = cause.code === 'LOCK_JAMMED' || cause.code === 'LOCK_COMMAND_EXPIRED';
      if (isFinal || (cause.code === 'LOCK_REFUSED' && !(cause instanceof Reported))) throw cause;
      const isGenuine = cause instanceof Reported && cause.isGenuine;
      const again = cause instanceof Reported && (isGenuine || !sent.once) ? meaningOf(cause.report.error) : undefined;
      if (again !== undefined && !(again.again && attempt < attempts)) throw refusal(again);
      if (again === undefined && sent.once) {
        const seen = await asked(options);
        if (seen?.isDone) return;
        if (seen?.states.motor === 'blocked') throw new Fault('LOCK_JAMMED', {}, { cause });
        if (seen === undefined || repeats === 0) throw new Fault('LOCK_SILENT', { why: cause.code }, { cause });
        repeats -= 1;
      } else if (attempt >= attempts) throw new Fault('LOCK_UNAVAILABLE', { why: cause.code }, { cause });
      const isBusy = cause instanceof Reported && cause.report.error === busy;
      if (isBusy) await pause(clock, timing.busyMs);
      if (clock.monotonic() > notAfterMs) throw new Fault('LOCK_COMMAND_EXPIRED', {}, { cause });
    }
  }
}

function refusal({ code, name }: ReturnType<typeof meaningOf>): Fault {
  if (code === 'LOCK_JAMMED' || code === 'LOCK_REFUSED') return new Fault(code, { nuki: name });
  return new Fault('LOCK_UNAVAILABLE', { why: code });
}

/** @returns undefined when there was nothing to do, else what the lock reports after COMPLETE */
async function attemptOnce(options: ActOptions, sent: { once: boolean }): Promise<States | undefined> {
  const { session, clock, timing, appId, notAfterMs } = options;
  if (options.looksFirst && isDone(await look(session), options.action)) return undefined;
  const nonce = await session.challenge();
  if (clock.monotonic() > notAfterMs) throw new Fault('LOCK_COMMAND_EXPIRED');
  sent.once = true;
  await session.send({ command: command.lockAction, payload: join(u8(options.action), u32(appId), u8(0), nonce) });
  let untilMs = clock.monotonic() + timing.replyMs;
  for (;;) {
    const heard = await session.next(Math.max(1, untilMs - clock.monotonic()));
    if (heard.is === 'error') throw new Reported(heard.report, heard.isGenuine);
    if (heard.message.command !== command.status) continue;
    // ACCEPTED is not success: the motor only starts.
    if (heard.message.payload[0] === 1) untilMs = clock.monotonic() + timing.motionMs;
    else return look(session);
  }
}

async function look(session: NukiSession): Promise<States> {
  const states = decodeStates(await session.request(command.states));
  if (!states.ok) throw new Fault(states.code, states.detail);
  return states.value;
}

/** What was seen of an action. */
interface Seen {
  readonly states: States;
  readonly isDone: boolean;
}

/** Looks until the motor rests, or what was wanted is reported; a blocked motor gets one more look, since that passes. */
async function settled(options: ActOptions, first: States): Promise<Seen> {
  const { session, clock, timing, action: wanted } = options;
  const untilMs = clock.monotonic() + timing.motionMs;
  let states = first;
  let wasBlocked = false;
  let wasPulling = false;
  while (!isDone(states, wanted) && clock.monotonic() < untilMs) {
    if (states.motor === 'blocked' ? wasBlocked : !isMoving(states)) break;
    wasBlocked = states.motor === 'blocked';
    wasPulling ||= states.motor === 'unlatching';
    await pause(clock, timing.againMs);
    states = await session.exchange('command', () => look(session));
  }
  return { states, isDone: isDone(states, wanted) || (wasPulling && wasUnlatched(states, wanted)) };
}

/** After a command whose answer was lost: what the lock says of itself, or undefined when it says nothing. */
async function asked(options: ActOptions): Promise<Seen | undefined> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      return await settled(options, await options.session.exchange('command', () => look(options.session)));
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
    }
  }
  return undefined;
}

/** The latch was pulled and is home again, before we looked: of the last action that there was. */
const wasUnlatched = ({ lastAction, lastCompletion }: States, wanted: Action): boolean =>
  wanted === action.unlatch && lastAction === action.unlatch && lastCompletion === 'success';

function judge(states: States, wanted: Action): void {
  const { motor, lastCompletion } = states;
  if (isDone(states, wanted) || wasUnlatched(states, wanted)) return;
  const why = { motor, completion: lastCompletion ?? 'unknown' };
  throw new Fault(motor === 'blocked' || lastCompletion === 'motor-blocked' ? 'LOCK_JAMMED' : 'LOCK_REFUSED', why);
}

const pause = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
