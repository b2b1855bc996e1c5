/** A door on the bench: runner, scripted lock, journal in memory, clock wound by hand. */
import type { Draft, Use, Written } from '../../../device/journal/journal.ts';
import { type DoorProfile, type ProfileSettings, toProfile } from '../../../device/visit/profile.ts';
import { type Recovered, recover } from '../../../device/visit/recover.ts';
import { type VisitEnd, VisitRunner, type VisitRunnerParts } from '../../../device/visit/run.ts';
import type { DoorAlarm } from '../../../device/visit/standing.ts';
import type { Arrival } from '../../../device/visit/step.ts';
import { Fault } from '../../../wire/faults.ts';
import type { Entry } from '../../../wire/journal.ts';
import { ScriptedDoor } from './scripted-door.ts';
import { WoundClock } from './wound-clock.ts';

export const door = 'door-aaaaaaaaaaaaaaaaaaaa';
export const use: Use = { grant: 'grant', grantExp: 1, rule: 'rule', firstOfVisit: true };
const silent = { visit() {}, alarm() {}, lockTrouble() {}, journalFailed() {}, unexpected() {} };

/** What a disk keeps over a restart, and what can be wrong with it. */
export class Disk {
  readonly entries: Entry[] = [];
  readonly uses: Use[] = [];
  fault: 'none' | 'full' | 'hangs' = 'none';

  async record(drafts: readonly Draft[], use?: Use): Promise<readonly Written[]> {
    if (this.fault === 'hangs') return new Promise(() => undefined);
    if (this.fault === 'full') throw new Fault('JOURNAL_UNAVAILABLE');
    if (use !== undefined) this.uses.push(use);
    return drafts.map((draft) => {
      const entry: Entry = { ...draft, seq: this.entries.length + 1, prev: '' };
      this.entries.push(entry);
      return { entry, text: '', hash: '' };
    });
  }

  kinds(): string[] {
    return this.entries.map(({ kind }) => kind);
  }
}

export interface BenchOptions {
  readonly kind?: 'latch' | 'bolt';
  readonly sees?: { bolt?: boolean; door?: boolean };
  readonly disk?: Disk;
  readonly lock?: ScriptedDoor;
  readonly clock?: WoundClock;
  /** The second source of timers; the clock itself unless given. */
  readonly guard?: WoundClock;
  readonly settings?: ProfileSettings;
  readonly parts?: (parts: VisitRunnerParts) => VisitRunnerParts;
}

export class Bench {
  readonly clock: WoundClock;
  readonly lock: ScriptedDoor;
  readonly disk: Disk;
  readonly profile: DoorProfile;
  readonly runner: VisitRunner;
  readonly alarms: DoorAlarm[] = [];
  readonly ends: VisitEnd[] = [];
  readonly camera: string[] = [];

  constructor(options: BenchOptions = {}) {
    this.clock = options.clock ?? new WoundClock();
    this.lock = options.lock ?? new ScriptedDoor(this.clock, options.kind, options.sees);
    this.disk = options.disk ?? new Disk();
    this.profile = toProfile(this.lock.capabilities, options.settings);
    const parts: VisitRunnerParts = {
      door,
      lock: this.lock,
      profile: this.profile,
      record: (drafts, use) => this.disk.record(drafts, use),
      clock: this.clock,
      guard: options.guard ?? this.clock,
      alarm: (alarm) => this.alarms.push(alarm),
      camera: {
        start: (visit) => this.camera.push(`start ${visit}`),
        stop: (visit) => this.camera.push(`stop ${visit}`),
      },
      onEnd: (end) => this.ends.push(end),
      log: silent,
    };
    this.runner = new VisitRunner(options.parts?.(parts) ?? parts);
  }

  recovered(): Recovered {
    return recover(this.disk.entries);
  }

  /** Started, and proven. */
  async begin(): Promise<this> {
    await this.runner.start(this.recovered());
    await this.clock.wind(this.profile.stillMs);
    return this;
  }

  async arrive(camera: Arrival['camera'] = 'off', id = 'mine'): Promise<void> {
    const visit = { id, grant: 'grant', rule: 'rule', jkt: 'jkt', camera };
    await this.runner.send({ on: 'visit.arrived', visit });
  }

  async open(): Promise<void> {
    await this.runner.send({ on: 'unlock.asked', visit: 'mine', use });
  }

  /** Winds until the visit has ended and the door is quiet, at most `forMs`. */
  async windOut(forMs = 60_000): Promise<void> {
    for (let ms = 0; ms < forMs && this.at() !== 'idle'; ms += 500) await this.clock.wind(500);
  }

  at(): string {
    return this.runner.state().at;
  }

  ended(): string[] {
    return this.ends.map(({ outcome, proof }) => `${outcome}, ${proof}`);
  }

  standing(): string[] {
    return this.runner.view().alarms.map(({ code }) => code);
  }
}
