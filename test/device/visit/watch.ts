/**
 * An eye of its own over the visit machine: it keeps what it needs to know of the past itself, from events and effects alone, and
 * says which promise a turn breaks. It shares no condition with the machine.
 */

import type { DoorProfile } from '../../../device/visit/profile.ts';
import type { Effect, Event, State, Turn } from '../../../device/visit/step.ts';
import type { AlarmCode } from '../../../wire/alarms.ts';

/** What happened so far, as far as the promises need it. */
export interface Past {
  /** A visit arrived and has not ended. */
  readonly visiting: boolean;
  readonly camera: boolean;
  readonly calledOff: boolean;
  readonly opened: boolean;
  /** The bolt was commanded open in this visit, or may have been before a restart. */
  readonly released: boolean;
  /** `asked`: the record of this unlocking was requested and not answered. */
  readonly record: 'none' | 'asked';
  /** The newest lock command since the door last moved. */
  readonly command: 'none' | 'sent' | 'accepted';
  /** 0 nothing; 1 a good look; 2 and a timer of at least `stillMs` was set since; 3 and it fired; 4 and a good look after it. */
  readonly proof: 0 | 1 | 2 | 3 | 4;
  /** A clearance came after the alarm that needs it, and the door has not opened since. */
  readonly signed: boolean;
  /** A barrier's pulse went out or may have, and neither was it seen to open since nor has anybody signed for having looked. */
  readonly pulsed: boolean;
  /** The timer with the id that the state waits for is set. */
  readonly timer: boolean;
}

export const nothing: Past = {
  visiting: false,
  camera: false,
  calledOff: false,
  opened: false,
  released: false,
  record: 'none',
  command: 'none',
  proof: 0,
  signed: false,
  pulsed: false,
  timer: false,
};

/** What a barrier's command fails with when nothing has left the hub, or the peripheral did nothing. */
const keptBack: readonly string[] = ['LOCK_COMMAND_EXPIRED', 'LOCK_UNAVAILABLE', 'LOCK_REFUSED'];

const signedFor: readonly AlarmCode[] = ['CONTACT_FAULT', 'LOCK_JAMMED'];

/** As good as this door can look. */
function looksGood(look: State['door'], p: DoorProfile): boolean {
  const bolt = p.seesBolt ? look.bolt === 'locked' : look.bolt !== 'jammed' && look.bolt !== 'unavailable';
  const contact = p.seesDoor ? look.contact === 'closed' : look.contact !== 'open' && look.contact !== 'unavailable';
  return bolt && contact;
}

const has = (effects: readonly Effect[], test: (effect: Effect) => boolean): boolean => effects.some(test);

/** What the event alone changes. */
function hear(past: Past, s: State, e: Event, p: DoorProfile): Past {
  const visit = s.at === 'idle' ? undefined : s.visit;
  switch (e.on) {
    case 'reported': {
      if (e.seq <= s.door.seq) return past;
      const isOpen = e.contact === 'open';
      const opened = past.opened || (isOpen && past.visiting);
      const command = isOpen ? 'none' : past.command;
      const signed = past.signed && !(isOpen && s.door.contact !== 'open');
      const pulsed = past.pulsed && !isOpen;
      const proven = past.proof === 0 ? 1 : past.proof === 3 ? 4 : past.proof;
      const proof = looksGood(e, p) ? proven : 0;
      const isSame = opened === past.opened && command === past.command && signed === past.signed;
      if (isSame && pulsed === past.pulsed && proof === past.proof) return past;
      return { ...past, opened, command, signed, pulsed, proof };
    }
    case 'timer.fired':
      if (e.timer !== s.timer || !past.timer) return past;
      return {
        ...past,
        timer: false,
        proof: past.proof === 2 ? 3 : past.proof,
        command: past.command === 'sent' ? 'none' : past.command,
      };
    case 'drive.done':
    case 'drive.failed':
      if (e.on === 'drive.failed' && s.at === 'unlocking' && e.drive === s.timer && keptBack.includes(e.code)) {
        return { ...past, pulsed: false };
      }
      if (e.drive !== s.timer || past.command !== 'sent') return past;
      return { ...past, command: e.on === 'drive.done' ? 'accepted' : 'none', proof: 0 };
    case 'camera.live':
      return e.visit === visit?.id ? { ...past, camera: past.camera || !visit.watched || e.watched } : past;
    case 'camera.lost':
      return e.visit === visit?.id && visit.camera !== 'off' ? { ...past, camera: false } : past;
    case 'stop.asked':
      return e.visit === undefined || e.visit === visit?.id ? { ...past, calledOff: true } : past;
    case 'abort.asked':
      return e.visit === visit?.id ? { ...past, calledOff: true } : past;
    case 'cleared':
      return s.at === 'unsecured' ? { ...past, signed: true, pulsed: false } : past;
    default:
      return past;
  }
}

export interface Verdict {
  readonly past: Past;
  /** The promise that this turn breaks. */
  readonly broken?: string;
}

