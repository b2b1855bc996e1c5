/** Builds the doors of a hub: lock, profile and visit machine of each. */

import type { DoorFacts } from '../../wire/enrolment.ts';
import { Fault } from '../../wire/faults.ts';
import type { CameraHealth } from '../camera/camera.ts';
import type { Clock } from '../clock/clock.ts';
import { holderOf } from '../config/holder.ts';
import type { DoorConfig, HubConfig } from '../config/schema.ts';
import type { Journal } from '../journal/journal.ts';
import type { Recorder } from '../journal/record.ts';
import type { InstalledDoor, Mover } from '../lock/installed.ts';
import type { Log } from '../log.ts';
import { toProfile } from '../visit/profile.ts';
import { recoverFrom } from '../visit/recover.ts';
import { VisitRunner, type VisitRunnerParts } from '../visit/run.ts';
import { signs } from '../visit/sign.ts';
import type { State } from '../visit/step.ts';
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

/** @param doors  name of the door -> what moves it */
export function buildEntrances(
  config: HubConfig,
  doors: ReadonlyMap<string, InstalledDoor>,
  parts: EntranceParts,
): ReadonlyMap<string, Entrance> {
  return new Map(
    config.doors.map((door) => {
      const built = doors.get(door.name);
      if (built === undefined) throw new Fault('DOOR_UNKNOWN', { door: door.name });
      return [door.id, buildEntrance(door, built, parts)];
    }),
  );
}

function buildEntrance(door: DoorConfig, installed: InstalledDoor, { cameras, ...parts }: EntranceParts): Entrance {
  const { mover, guide } = installed;
  const { acceptsClosed, unlockForMs, openLimitMs, stillMs } = door;
  const profile = toProfile(mover.capabilities, {
    ...mover.patience,
    ...{ acceptsClosed, openLimitMs, stillMs },
    ...(unlockForMs === undefined ? {} : { unlockForMs }),
  });
  const camera = cameras.get(door.id);
  const films = camera && { start: (visit: string) => camera.film(visit), stop: (visit: string) => camera.cut(visit) };
  const watchers = new Set<(state: State) => void>();
  const tellWatchers = (state: State): void => {
    for (const tell of watchers) tell(state);
  };
  const runner = new VisitRunner({
    ...parts,
    door: door.id,
    lock: mover,
    profile,
    ...(films && { camera: films }),
    onChange: each(guide && signs(guide), attends(mover), tellWatchers),
  });
  return {
    id: door.id,
    name: door.name,
    heldBy: holderOf(door),
    mover,
    installed,
    profile,
    runner,
    watch: (listener) => {
      // A function of its own for each call: the same listener may be given twice.
      const mine = (state: State): void => listener(state);
      watchers.add(mine);
      return () => void watchers.delete(mine);
    },
    hasCamera: camera?.seesRepeats ?? false,
    hasDoorstep: door.doorstep !== undefined,
    ...(camera && { cameraHealth: () => camera.health() }),
    mayOpen: (visit, watched) => camera?.mayOpen(visit, watched) ?? false,
  };
}

const each =
  (...all: readonly (((state: State) => void) | undefined)[]) =>
  (state: State): void => {
    for (const one of all) one?.(state);
  };

/** From the arrival of a visitor to the proof, or to the alarm that somebody has to see to, the door is looked at without pause. */
function attends(mover: Mover): ((state: State) => void) | undefined {
  if (mover.attend === undefined) return undefined;
  let leave: (() => void) | undefined;
  return ({ at }) => {
    const isVisit = at !== 'idle' && at !== 'unsecured';
    if (isVisit) leave ??= mover.attend?.();
    else {
      leave?.();
      leave = undefined;
    }
  };
}

/** Asks journal and lock of every door; a journal that cannot be read says nothing, and the door is asked all the same. */
export async function startEntrances(entrances: Iterable<Entrance>, journal: Journal): Promise<void> {
  await Promise.all(
    [...entrances].map(async ({ id, mover, runner }) => {
      await mover.start();
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
export const toFacts = ({ id, mover, hasCamera, hasDoorstep, installed }: Entrance): DoorFacts => {
  const { kind, seesBolt, seesDoor } = mover.capabilities;
  const keypad = installed.keypad === undefined ? {} : { hasKeypad: true };
  const bell = installed.bell === undefined ? {} : { hasBell: true };
  const doorstep = hasDoorstep ? { hasDoorstep } : {};
  return { id, kind, seesBolt, seesDoor, camera: hasCamera, ...keypad, ...bell, ...doorstep };
};
