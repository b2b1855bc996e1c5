/** Fetches one recording when it is shown, and plays it, or says why not. */
import { useEffect, useState } from 'preact/hooks';
import type { FaultCode } from '../../../../wire/faults.ts';
import type { Place } from '../home/course.ts';
import { useWords } from '../use-words.ts';
import type { Recording } from '../video/recording.ts';
import type { RecordingRow } from '../video/recordings.ts';
import { fill } from '../words.ts';
import { fetchRecording } from './fetch.ts';
import { Playback } from './playback.tsx';
import { recordingWords } from './words.ts';

interface OpenedProps {
  readonly place: Place;
  readonly row: RecordingRow;
  readonly delivery?: string | undefined;
}

type State = { readonly of?: string; readonly code?: FaultCode; readonly recording?: Recording };

export function Opened({ place, row, delivery }: OpenedProps) {
  const says = useWords(recordingWords);
  const [{ of, code, recording }, tell] = useState<State>({});
  const { stream } = row;
  useEffect(() => {
    let isMine = true;
    void fetchRecording(place, stream).then((opened) => {
      if (isMine) tell({ of: stream, ...(opened.ok ? { recording: opened.value } : { code: opened.code }) });
    });
    return () => {
      isMine = false;
    };
  }, [stream]);
  if (of === stream && recording !== undefined) {
    return <Playback key={stream} place={place} recording={recording} startedAt={row.startedAt} delivery={delivery} />;
  }
  if (of !== stream || code === undefined) {
    return (
      <p class="quiet" role="status">
        {says.fetching}
      </p>
    );
  }
  const known = { RECORDING_UNKNOWN: says.gone, VIDEO_KEY_NOT_FOR_YOU: says.notForMe } as const;
  return (
    <p class="quiet" role="alert" data-clip={code}>
      {code in known ? known[code as keyof typeof known] : fill(says.failed, { code })}
    </p>
  );
}
