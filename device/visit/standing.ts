/** The alarms of one door that stand: told as they come, again and go; journaled; remembered with the entry that raised them. */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { EntryBody, EntryKind } from '../../wire/journal.ts';
import type { Written } from '../journal/journal.ts';
import type { Standing } from './recover.ts';

/** An alarm begins, is told again, or ends. */
export interface DoorAlarm {
  readonly door: string;
  readonly visit?: string;
  readonly code: AlarmCode;
  /** False: it is over. */
  readonly standing: boolean;
  /** It stood already. */
  readonly again: boolean;
  /** The household's own business (S048). */
  readonly private: boolean;
  /** The entry that raised it; absent while that could not be written. */
  readonly seq?: number;
}

/** Writes one entry now or later. `written` is called when it is on disk. */
export type Write = (
  entry: { readonly kind: EntryKind; readonly body: EntryBody; readonly visit?: string },
  written?: (written: Written) => void,
) => Promise<void>;

export class StandingAlarms {
  readonly #door: string;
  readonly #write: Write;
  readonly #tell: (alarm: DoorAlarm) => void;
  readonly #standing = new Map<AlarmCode, Standing>();

  constructor(door: string, write: Write, tell: (alarm: DoorAlarm) => void) {
    this.#door = door;
    this.#write = write;
    this.#tell = tell;
  }

  /** Takes over what stood before a restart; it is not told again. */
  restore(standing: readonly Standing[]): void {
    for (const one of standing) this.#standing.set(one.code, one);
  }

  /** Told when it is written, or could not be: an alarm waits for no disk for longer than that takes to show. */
  async raise(code: AlarmCode, isPrivate: boolean, visit?: string): Promise<void> {
    const known = this.#standing.get(code);
    const one = known ?? { code, private: isPrivate };
    this.#standing.set(code, one);
    const body = { code, ...(known === undefined ? {} : { again: true }) };
    await this.#journal(one.private ? 'alarm.private' : 'alarm.raised', body, visit, (written) => {
      if (known === undefined && this.#standing.get(code) === one) {
        this.#standing.set(code, { ...one, seq: written.entry.seq });
      }
    });
    this.#tell({ ...this.#about(code, one, visit), standing: true, again: known !== undefined });
  }

  async clear(code: AlarmCode, visit?: string): Promise<void> {
    const known = this.#standing.get(code);
    if (known === undefined) return;
    this.#standing.delete(code);
    const kind = known.private ? 'alarm.private' : 'alarm.cleared';
    await this.#journal(kind, known.private ? { code, over: true } : { code }, visit);
    this.#tell({ ...this.#about(code, known, visit), standing: false, again: false });
  }

  list(): readonly Standing[] {
    return [...this.#standing.values()];
  }

  #journal(kind: EntryKind, body: EntryBody, visit?: string, written?: (written: Written) => void): Promise<void> {
    return this.#write({ kind, body, ...(visit === undefined ? {} : { visit }) }, written);
  }

  #about(code: AlarmCode, one: Standing, visit: string | undefined) {
    const seq = this.#standing.get(code)?.seq ?? one.seq;
    return {
      door: this.#door,
      code,
      private: one.private,
      ...(visit === undefined ? {} : { visit }),
      ...(seq === undefined ? {} : { seq }),
    };
  }
}
