/** The recording of one visit: in parts, where the camera was started again; or what became of it. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { sayFull } from '../times.ts';
import { useWords } from '../use-words.ts';
import type { RecordingRow } from '../video/recordings.ts';
import { fill } from '../words.ts';
import { recordingsAt } from './fetch.ts';
import { Opened } from './opened.tsx';
import { recordingWords } from './words.ts';

export interface ClipProps {
  readonly place: Place;
  readonly visit: string;
  readonly delivery?: string | undefined;
  /** When the hub deleted it, as its journal says, ms. */
  readonly deletedMs?: number | undefined;
}

export function Clip({ place, visit, delivery, deletedMs }: ClipProps) {
  const { code } = useApp();
  const says = useWords(recordingWords);
  const [rows, tell] = useState<readonly RecordingRow[] | { readonly code: string } | undefined>(undefined);
  const [chosen, choose] = useState(0);
  useEffect(() => {
    let isMine = true;
    void recordingsAt(place)
      .ofVisit(visit)
      .then((found) => isMine && tell(found.ok ? found.value : { code: found.code }));
    return () => {
      isMine = false;
    };
  }, [visit]);

  if (rows === undefined) {
    return (
      <p class="quiet" role="status">
        {says.fetching}
      </p>
    );
  }
  if ('code' in rows) {
    return (
      <p class="quiet" role="alert">
        {fill(says.failed, { code: rows.code })}
      </p>
    );
  }
  const row = rows[chosen];
  if (row === undefined) {
    return (
      <p class="quiet" data-clip={deletedMs === undefined ? 'absent' : 'deleted'}>
        {deletedMs === undefined ? says.absent : fill(says.deleted, { time: sayFull(code, deletedMs) })}
      </p>
    );
  }
  return (
    <>
      {rows.length > 1 && (
        <div class="acts">
          {rows.map(({ stream }, index) => (
            <button
              key={stream}
              type="button"
              class="plain small"
              aria-pressed={index === chosen}
              onClick={() => choose(index)}
            >
              {fill(says.part, { n: index + 1 })}
            </button>
          ))}
        </div>
      )}
      <Opened place={place} row={row} delivery={delivery} />
    </>
  );
}