/** Follows one turn. */
export function watch(before: Past, s: State, e: Event, turn: Turn, p: DoorProfile): Verdict {
  let past = hear(before, s, e, p);
  // A picture that is watched no more is as good as none.
  if (e.on === 'camera.live' && s.at !== 'idle' && s.visit?.id === e.visit && s.visit.watched && !e.watched) {
    past = { ...past, camera: false };
  }
  const { next, effects } = turn;
  const proven = looksGood(next.door, p);
  const broken: string[] = [];
  // Alarms that stand, as they are told; the machine's own list as long as nothing is told of any.
  let alarms: ReadonlySet<AlarmCode> | undefined =
    e.on === 'restarted' ? new Set([...s.alarms, ...e.alarms]) : undefined;
  let noted = false;
  let idOf: number | undefined;

  for (const effect of effects) {
    switch (effect.do) {
      case 'journal':
        noted = true;
        if (effect.kind === 'visit.arrived') {
          if (!(s.at === 'idle' && proven)) broken.push('a visit starts from a proven idle door only');
          const off = e.on === 'visit.arrived' && e.visit.camera === 'off';
          past = { ...nothing, visiting: true, camera: off, timer: past.timer, pulsed: past.pulsed };
        }
        break;
      case 'record':
        if (!(past.visiting && !past.released)) broken.push('R7: a record is for a visit that has not opened yet');
        past = { ...past, record: 'asked' };
        idOf = effect.record;
        break;
      case 'bolt.drive':
        if (effect.to === 'unlocked') {
          if (!past.visiting) broken.push('R4: unlocks in a visit only');
          if (!past.camera) broken.push('R5: unlocks with a live picture only');
          if (!(e.on === 'recorded' && e.record === s.timer && before.record === 'asked'))
            broken.push('R7: unlocks only when its own record is on disk');
          if (past.calledOff) broken.push('R8: unlocks nothing after a stop');
          if (!proven) broken.push('R11: unlocks a proven door only');
          if (past.released) broken.push('T03: one unlocking a visit');
          if (past.pulsed) broken.push('DESIGN 8: never a second pulse');
          past = { ...past, released: true, command: 'none', proof: 0, pulsed: p.kind === 'barrier' };
        } else {
          if (p.kind === 'barrier') broken.push('DESIGN 8: no command but its one pulse goes to a barrier');
          if (!(next.door.contact === 'closed' || (!p.seesDoor && next.door.contact !== 'open')))
            broken.push('T42: no bolt into an open door');
          if (!noted) broken.push('R7: the journal is told before the bolt moves');
          past = { ...past, command: 'sent', proof: 0 };
        }
        idOf = effect.drive;
        break;
      case 'timer.set':
        if (!(effect.timer === next.timer)) broken.push('a timer that is set is the one that counts');
        past = {
          ...past,
          timer: true,
          proof: past.proof >= 1 && past.proof <= 2 ? (effect.ms >= p.stillMs ? 2 : 1) : past.proof,
        };
        break;
      case 'timer.clear':
        past = { ...past, timer: false };
        break;
      case 'alarm.raise':
        if (effect.code !== 'JOURNAL_FAILED') alarms = new Set(alarms ?? s.alarms).add(effect.code);
        if (signedFor.includes(effect.code)) past = { ...past, signed: false };
        break;
      case 'alarm.clear': {
        const left = new Set(alarms ?? s.alarms);
        if (!left.delete(effect.code)) broken.push('an alarm that ends has stood');
        alarms = left;
        if (!(!signedFor.includes(effect.code) || past.signed))
          broken.push('CONTACT_FAULT and LOCK_JAMMED end with a signature only');
        break;
      }
      case 'visit.end':
        if (!past.visiting) broken.push('a visit ends once');
        if (!endsWell(effect, past, next, p)) broken.push(`R6: the proof "${effect.proof}" needs its evidence`);
        past = {
          ...past,
          visiting: false,
          camera: false,
          calledOff: false,
          opened: false,
          released: false,
          record: 'none',
        };
        break;
    }
  }
  if (past.record === 'asked' && next.timer !== s.timer && idOf !== next.timer) past = { ...past, record: 'none' };
  if (past.command === 'sent' && next.timer !== s.timer && idOf !== next.timer) past = { ...past, command: 'none' };

  const visit = next.at === 'idle' ? undefined : next.visit;
  if (!(past.visiting === (visit !== undefined))) broken.push('a visit is under way until it ends, and no longer');
  const isToldOf = alarms === undefined && next.alarms === s.alarms;
  if (!isToldOf && !sameAlarms(alarms ?? new Set(s.alarms), next.alarms))
    broken.push('every alarm is told, and every end of one');
  if (!(next.at === 'idle' ? !past.timer : past.timer)) broken.push('whatever is not idle has a timer that counts');
  if (next.at === 'idle') {
    if (!(proven && next.alarms.length === 0)) broken.push('idle is proven and quiet');
    const untouched =
      s.at === 'idle' || has(effects, (effect) => effect.do === 'visit.end' && effect.proof === 'untouched');
    if (past.pulsed) broken.push('DESIGN 8: a pulse that was not seen to open needs a signature');
    if (!(untouched || past.proof === 4)) broken.push('R6: back to idle on evidence only');
  }
  return { past, ...(broken[0] === undefined ? {} : { broken: broken[0] }) };
}

function endsWell(end: Extract<Effect, { do: 'visit.end' }>, past: Past, next: State, p: DoorProfile): boolean {
  switch (end.proof) {
    case 'secured':
      if (p.kind === 'barrier') return p.seesDoor && past.opened && past.released && past.proof === 4;
      return (
        p.seesBolt && p.seesDoor && past.opened && past.released && past.command === 'accepted' && past.proof === 4
      );
    case 'locked':
      return p.seesBolt && past.proof === 4;
    case 'closed':
      return p.kind !== 'barrier' && !p.seesBolt && past.proof === 4;
    case 'untouched':
      return !past.released && looksGood(next.door, p);
    case 'unsecured':
      return next.at === 'unsecured' && next.alarms.length > 0;
  }
}

const sameAlarms = (told: ReadonlySet<AlarmCode>, kept: readonly AlarmCode[]): boolean =>
  told.size === kept.length && kept.every((code) => told.has(code));
