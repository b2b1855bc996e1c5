/** What the parts of one home have in common while it is built, and while it runs. */
import type { Clock } from './clock.ts';
import type { Barrier } from './door/barrier.ts';
import type { Door } from './door/door.ts';
import type { Light } from './door/light.ts';
import type { EventLog } from './event-log.ts';
import type { Reader } from './osdp/reader.ts';
import type { StateFile } from './state-file.ts';

/** A reader, and what somebody before it does. */
export interface SimReader extends Pick<Reader, 'truth'> {
  /** 1..255 of 0-9, *, #, A-D. */
  press(keys: string): void;
}

/** The button of a bell. */
export interface SimBell {
  readonly isPressed: boolean;
  /** Somebody presses it. It is let go after `forMs`, 200 unless told. */
  press(forMs?: number): void;
}

/** By the name of the door, each. */
export interface HomeParts {
  readonly clock: Clock;
  readonly events: EventLog;
  readonly state: StateFile;
  readonly doors: Map<string, Door>;
  readonly barriers: Map<string, Barrier>;
  readonly readers: Map<string, SimReader>;
  readonly bells: Map<string, SimBell>;
  /** What is lit beside it: the reader, or the ring of a Nuki. */
  readonly lights: Map<string, Light>;
}
