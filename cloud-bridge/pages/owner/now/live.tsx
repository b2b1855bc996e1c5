/** The live picture of one door. Called LIVE only while it is; loaded when somebody wants to see it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Shown } from '../video/live.ts';
import { watchDoor } from '../video/session.ts';
import type { NewestStream } from '../device/store.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { sayClock } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { liveWords } from './live-words.ts';

export interface LiveProps {
  readonly place: Place;
  readonly door: string;
  /** Asks for a picture although nobody visits. */
  readonly asks: boolean;
}

export function Live({ place, door, asks }: LiveProps) {
  const { code } = useApp();
  const says = useWords(liveWords);
  const canvas = useRef<HTMLCanvasElement>(null);
  const session = useRef<ReturnType<typeof watchDoor> | undefined>(undefined);
  const [shown, tell] = useState<Shown>({ at: 'connecting', sinceMs: performance.now() });
  const [capturedMs, drew] = useState<number | undefined>(undefined);

  useEffect(() => {
    let isMine = true;
    void place.store.get('streams').then((kept) => {
      if (!isMine) return;
      let streams: Readonly<Record<string, NewestStream>> = kept ?? {};
      session.current = watchDoor(
        {
          ...{ api: place.api, home: place.home, homeId: place.home.pinned.home, door, signer: place.signer },
          canvas: canvas.current!,
          newest: () => streams[door],
          sawStream: (stream) => {
            streams = { ...streams, [door]: stream };
            void place.store.put('streams', streams);
          },
        },
        {
          shown: tell,
          incident: () => undefined,
          visit: () => undefined,
          slow: () => undefined,
          drawn: (picture) => drew(picture.capturedMs),
        },
      );
      session.current.look(asks);
    });
    return () => {
      isMine = false;
      session.current?.close();
    };
  }, [door]);
  useEffect(() => session.current?.look(asks), [asks]);

  const seconds = Math.max(1, Math.round((shown.lateMs ?? 0) / 1000));
  const text = fill(says[`${shown.at}Text`], { seconds });
  return (
    <figure class="stage" data-live={shown.at}>
      <canvas ref={canvas} width="640" height="480" role="img" aria-label={`${says[shown.at]}. ${text}`} />
      {shown.at !== 'live' && (
        <figcaption>
          <strong>{says[shown.at]}</strong>
          <span>{text}</span>
        </figcaption>
      )}
      {shown.at === 'live' && (
        <span class="badge">
          <i aria-hidden="true" />
          <b>{says.live}</b>
        </span>
      )}
      {capturedMs !== undefined && <time class="clock">{sayClock(code, capturedMs)}</time>}
      <p class="sr" role="status">
        {says[shown.at]}
      </p>
    </figure>
  );
}
