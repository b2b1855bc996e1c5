/** What the runner of a door is given, and what it tells. */
import type { Act } from '../../wire/knock.ts';
import type { Outcome, Proof } from '../../wire/receipt.ts';
import type { Clock } from '../clock/clock.ts';
import type { Written } from '../journal/journal.ts';
import type { Recorder } from '../journal/record.ts';
import type { Log } from '../log.ts';
import type { Hands } from './hands.ts';
import type { DoorProfile } from './profile.ts';
import type { Standing } from './recover.ts';
import type { DoorAlarm } from './standing.ts';
import type { Look, State, Visit } from './step.ts';

export interface VisitEnd {
  readonly door: string;
  readonly visit: Visit;
  readonly outcome: Outcome;
  readonly proof: Proof;
  /** The hub's system time, ms; 0 when its clock fails. */
  readonly endedAt: number;
  /** Signed by the hub; absent when it could not be signed. */
  readonly receipt?: string;
  /** The entry that ended it; absent when it could not be written yet. */
  readonly written?: Written;
}

/** How a door stands, for those who ask. */
export interface DoorView {
  readonly at: State['at'];
  /** The visit under way. */
  readonly visit?: string;
  readonly acts: readonly Act[];
  readonly door: Look;
  readonly alarms: readonly Standing[];
  /** Entries that could not be written yet. */
  readonly unwritten: number;
}

export interface VisitRunnerParts {
  readonly door: string;
  readonly lock: Hands;
  readonly profile: DoorProfile;
  /** Durable, all or nothing, sealing private kinds. May fail or hang: the door is locked regardless. */
  readonly record: Recorder['record'];
  readonly clock: Clock;
  /** Stands behind `clock` for timers. Tests that wind a clock by hand give the same one again. */
  readonly guard?: Pick<Clock, 'after'>;
  readonly alarm: (alarm: DoorAlarm) => void;
  /** Answers come as `camera.live` and `camera.lost` of this visit. */
  readonly camera?: { start(visit: string): void; stop(visit: string): void };
  readonly onEnd: (end: VisitEnd) => void;
  /** Signs the receipt that goes into the entry of the end. One that fails or takes too long is left out. */
  readonly receipt?: (end: VisitEnd) => Promise<string>;
  /** Called after each event that changed the state, or its visit or alarms. */
  readonly onChange?: (state: State) => void;
  readonly log: Pick<Log, 'visit' | 'alarm' | 'lockTrouble' | 'journalFailed' | 'unexpected'>;
}
