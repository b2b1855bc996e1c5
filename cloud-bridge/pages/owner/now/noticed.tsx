/** What was noticed about a live picture, by name and how often, until it is cleared. */
import type { FaultCode } from '../../../../wire/faults.ts';
import { useApp } from '../app.ts';
import { sayClock } from '../times.ts';
import { useWords } from '../use-words.ts';
import { sayTrouble } from '../video/trouble.ts';
import { troubleWords } from '../video/trouble-words.ts';
import { liveWords } from './live-words.ts';

export interface Noticed {
  readonly code: FaultCode | 'slow';
  /** Done to the `stream`; what this device asked for was `refused`; the relay said itself that it is `slow`. */
  readonly why: 'stream' | 'refused' | 'slow';
  readonly n: number;
  /** The last time, ms. */
  readonly atMs: number;
}

/** The newest first, each once. Pure. */
export function notedAfter(
  all: readonly Noticed[],
  code: Noticed['code'],
  why: Noticed['why'],
  atMs: number,
): readonly Noticed[] {
  const n = (all.find((one) => one.code === code)?.n ?? 0) + 1;
  return [{ code, why, n, atMs }, ...all.filter((one) => one.code !== code)];
}

export function NoticedList({ noticed, clear }: { readonly noticed: readonly Noticed[]; readonly clear: () => void }) {
  const { code: language } = useApp();
  const says = useWords(liveWords);
  const trouble = useWords(troubleWords);
  if (noticed.length === 0) return null;
  const sayOne = ({ code, why }: Noticed): string => {
    if (code === 'slow') return says.slow;
    return `${why === 'refused' ? says.refused : sayTrouble(trouble, code)} ${code}`;
  };
  return (
    <section class="noticed">
      <div class="row">
        <h3>{says.noticed}</h3>
        <button type="button" class="plain small" onClick={clear}>
          {says.clear}
        </button>
      </div>
      <ul class="facts">
        {noticed.map((one) => (
          <li key={one.code} data-code={one.code} data-bad={one.why === 'stream' ? '' : undefined}>
            {`${sayOne(one)} · ${sayClock(language, one.atMs)}${one.n > 1 ? ` · ${one.n}×` : ''}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
