/** How long recordings stay: as long as the owner wants them and the disk has room. The journal is never touched. */
import type { Verdict } from '../../wire/faults.ts';
import { defaultKeepHours, type RetentionClaims } from '../../wire/video.ts';
import type { Clock } from '../clock/clock.ts';
import type { Disk } from './disk.ts';
import type { Recording, Recordings } from './recordings.ts';
import type { Why } from './removal.ts';

export interface RetentionParts {
  readonly recordings: Pick<Recordings, 'list' | 'remove' | 'tidy' | 'toForget' | 'forgotten'>;
  readonly disk: Pick<Disk, 'freeBytes'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Trusted time, ms; undefined without it: a clock that runs ahead must not delete. */
  readonly trustedNow: () => number | undefined;
  /** The owner's setting in force. */
  readonly setting: () => Pick<RetentionClaims, 'keepHours' | 'keep'> | undefined;
  /** Room that stays free, bytes. */
  readonly reserveBytes: number;
  /** Asks the relay to delete these as well (`media.forget`), at most 32; those that it accepted are not asked for again. */
  readonly forget: (streams: readonly string[]) => Promise<Verdict<unknown>>;
  /** So many went before their time, because the disk is full: the alarm RECORDINGS_DROPPED. */
  readonly onDropped: (count: number) => void;
  /** The disk does not do what it is told; tried again with the next round. */
  readonly onTrouble: (error: unknown) => void;
}

export interface RecordingKeeper {
  /** Looks at once at what is due. For a start, a changed setting, a connection that came back. Never rejects */
  look(): Promise<void>;
  /** For a disk that is full in the middle of a recording. @returns whether anything went. Never rejects */
  makeRoom(): Promise<boolean>;
  close(): void;
}

const hourMs = 3_600_000;
/** A camera writes a fraction of the reserve in this time. */
const roomEveryMs = 60_000;
const forgetAtOnce = 32;

/** Starts: looks hourly, and every minute whether there is room. The first look is the caller's. */
export function keepRecordings(parts: RetentionParts): RecordingKeeper {
  const { recordings, disk, clock, trustedNow, setting, reserveBytes, forget, onDropped, onTrouble } = parts;
  let isClosed = false;
  let turn: Promise<unknown> = Promise.resolve();
  const cancels = new Map<number, () => void>();

  /** One after the other; what fails is told, and the next goes on. */
  const inTurn = <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    const result = turn.then(work).catch((error: unknown) => {
      onTrouble(error);
      return otherwise;
    });
    turn = result;
    return result;
  };
  const isDisputed = ({ visit }: Recording): boolean =>
    visit !== undefined && (setting()?.keep.includes(visit) ?? false);
  const remove = async ({ stream }: Recording, why: Why): Promise<boolean> => {
    try {
      return (await recordings.remove(stream, why)).ok;
    } catch (error) {
      onTrouble(error);
      // Marked as gone: `tidy` goes on with it. Whether there is room now, the next look at the disk tells.
      return true;
    }
  };
  const dropWhatIsOver = async (): Promise<void> => {
    const now = trustedNow();
    if (now === undefined) return;
    const keepMs = (setting()?.keepHours ?? defaultKeepHours) * hourMs;
    const isOver = (one: Recording) => !one.running && (one.ended?.atMs ?? one.startedMs) + keepMs <= now;
    for (const one of recordings.list()) if (isOver(one) && !isDisputed(one)) await remove(one, 'retention');
  };
  /** Oldest first, disputed ones last. @param atLeast  that many go, however much room there is */
  const dropForRoom = async (atLeast: number): Promise<number> => {
    const all = recordings.list().filter(({ running }) => !running);
    const order = [...all.filter((one) => !isDisputed(one)), ...all.filter(isDisputed)];
    let dropped = 0;
    for (const one of order) {
      if (dropped >= atLeast && (await disk.freeBytes()) >= reserveBytes) break;
      if (await remove(one, 'disk')) dropped += 1;
    }
    if (dropped > 0) onDropped(dropped);
    return dropped;
  };
  const tellRelay = async (): Promise<void> => {
    for (;;) {
      const streams = recordings.toForget().slice(0, forgetAtOnce);
      if (streams.length === 0 || isClosed || !(await forget(streams)).ok) return;
      await recordings.forgotten(streams);
    }
  };
  const look = async (): Promise<void> => {
    await inTurn(() => recordings.tidy(), undefined);
    await inTurn(dropWhatIsOver, undefined);
    // What could not be ended for want of room can be now.
    if ((await inTurn(() => dropForRoom(0), 0)) > 0) await inTurn(() => recordings.tidy(), undefined);
    // A relay that does not answer holds up no deletion.
    await tellRelay().catch(onTrouble);
  };
  const repeat = (index: number, everyMs: number, work: () => Promise<unknown>): void => {
    const again = (): void => {
      if (!isClosed) repeat(index, everyMs, work);
    };
    cancels.set(
      index,
      clock.after(everyMs, () => void work().then(again)),
    );
  };
  repeat(0, hourMs, look);
  repeat(1, roomEveryMs, () => inTurn(() => dropForRoom(0), 0));

  return {
    look,
    makeRoom: async () => (await inTurn(() => dropForRoom(1), 0)) > 0,
    close: () => {
      isClosed = true;
      for (const cancel of cancels.values()) cancel();
    },
  };
}
