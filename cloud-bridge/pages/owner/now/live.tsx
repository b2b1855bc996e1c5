/** The live picture of one door. Called LIVE only while it is; loaded when somebody wants to see it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Shown } from '../video/live.ts';
import { watchDoor } from '../video/session.ts';
import type { NewestStream } from '../device/store.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { sayClock } from '../times.ts';
import { useWords } from '../use-words.ts';
import { sayTrouble } from '../video/trouble.ts';
import { troubleWords } from '../video/trouble-words.ts';
import { fill } from '../words.ts';
import { liveWords } from './live-words.ts';
import { type Noticed, NoticedList, notedAfter } from './noticed.tsx';

export interface LiveProps {
  readonly place: Place;
  readonly door: string;
  /** Asks for a picture although nobody visits. */
  readonly asks: boolean;
  /** The visit that the picture is of, as the hub signed it; undefined when it is of none, or over. */
  readonly onVisit?: (visit: string | undefined) => void;
}

/** A picture that is later than this is no delay: the clocks are apart, ms. */
const apartMs = 3_000;

export function Live({ place, door, asks, onVisit }: LiveProps) {
  const { code } = useApp();
  const says = useWords(liveWords);
  const trouble = useWords(troubleWords);
  const canvas = useRef<HTMLCanvasElement>(null);
  const session = useRef<ReturnType<typeof watchDoor> | undefined>(undefined);
  const [shown, tell] = useState<Shown>({ at: 'connecting', sinceMs: performance.now() });
  const [capturedMs, drew] = useState<number | undefined>(undefined);
  const [visit, see] = useState<string | undefined>(undefined);
  const [noticed, notice] = useState<readonly Noticed[]>([]);
  const note = (code: Noticed['code'], why: Noticed['why']): void => notice((all) => notedAfter(all, code, why, Date.now()));

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
          incident: note,
          visit: see,
          slow: () => note('slow', 'slow'),
          drawn: ({ seq, capturedMs }) => {
            // For whoever measures: which picture stands there, and how many did.
            Object.assign(canvas.current?.dataset ?? {}, { seq, capturedMs, ...session.current?.counts });
            drew(capturedMs);
          },
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

  const isOver = shown.at === 'stopped';
  useEffect(() => onVisit?.(isOver ? undefined : visit), [visit, isOver]);

  const { at, code: why, lateMs = 0, sinceMs } = shown;
  const seconds = Math.max(1, Math.round(Math.abs(lateMs) / 1000));
  const sayWhy = (): string => {
    if (at === 'tampered' && why !== undefined) return `${sayTrouble(trouble, why)} ${why}`;
    if (at === 'delayed' && Math.abs(lateMs) >= apartMs) return lateMs > 0 ? says.heldText : says.behindText;
    if (at === 'offline' && why === 'HUB_OFFLINE') return says.hubAwayText;
    if (at === 'stopped' && why === 'CAMERA_NOT_LIVE') return says.cameraLostText;
    return at === 'tampered' ? '' : says[`${at}Text`];
  };
  const text = fill(sayWhy(), { seconds });
  return (
    <>
      <figure class="stage" data-live={shown.at}>
        <canvas ref={canvas} width="640" height="480" role="img" aria-label={`${says[shown.at]}. ${text}`} />
        {shown.at !== 'live' && (
          <figcaption>
            <strong>{says[shown.at]}</strong>
            <span>{text}</span>
            <span>{fill(says.since, { time: sayClock(code, Date.now() - (performance.now() - sinceMs)) })}</span>
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
      <NoticedList noticed={noticed} clear={() => notice([])} />
    </>
  );
}
