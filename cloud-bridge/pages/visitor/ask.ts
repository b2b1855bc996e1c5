/** How the page asks the cloud, and the first thing that it asks: what this task is. Nothing changes by that. */
import { type TaskLink, taskPath } from '../../../wire/visit-link.ts';

/** The cloud waits 8 s for a hub. */
const patienceMs = 12_000;

/**
 * Asks, and leaves nothing behind: no cookie, no address of this page. That no copy is kept is what the answers say: said here, too,
 * Chromium would send each preflight again.
 * @throws DOMException, TypeError where nothing comes
 */
export const ask = (url: string, how: RequestInit = {}): Promise<Response> =>
  fetch(url, {
    ...{ credentials: 'omit', referrerPolicy: 'no-referrer' },
    signal: AbortSignal.timeout(patienceMs),
    ...how,
  });

/** @returns undefined where nothing comes: it is asked again */
export const askPreview = ({ api, token }: TaskLink): Promise<Response | undefined> =>
  ask(`${api}${taskPath(token)}`).catch(() => undefined);
