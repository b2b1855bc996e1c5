/** Of which recordings the relay lacked frames when they had ended: remembered as empty files until the journal says so. */
import { codeOf, type Disk } from './disk.ts';

export interface LateNotes {
  /** How many frames it lacked; undefined when none were noted. */
  of(stream: string): Promise<number | undefined>;
  /** On a disk without room it is remembered in memory alone. */
  note(stream: string, frames: number): Promise<void>;
  told(stream: string): Promise<void>;
}

const noteName = /^([\w-]{22})\.(\d{1,10})\.late$/;

export function lateNotes(disk: Disk): LateNotes {
  const known = new Map<string, number>();
  let isRead = false;
  const read = async (): Promise<void> => {
    if (isRead) return;
    for (const name of await disk.names()) {
      const [, stream, frames] = noteName.exec(name) ?? [];
      if (stream !== undefined) known.set(stream, Number(frames));
    }
    isRead = true;
  };
  return {
    of: async (stream) => {
      await read();
      return known.get(stream);
    },
    note: async (stream, frames) => {
      await read();
      known.set(stream, frames);
      try {
        await (await disk.make(`${stream}.${frames}.late`)).close();
        await disk.sync();
      } catch (error) {
        if (codeOf(error) === undefined) throw error;
      }
    },
    told: async (stream) => {
      const frames = known.get(stream);
      known.delete(stream);
      if (frames !== undefined) await disk.remove(`${stream}.${frames}.late`);
    },
  };
}
