/** What a hub knows and writes down: journal, documents in force, its notes, and the time that it believes. */
import type { AlarmCode } from '../wire/alarms.ts';
import type { SignKey } from '../wire/jws.ts';
import type { Clock } from './clock/clock.ts';
import { TrustedClock } from './clock/trust.ts';
import { type DuressCodes, duressCodes } from './desk/duress.ts';
import { headCheck } from './grant/standing.ts';
import { openTrust, type Trust } from './grant/trust.ts';
import type { HubStore } from './journal/journal.ts';
import { makeRecorder, type Recorder } from './journal/record.ts';
import type { Log } from './log.ts';
import { makeNotes, type Notes } from './notes.ts';

export interface MemoryParts {
  readonly hubId: string;
  readonly hubKey: SignKey;
  readonly store: HubStore;
  /** This machine's. */
  readonly ownClock: Clock;
  /** The same, of which every answer is a date. */
  readonly clock: Clock;
  readonly log: Log;
  /** Past the journal. */
  readonly tellAlarm: (code: AlarmCode, door?: string) => void;
}

export interface Memory {
  readonly store: HubStore;
  readonly trust: Trust;
  readonly recorder: Recorder;
  readonly notes: Notes;
  readonly time: TrustedClock;
  readonly duress: DuressCodes;
  /** ms since 1970: as it is trusted; else as this machine has it. */
  now(): number;
  /** Does the witness of this hub's journal say that it is not the newest, or not the only one? */
  isDisowned(): boolean;
}

/** @throws Fault as `openTrust` */
export async function openMemory(parts: MemoryParts): Promise<Memory> {
  const { hubId, hubKey, store, ownClock, clock, log, tellAlarm } = parts;
  const { journal } = store;
  const trust = await openTrust({
    ...{ store: store.trust, grants: store.grants, hubId, hubKey },
    hasHead: headCheck(journal),
  });
  const devices = () => trust.inForce().owners?.devices ?? [];
  const recorder = makeRecorder({ journal, ownerSealKeys: () => devices().map(({ seal }) => seal) });
  const notes = makeNotes({ record: recorder.record, journal, clock, log, tell: tellAlarm });
  const time = new TrustedClock({
    clock: ownClock,
    store: store.trust,
    hubId,
    onTurn: (code) => {
      notes.note(code === undefined ? 'clock.trusted' : 'clock.distrusted', code === undefined ? {} : { code });
      if (code !== undefined) notes.alarm('CLOCK_DISTRUSTED', { why: code });
    },
  });
  return {
    ...{ store, trust, recorder, notes, time },
    duress: duressCodes(store.trust, devices),
    now: () => {
      const trusted = time.trustedNow();
      return trusted.ok ? trusted.value : clock.now();
    },
    isDisowned: () => {
      const { standing } = trust.reads();
      return standing === 'HUB_BEHIND' || standing === 'HUB_FORKED';
    },
  };
}
