/** The photo of a delivery: opened on this device, shared as one picture for one case, deleted for good. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Photo, PhotoView } from '../../../../wire/delivery-photo.ts';
import { owned } from '../../common/bytes.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import type { Place } from '../home/course.ts';
import { Still } from '../recordings/still.tsx';
import { sayFull } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { photoWords } from './photo-words.ts';
import { listPhotos, openPhoto, removePhoto } from './read-photo.ts';

interface ShownProps {
  readonly photo: Photo;
  readonly url: string;
}

function Shown({ photo: { facts }, url }: ShownProps) {
  const { code } = useApp();
  const says = useWords(photoWords);
  const picture = useRef<HTMLImageElement>(null);
  const { position } = facts;
  const isAtDoor = facts.door !== undefined;
  const metres = (value: number): string =>
    new Intl.NumberFormat(code, { style: 'unit', unit: 'meter', maximumFractionDigits: 0 }).format(value);
  const place = position && {
    lat: position.lat.toFixed(5),
    lon: position.lon.toFixed(5),
    metres: metres(position.accuracy),
  };
  return (
    <>
      <img ref={picture} src={url} alt={says.shown} />
      <p>{fill(isAtDoor ? says.takenAtDoor : says.taken, { time: sayFull(code, facts.at) })}</p>
      {place !== undefined && <p>{fill(says.at, place)}</p>}
      {facts.blurred === 'frame' && <p class="quiet">{isAtDoor ? says.blankedAtDoor : says.blurred}</p>}
      {facts.flaws.length > 0 && <p class="quiet">{says.flawed}</p>}
      {document.fullscreenEnabled && (
        <button type="button" class="plain small" onClick={() => void picture.current?.requestFullscreen()}>
          {says.big}
        </button>
      )}
    </>
  );
}

interface OneProps {
  readonly place: Place;
  readonly view: PhotoView;
  readonly gone: () => void;
}

function One({ place, view, gone }: OneProps) {
  const { code } = useApp();
  const says = useWords(photoWords);
  const { hold, again } = useWords(frameWords);
  const [photo, show] = useState<Photo>();
  const [picture, point] = useState<{ readonly url: string; readonly blob: Blob }>();
  const [said, say] = useState('');
  const [isSharing, share] = useState(false);
  const [isBusy, busy] = useState(false);

  useEffect(() => {
    if (photo === undefined) return;
    const blob = new Blob([owned(photo.picture)], { type: 'image/jpeg' });
    const url = URL.createObjectURL(blob);
    point({ url, blob });
    return () => URL.revokeObjectURL(url);
  }, [photo]);

  const open = async (): Promise<void> => {
    busy(true);
    const opened = await openPhoto(place, view);
    busy(false);
    if (!opened.ok) return say(fill(says.failed, { code: opened.code }));
    if (typeof opened.value === 'string') return say(says[opened.value]);
    say('');
    show(opened.value);
  };
  const remove = async (): Promise<void> => {
    busy(true);
    const removed = await removePhoto(place, view);
    busy(false);
    if (!removed.ok) return say(fill(says.failed, { code: removed.code }));
    gone();
  };

  return (
    <div class="still" data-photo={view.isProof ? 'proof' : 'try'}>
      {photo === undefined || picture === undefined ? (
        <button type="button" class="plain main" disabled={isBusy} onClick={() => void open()}>
          {says.look}
        </button>
      ) : (
        <Shown photo={photo} url={picture.url} />
      )}
      <p class="quiet">{view.isProof ? says.isProof : says.isTry}</p>
      <p class="quiet">{fill(says.until, { time: sayFull(code, view.until) })}</p>
      {picture !== undefined && !isSharing && (
        <button type="button" class="plain small" onClick={() => share(true)}>
          {says.share}
        </button>
      )}
      {picture !== undefined && isSharing && (
        <Still
          place={place}
          delivery={view.delivery}
          picture={picture.blob}
          done={(text) => {
            share(false);
            say(text);
          }}
        />
      )}
      <p role="status">{said}</p>
      <HoldButton says={says.remove} hint={hold} again={again} isBusy={isBusy} kind="small" onHeld={() => void remove()} />
    </div>
  );
}

interface PhotosProps {
  readonly place: Place;
  readonly delivery: string;
  /** Asked for again with every news of deliveries. */
  readonly news: unknown;
  /** It stands in what is about the delivery already. */
  readonly isInside?: boolean;
}

export function Photos({ place, delivery, news, isInside = false }: PhotosProps) {
  const says = useWords(photoWords);
  const [photos, tell] = useState<readonly PhotoView[]>([]);
  const [isGone, note] = useState(false);
  useEffect(() => {
    let isMine = true;
    void listPhotos(place, delivery).then((read) => read.ok && isMine && tell(read.value));
    return () => {
      isMine = false;
    };
  }, [place, delivery, news]);
  if (photos.length === 0 && !isGone) return null;
  const list = (
    <>
      <p role="status">{isGone && photos.length === 0 ? says.removed : ''}</p>
      {photos.map((view) => (
        <One
          key={view.photo}
          place={place}
          view={view}
          gone={() => {
            note(true);
            tell(photos.filter((one) => one !== view));
          }}
        />
      ))}
    </>
  );
  if (isInside) return <div data-photos={photos.length}>{list}</div>;
  return (
    <section class="card" data-photos={photos.length}>
      <h2>{says.photos}</h2>
      {list}
    </section>
  );
}
