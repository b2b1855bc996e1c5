/** The list of one lock, for as long as its screen is open: read when it is asked for, and again after each change. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FaultCode, Verdict } from '../../../../wire/faults.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { type ReadLock, readLock } from '../who/read-lock.ts';

export interface LockInUse {
  readonly lock: { readonly list: ReadLock; readonly atMs: number } | undefined;
  /** What is under way. */
  readonly doing: 'reading' | 'adding' | 'removing' | undefined;
  /** Why the last thing that was asked for did not come about. */
  readonly trouble: FaultCode | undefined;
  /** What the lock has confirmed last. */
  readonly done: string | undefined;
  readonly read: () => Promise<void>;
  /**
   * Has the lock change something, and reads its list again.
   * @param says  said once the lock has confirmed it
   * @returns undefined when it did; else why not
   */
  readonly change: (
    doing: 'adding' | 'removing',
    says: string,
    order: (place: Place) => Promise<Verdict<unknown>>,
  ) => Promise<FaultCode | undefined>;
}

/** What comes after the screen was left is dropped: an answer for nobody. */
export function useLock(door: string): LockInUse {
  const { place } = useApp().course;
  const [lock, show] = useState<LockInUse['lock']>(undefined);
  const [doing, busy] = useState<LockInUse['doing']>(undefined);
  const [trouble, complain] = useState<FaultCode | undefined>(undefined);
  const [done, tell] = useState<string | undefined>(undefined);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  async function list(at: Place): Promise<void> {
    busy('reading');
    const read = await readLock(at, door);
    if (!isHere.current) return;
    busy(undefined);
    if (read.ok) show({ list: read.value, atMs: Date.now() });
    else complain(read.code);
  }
  return {
    ...{ lock, doing, trouble, done },
    read: async () => {
      tell(undefined);
      complain(undefined);
      if (place === undefined) complain('CLOUD_UNREACHABLE');
      else await list(place);
    },
    change: async (what, says, order) => {
      tell(undefined);
      complain(undefined);
      if (place === undefined) {
        complain('CLOUD_UNREACHABLE');
        return 'CLOUD_UNREACHABLE';
      }
      busy(what);
      const changed = await order(place);
      if (!isHere.current) return undefined;
      busy(undefined);
      if (!changed.ok) complain(changed.code);
      else tell(says);
      if (changed.ok) await list(place);
      return changed.ok ? undefined : changed.code;
    },
  };
}
