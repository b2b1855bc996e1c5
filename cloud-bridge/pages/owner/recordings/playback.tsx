/** A recording that this device has opened: played on a canvas, with what was found out about it, to save and to take a still from. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { keepFile } from '../keep-file.ts';
import { sayClock } from '../times.ts';
import { useWords } from '../use-words.ts';
import { openPlayer, type Player } from '../video/player.ts';
import { decodable, type Recording } from '../video/recording.ts';
import { sayTrouble } from '../video/trouble.ts';
import { troubleWords } from '../video/trouble-words.ts';
import { fill } from '../words.ts';
import { type Fact, factsOf, isBadFact, verdictOf } from './facts.ts';
import { Still } from './still.tsx';
import { Transport } from './transport.tsx';
import { recordingWords } from './words.ts';

interface PlaybackProps {
  readonly place: Place;
  readonly recording: Recording;
  /** ms since 1970. */
  readonly startedAt: number;
  /** Of the visit: a still may be shared under its case. */
  readonly delivery: string | undefined;
}

export function Playback({ place, recording, startedAt, delivery }: PlaybackProps) {
  const { code } = useApp();
  const says = useWords(recordingWords);
  const trouble = useWords(troubleWords);
  const [spot, moved] = useState({ atMs: 0, isPlaying: false, capturedMs: 0 });
  const [note, say] = useState('');
  const [still, take] = useState<Blob | undefined>(undefined);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [player, hold] = useState<Player | undefined>(undefined);

  useEffect(() => {
    const made = openPlayer(canvas.current!, decodable(recording.pictures), (atMs, isPlaying, { capturedMs }) =>
      moved({ atMs, isPlaying, capturedMs }),
    );
    hold(made);
    void made.seek(0);
    return () => made.close();
  }, [recording]);

  const save = async (): Promise<void> => {
    const { exportRecording } = await import('../video/export.ts');
    const made = await exportRecording(recording, { width: canvas.current!.width, height: canvas.current!.height });
    if (made === undefined) return say(says.saveFailed);
    const name = `doorward-${new Date(startedAt).toISOString().slice(0, 19).replaceAll(':', '-')}.${made.extension}`;
    keepFile(name, made.type, made.parts);
    say(says.saved);
  };
  const takeStill = (): void => {
    player?.pause();
    say('');
    canvas.current!.toBlob((blob) => take(blob ?? undefined), 'image/jpeg', 0.9);
  };
  const sayFact = (fact: Fact): string => {
    if (fact.is === 'refused') return `${sayTrouble(trouble, fact.code)} ${fact.code} (${fact.n})`;
    return 'n' in fact ? fill(says[fact.is], { n: fact.n }) : says[fact.is];
  };
  const verdict = verdictOf(recording);
  return (
    <div class="clip" data-verdict={verdict}>
      <figure class="stage" data-live="recording">
        <canvas ref={canvas} width="640" height="480" role="img" aria-label={says.clip} />
        {spot.capturedMs > 0 && <time class="clock">{sayClock(code, spot.capturedMs)}</time>}
      </figure>
      <Transport player={player} spot={spot} />
      <strong>{says[verdict]}</strong>
      <ul class="facts">
        {factsOf(recording).map((fact) => (
          <li key={fact.is === 'refused' ? fact.code : fact.is} data-bad={isBadFact(fact) ? '' : undefined}>
            {sayFact(fact)}
          </li>
        ))}
      </ul>
      <div class="acts">
        <button type="button" class="plain small" onClick={() => void save()}>
          {says.save}
        </button>
        {delivery !== undefined && spot.capturedMs > 0 && (
          <button type="button" class="plain small" aria-expanded={still !== undefined} onClick={takeStill}>
            {says.still}
          </button>
        )}
      </div>
      {still !== undefined && delivery !== undefined && (
        <Still
          place={place}
          delivery={delivery}
          picture={still}
          done={(said) => {
            take(undefined);
            say(said);
          }}
        />
      )}
      <p class="quiet" role="status">
        {note}
      </p>
    </div>
  );
}
