/** Follows what a running home goes on telling over its control socket: the newest that was told, until the home goes away. */
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { Fault, type FaultDetail } from '../../wire/faults.ts';

/** From a lost home to the next try, ms. */
const againMs = 250;

export interface Following<T> {
  /** The newest, and how long ago it was told; undefined while there is no home. */
  look(): { readonly told: T; readonly ageMs: number } | undefined;
  close(): void;
}

/**
 * Starts to follow. Once it has begun, a home that goes away is waited for.
 * @param path  of a route that goes on telling
 * @throws Fault SIM_UNREACHABLE when there is no home to begin with; NOT_FOUND when it has nothing at this path
 */
export function follow<T>(socketPath: string, path: string, detail: FaultDetail = {}): Promise<Following<T>> {
  let last: { readonly told: T; readonly atMs: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let outgoing: ReturnType<typeof request> | undefined;
  let isClosed = false;
  const following: Following<T> = {
    look: () => last && { told: last.told, ageMs: performance.now() - last.atMs },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      outgoing?.destroy();
    },
  };
  return new Promise((resolve, reject) => {
    let hasBegun = false;
    const lost = (code: 'SIM_UNREACHABLE' | 'NOT_FOUND', cause?: unknown): void => {
      last = undefined;
      if (!hasBegun) reject(new Fault(code, { socket: socketPath, ...detail }, { cause }));
      else if (!isClosed) timer = setTimeout(begin, againMs);
    };
    const begin = (): void => {
      outgoing = request({ socketPath, path }, (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          return lost('NOT_FOUND');
        }
        // A home that goes away breaks the response off: its end is told once, below.
        response.on('error', () => {});
        const lines = createInterface(response);
        lines.on('error', () => {});
        lines.on('line', (line) => {
          last = { told: JSON.parse(line) as T, atMs: performance.now() };
          hasBegun = true;
          resolve(following);
        });
        response.on('close', () => lost('SIM_UNREACHABLE'));
      });
      outgoing.on('error', (cause) => lost('SIM_UNREACHABLE', cause));
      outgoing.end();
    };
    begin();
  });
}
