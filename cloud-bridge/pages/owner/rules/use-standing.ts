/** What stands, for as long as a screen is open: read at once, when something happens, and again after every few seconds. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FaultCode, Verdict } from '../../../../wire/faults.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import type { Diary } from '../home/known.ts';
import type { Standing } from './held.ts';
import { readStanding } from './standing.ts';

const againMs = 5_000;

export interface Stands {
  /** Undefined until the cloud has said it. */
  readonly standing: Standing | undefined;
  /** Why the last thing that was asked for did not come about. */
  readonly trouble: FaultCode | undefined;
  readonly isBusy: boolean;
  /** Does something that the owner pressed, and reads again. @returns what came of it; undefined where there is no place to ask */
  readonly act: <T>(work: (place: Place, diary: () => Diary) => Promise<Verdict<T>>) => Promise<T | undefined>;
}

export function useStanding(): Stands {
  const { known, course } = useApp();
  const [standing, show] = useState<Standing | undefined>(undefined);
  const [trouble, complain] = useState<FaultCode | undefined>(undefined);
  const [isBusy, busy] = useState(false);
  const diary = useRef(known.diary);
  diary.current = known.diary;
  const { place } = course;

  async function read(at: Place): Promise<void> {
    const read = await readStanding(at, diary.current);
    if (read.ok) show(read.value);
  }
  const seen = known.diary.seen?.seq;
  useEffect(() => {
    if (place === undefined) return undefined;
    void read(place);
    const reading = setInterval(() => !document.hidden && void read(place), againMs);
    return () => clearInterval(reading);
  }, [place?.path, seen, known.hubOnline]);

  return {
    standing,
    trouble,
    isBusy,
    act: async (work) => {
      if (course.place === undefined) return undefined;
      busy(true);
      complain(undefined);
      const done = await work(course.place, () => diary.current);
      await read(course.place);
      busy(false);
      if (done.ok) return done.value;
      complain(done.code);
      return undefined;
    },
  };
}
