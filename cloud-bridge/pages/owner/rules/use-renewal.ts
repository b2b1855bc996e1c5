/** Opening the app renews the lease of the rule book, when less than half of it is left. */
import { useEffect, useRef } from 'preact/hooks';
import type { Course } from '../home/course.ts';
import type { Known } from '../home/known.ts';

const againMs = 3_600_000;

/** Nobody is told when it fails: the next look tries again, and the rules say until when they hold. */
export function useRenewal(known: Known, course: Course): void {
  const diary = useRef(known.diary);
  diary.current = known.diary;
  const { place } = course;
  // the newest place that this device has seen goes into what it signs
  const isReady = place !== undefined && known.diary.seen !== undefined;
  useEffect(() => {
    if (!isReady) return undefined;
    const renew = async (): Promise<void> => {
      if (document.hidden || course.place === undefined) return;
      const { renewLease } = await import('./change.ts');
      await renewLease(course.place, () => diary.current);
    };
    void renew();
    const renewing = setInterval(() => void renew(), againMs);
    document.addEventListener('visibilitychange', renew);
    return () => {
      clearInterval(renewing);
      document.removeEventListener('visibilitychange', renew);
    };
  }, [isReady]);
}
