/** Everything that was recorded and is still kept, newest first, page by page: visits, and what this home's people looked at. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import { useDoorName } from '../names.ts';
import { sayMoment } from '../times.ts';
import { useWords } from '../use-words.ts';
import type { RecordingRow } from '../video/recordings.ts';
import { fill } from '../words.ts';
import { recordingsAt } from './fetch.ts';
import { Opened } from './opened.tsx';
import { recordingWords } from './words.ts';

interface Read {
  readonly rows: readonly RecordingRow[];
  readonly next: string | undefined;
}

export function Screen() {
  const { course, known, code } = useApp();
  const says = useWords(recordingWords);
  const nameOf = useDoorName();
  const { place } = course;
  const [read, tell] = useState<Read | undefined>(undefined);
  const [trouble, say] = useState('');
  const [isBusy, busy] = useState(false);
  const [open, show] = useState('');

  const more = async (before?: Read): Promise<void> => {
    if (place === undefined) return;
    busy(true);
    const page = await recordingsAt(place).page(before?.next);
    busy(false);
    say(page.ok ? '' : fill(says.listFailed, { code: page.code }));
    if (page.ok) tell({ rows: [...(before?.rows ?? []), ...page.value.rows], next: page.value.next });
  };
  useEffect(() => void more(), [place === undefined]);

  const deliveryOf = (visit: string | null | undefined): string | undefined => {
    const begun = known.diary.entries.find((one) => one.visit === visit && one.kind === 'visit.prepared');
    return typeof begun?.body.delivery === 'string' ? begun.body.delivery : undefined;
  };
  return (
    <>
      <p class="quiet">{says.kept}</p>
      {trouble !== '' && <p role="alert">{trouble}</p>}
      {read === undefined && trouble === '' && <p class="quiet wait">…</p>}
      {read?.rows.length === 0 && <p class="quiet wait">{says.none}</p>}
      {read?.rows.map((row) => (
        <section class="card recorded" key={row.stream} data-stream={row.stream}>
          <button
            type="button"
            class="plain"
            aria-expanded={open === row.stream}
            onClick={() => show(open === row.stream ? '' : row.stream)}
          >
            {`${row.visit ? says.visit : says.look} · ${nameOf(row.door)} · ${sayMoment(code, row.startedAt, Date.now())}`}
          </button>
          {open === row.stream && place !== undefined && (
            <Opened place={place} row={row} delivery={deliveryOf(row.visit)} />
          )}
        </section>
      ))}
      {read?.next !== undefined && (
        <button type="button" class="plain" disabled={isBusy} onClick={() => void more(read)}>
          {says.older}
        </button>
      )}
    </>
  );
}
