/** Takes the photo of what was put down: framed, judged, made unreadable around, sealed, sent; and waits where there is no network. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type PhotoFlaw, type PhotoKeys, packPhoto } from '../../../../wire/delivery-photo.ts';
import type { Position } from '../../../../wire/stop.ts';
import type { LanguageCode } from '../../common/language.ts';
import { whereAmI } from '../../common/where-am-i.ts';
import { blurAt } from './blur.ts';
import { encode, readPicture, repaint, type Taken } from './picture.ts';
import { devicesOf, sealPhoto } from './seal.ts';
import { type AskTask, askDoorCamera, askKeys, forgetPhoto, keepPhoto, sendPhoto, type WaitingPhoto, waitingPhoto } from './send.ts';
import { type PhotoWord, photoWords } from './words.ts';

export interface TakePhotoProps {
  readonly ask: AskTask;
  readonly token: string;
  readonly delivery: string;
  readonly attempt: number;
  readonly language: LanguageCode;
  /** How far the cloud's clock is ahead of this phone's, ms. */
  readonly aheadMs: number;
  /** The camera at the door can take it. */
  readonly doorCamera: boolean;
  /** It is there: the parcel may be put down with it. @param hash  undefined where none may be taken */
  readonly onSent: (hash: string | undefined) => void;
}

/** After so many refusals a photo passes, marked as what it is. */
const mostRefusals = 3;
const flawWords: Readonly<Record<PhotoFlaw, PhotoWord>> = { dark: 'dark', bright: 'bright', blurred: 'notSharp' };

type Trouble = 'waits' | 'refused' | 'unable' | 'doorPoor' | 'doorUnable';

/** Whoever has not said where they are at this stop is not asked again for a picture. */
async function positionIfAllowed(): Promise<Position | undefined> {
  const asked = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => undefined);
  return asked?.state === 'granted' ? whereAmI() : undefined;
}

export function TakePhoto(props: TakePhotoProps) {
  const { ask, token, delivery, attempt, language, aheadMs, doorCamera, onSent } = props;
  const says = photoWords[language];
  const [taken, take] = useState<Taken>();
  const [refusals, count] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const [waiting, wait] = useState<WaitingPhoto>();
  const keys = useRef<PhotoKeys | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  const place = useRef<HTMLDivElement>(null);

  const fetchKeys = async (): Promise<PhotoKeys | undefined> => {
    const reply = await askKeys(ask);
    if (reply.ok) keys.current = reply.value;
    else if (reply.code === 'PHOTO_NOT_WANTED') setTrouble('refused');
    return keys.current;
  };

  useEffect(() => {
    // While there is network: the camera may be used where there is none.
    void fetchKeys();
    void waitingPhoto(token, attempt).then(wait, () => undefined);
  }, [token, attempt]);

  useEffect(() => {
    const canvas = taken?.canvas;
    if (canvas === undefined) return;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', says.shown);
    place.current?.replaceChildren(canvas);
    const draw = (event: PointerEvent): void => {
      if (event.buttons === 0) return;
      const box = canvas.getBoundingClientRect();
      const x = ((event.clientX - box.left) * canvas.width) / box.width;
      const y = ((event.clientY - box.top) * canvas.height) / box.height;
      repaint(canvas, (pixels) => blurAt(pixels, x, y));
    };
    canvas.addEventListener('pointerdown', draw);
    canvas.addEventListener('pointermove', draw);
    return () => canvas.remove();
  }, [taken, says]);

  const chosen = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      const next = await readPicture(file);
      if (next.flaws.length > 0) count((before) => before + 1);
      take(next);
    } catch {
      take(undefined);
    }
  };

  const send = async (photo: WaitingPhoto): Promise<void> => {
    const reply = await sendPhoto(ask, photo);
    if (reply.ok) {
      await forgetPhoto(token);
      return onSent(reply.value.photo);
    }
    if (reply.code === 'CLOUD_SILENT' || reply.code === 'RATE_LIMITED') {
      wait(photo);
      return setTrouble('waits');
    }
    await forgetPhoto(token);
    wait(undefined);
    take(undefined);
    setTrouble(reply.code === 'PHOTO_NOT_WANTED' ? 'refused' : undefined);
    if (reply.code === 'PHOTO_KEYS_OLD') await fetchKeys();
  };

  const seal = async ({ canvas, flaws }: Taken): Promise<void> => {
    const known = keys.current ?? (await fetchKeys());
    if (known === undefined) return;
    const list = await devicesOf(known);
    const picture = await encode(canvas);
    if (list === undefined || picture === undefined) return setTrouble('unable');
    const position = await positionIfAllowed();
    const where = position === undefined ? {} : { position };
    const facts = { delivery, attempt, at: Date.now() + aheadMs, ...where, flaws: [...flaws], blurred: 'frame' as const };
    const sealed = await sealPhoto(
      list.devices.map((device) => device.seal),
      packPhoto(facts, picture),
    );
    const photo = { token, attempt, sealed, ownerList: list.version };
    await keepPhoto(photo).catch(() => undefined);
    await send(photo);
  };

  const takeAtDoor = async (): Promise<void> => {
    const reply = await askDoorCamera(ask);
    if (reply.ok) return onSent(reply.value.photo);
    setTrouble(reply.code === 'PHOTO_POOR' ? 'doorPoor' : 'doorUnable');
  };

  const work = (what: () => Promise<void>): void => {
    setBusy(true);
    void what().finally(() => setBusy(false));
  };

  if (trouble === 'refused') {
    return (
      <div class="shot">
        <p role="status">{says.refused}</p>
        <button type="button" class="plain" onClick={() => onSent(undefined)}>
          {says.send}
        </button>
      </div>
    );
  }
  if (waiting !== undefined) {
    return (
      <div class="shot" aria-busy={isBusy}>
        <p role="status">{isBusy ? says.sending : says.waits}</p>
        <button type="button" class="plain" disabled={isBusy} onClick={() => work(() => send(waiting))}>
          {says.retry}
        </button>
      </div>
    );
  }
  const [flaw] = taken?.flaws ?? [];
  const mayPass = taken !== undefined && (flaw === undefined || refusals >= mostRefusals);
  return (
    <div class="shot" aria-busy={isBusy}>
      <p>{taken === undefined ? says.guide : says.blurred}</p>
      <div class="picture" ref={place} />
      <p role="status">
        {isBusy ? says.sending : flaw ? says[flawWords[flaw]] : trouble === undefined || trouble === 'waits' ? '' : says[trouble]}
      </p>
      {doorCamera && taken === undefined && (
        <button type="button" class="plain" disabled={isBusy} onClick={() => work(takeAtDoor)}>
          {says.atDoor}
        </button>
      )}
      <input
        ref={input}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          void chosen(file).finally(() => {
            if (input.current !== null) input.current.value = '';
          });
        }}
      />
      <button type="button" class="plain" disabled={isBusy} onClick={() => input.current?.click()}>
        {taken === undefined ? says.take : says.again}
      </button>
      {mayPass && (
        <button type="button" class="plain" disabled={isBusy} onClick={() => work(() => seal(taken))}>
          {flaw === undefined ? says.send : says.anyway}
        </button>
      )}
    </div>
  );
}
