/** Builds the doors of a hub: lock, profile and visit machine of each. */

import type { DoorFacts } from '../../wire/enrolment.ts';
import { Fault } from '../../wire/faults.ts';
import type { CameraHealth } from '../camera/camera.ts';
import type { Clock } from '../clock/clock.ts';
import type { DoorConfig, HubConfig } from '../config/schema.ts';
import type { Journal } from '../journal/journal.ts';
import type { Recorder } from '../journal/record.ts';
import type { OsdpDoor } from '../lock/osdp/install.ts';
import type { Log } from '../log.ts';
import { toProfile } from '../visit/profile.ts';
import { recoverFrom } from '../visit/recover.ts';
import { VisitRunner, type VisitRunnerParts } from '../visit/run.ts';
import { signs } from '../visit/sign.ts';
import type { Entrance } from './entrance.ts';

/** What films a door, as a visit sees it. */
export interface EntranceCamera {
  /** A frozen or looped picture would be noticed. Without that it shows the owner the door, and satisfies no rule. */
  readonly seesRepeats: boolean;
  health(): CameraHealth;
  film(visit: string): void;
  cut(visit: string): void;
  mayOpen(visit: string, watched: boolean): boolean;
}

export interface EntranceParts extends Pick<VisitRunnerParts, 'alarm' | 'onEnd' | 'receipt' | 'guard'> {
  readonly record: Recorder['record'];
  readonly clock: Clock;
  readonly log: Log;
  /** Door -> its camera. */
  readonly cameras: ReadonlyMap<string, EntranceCamera>;
}

/** @param locks  name of the door -> its lock */
export function buildEntrances(
  config: HubConfig,
  locks: ReadonlyMap<string, OsdpDoor>,
  parts: EntranceParts,
): ReadonlyMap<string, Entrance> {
  return new Map(
    config.doors.map((door) => {
      const built = locks.get(door.name);
      if (built === undefined) throw new Fault('DOOR_UNKNOWN', { door: door.name });
      return [door.id, buildEntrance(door, built, parts)];
    }),
  );
}

function buildEntrance(
  door: DoorConfig,
  { lock, guide, pair }: OsdpDoor,
  { cameras, ...parts }: EntranceParts,
): Entrance {
  const { acceptsClosed, unlockForMs, openLimitMs, stillMs } = door;
  const profile = toProfile(lock.capabilities, { acceptsClosed, unlockForMs, openLimitMs, stillMs });
  const camera = cameras.get(door.id);
  const films = camera && { start: (visit: string) => camera.film(visit), stop: (visit: string) => camera.cut(visit) };
  const runner = new VisitRunner({
    ...parts,
    door: door.id,
    lock,
    profile,
    ...(films && { camera: films }),
    ...(guide && { onChange: signs(guide) }),
  });
  return {
    id: door.id,
    name: door.name,
    lock,
    pair,
    profile,
    runner,
    hasCamera: camera?.seesRepeats ?? false,
    ...(camera && { cameraHealth: () => camera.health() }),
    mayOpen: (visit, watched) => camera?.mayOpen(visit, watched) ?? false,
  };
}

/** Asks journal and lock of every door; a journal that cannot be read says nothing, and the door is asked all the same. */
export async function startEntrances(entrances: Iterable<Entrance>, journal: Journal): Promise<void> {
  await Promise.all(
    [...entrances].map(async ({ id, lock, runner }) => {
      await lock.start();
      await runner.start(recovered(journal, id));
    }),
  );
}

function recovered(journal: Journal, door: string): Parameters<VisitRunner['start']>[0] {
  try {
    return recoverFrom(journal, door);
  } catch (error) {
    if (error instanceof Fault) return { standing: [{ code: 'JOURNAL_FAILED', private: false }] };
    throw error;
  }
}

/** What the hub announces of its doors. */
export const toFacts = ({ id, lock, hasCamera }: Entrance): DoorFacts => {
  const { kind, seesBolt, seesDoor } = lock.capabilities;
  return { id, kind, seesBolt, seesDoor, camera: hasCamera };
};
