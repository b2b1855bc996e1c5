/** The recording of one visit: fetched sealed, opened and checked on this device, played here. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Verdict } from '../../../../wire/faults.ts';
import { openPlayer, type Player } from '../video/player.ts';
import { decodable, isWhole, openRecording, type Recording } from '../video/recording.ts';
import { type RecordingRow, recordingsOf } from '../video/recordings.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { sayClock } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { diaryWords } from './words.ts';

export interface ClipProps {
  readonly place: Place;
  readonly visit: string;
}

/** The hub's key, else one that another device shared: asked for only when it is needed. */
async function fetchRecording({ api, home, keys }: Place, row: RecordingRow): Promise<Verdict<Recording>> {
  const files = recordingsOf(api, home.pinned.home, keys.seal.kid);
  const file = await files.file(row.stream);
  if (!file.ok) return file;
  const opened = await openRecording(file.value, home);
  if (opened.ok || opened.code !== 'VIDEO_KEY_NOT_FOR_YOU') return opened;
  const shares = await files.shares(row.stream);
  return shares.ok ? openRecording(file.value, home, shares.value) : opened;
}

const sayPlace = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

type State = { readonly at: 'fetching' }
  | { readonly at: 'none' } | { readonly at: 'failed'; readonly code: string } | { readonly at: 'here'; readonly recording: Recording; readonly row: RecordingRow };

export function Clip({ place, visit }: ClipProps) {
  const { code } = useApp();
  const says = useWords(diaryWords);
  const [state, tell] = useState<State>({ at: 'fetching' });
  const [spot, moved] = useState({ atMs: 0, isPlaying: false, capturedMs: 0 });
  const [note, say] = useState('');
  const canvas = useRef<HTMLCanvasElement>(null);
  const player = useRef<Player | undefined>(undefined);

  useEffect(() => {
    let isMine = true;
    void (async () => {
      const list = await recordingsOf(place.api, place.home.pinned.home, place.keys.seal.kid).list();
      const row = list.ok ? list.value.find((one) => one.visit === visit) : undefined;
      if (!isMine) return;
      if (!list.ok) return tell({ at: 'failed', code: list.code });
      if (row === undefined) return tell({ at: 'none' });
      const recording = await fetchRecording(place, row);
      if (isMine) tell(recording.ok ? { at: 'here', recording: recording.value, row } : { at: 'failed', code: recording.code });
    })();
    return () => {
      isMine = false;
    };
  }, [visit]);
  useEffect(() => {
    if (state.at !== 'here') return;
    player.current = openPlayer(canvas.current!, decodable(state.recording.pictures), (atMs, isPlaying, { capturedMs }) =>
      moved({ atMs, isPlaying, capturedMs }),
    );
    void player.current.seek(0);
    return () => player.current?.close();
  }, [state]);

  if (state.at === 'fetching') return <p class="quiet" role="status">{says.fetching}</p>;
  if (state.at === 'none') return <p class="quiet">{says.noClip}</p>;
  if (state.at === 'failed') return <p class="quiet" role="alert">{fill(says.clipFailed, { code: state.code })}</p>;
  const { recording, row } = state;
  const verdict = isWhole(recording) ? 'genuine' : recording.refused.size > 0 ? 'fake' : 'partly';
  const save = async (): Promise<void> => {
    const { exportRecording } = await import('../video/export.ts');
    const made = await exportRecording(recording, { width: canvas.current!.width, height: canvas.current!.height });
    if (made === undefined) return say(says.saveFailed);
    const url = URL.createObjectURL(new Blob(made.parts as Uint8Array<ArrayBuffer>[], { type: made.type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `doorward-${new Date(row.startedAt).toISOString().slice(0, 19).replaceAll(':', '-')}.${made.extension}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    say(says.saved);
  };
  return (
    <div class="clip" data-verdict={verdict}>
      <figure class="stage" data-live="recording">
        <canvas ref={canvas} width="640" height="480" role="img" aria-label={says.clip} />
        {spot.capturedMs > 0 && <time class="clock">{sayClock(code, spot.capturedMs)}</time>}
      </figure>
      <div class="transport">
        <button type="button" class="plain small" onClick={() => (spot.isPlaying ? player.current?.pause() : player.current?.play())}>
          {spot.isPlaying ? says.pause : says.play}
        </button>
        <input
          type="range"
          min="0"
          max={player.current?.durationMs ?? 0}
          step="1"
          value={spot.atMs}
          aria-label={says.place}
          aria-valuetext={sayPlace(spot.atMs)}
          onInput={(event) => void player.current?.seek(Number(event.currentTarget.value))}
        />
        <output>{`${sayPlace(spot.atMs)} / ${sayPlace(player.current?.durationMs ?? 0)}`}</output>
      </div>
      <div class="row">
        <strong>{says[verdict]}</strong>
        <button type="button" class="plain small" onClick={() => void save()}>
          {says.save}
        </button>
      </div>
      <p class="quiet" role="status">
        {note}
      </p>
    </div>
  );
}
