/** What every screen is handed: what is known, what can be done, in which language. */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { LanguageCode } from '../common/language.ts';
import type { Course } from './home/course.ts';
import type { Known } from './home/known.ts';
import type { Route } from './route.ts';

export interface App {
  readonly known: Known;
  /** Looks, signs and sends. */
  readonly course: Course;
  readonly route: Route;
  readonly code: LanguageCode;
  readonly speak: (code: LanguageCode) => void;
}

export const AppContext = createContext<App | undefined>(undefined);

export const useApp = (): App => useContext(AppContext)!;

/** The time, again after every so many ms: ages grow without news. */
export function useNow(everyMs: number): number {
  const [now, tell] = useState(Date.now());
  useEffect(() => {
    const ticking = setInterval(() => tell(Date.now()), everyMs);
    return () => clearInterval(ticking);
  }, [everyMs]);
  return now;
}
