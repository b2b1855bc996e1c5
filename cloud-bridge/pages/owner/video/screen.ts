/** Decodes pictures in order and draws every one of them on a canvas. */
import { owned } from '../../common/bytes.ts';
import { codecString } from './h264.ts';
import type { Picture } from './stream.ts';

export interface Screen {
  /** Takes the next picture. What cannot be decoded yet (no key picture so far) is left out. */
  put(picture: Picture): void;
  /** Forgets what is not decoded yet; the next picture has to be a key picture. */
  reset(): void;
  /** Resolves when all that was put is drawn or given up. */
  idle(): Promise<void>;
  /** Pictures drawn, and those that were put and left out, since the page was opened. */
  readonly counts: { drawn: number; leftOut: number };
}

/** More than this many waiting: the device is too slow, and goes on with the next key picture. */
const maxWaiting = 30;

export interface ScreenOptions {
  /** Called when a picture stands on the canvas. */
  readonly onDrawn?: (picture: Picture) => void;
  /** The decoder gave up; the next key picture starts it again. */
  readonly onTrouble?: () => void;
  /** False for a picture that is only decoded, because later ones depend on it. */
  readonly isShown?: (picture: Picture) => boolean;
  /** Pictures that may wait: for a recording, as many as there are. */
  readonly maxWaiting?: number;
}

export function openScreen(canvas: HTMLCanvasElement, options: ScreenOptions = {}): Screen {
  const context = canvas.getContext('2d', { alpha: false })!;
  const counts = { drawn: 0, leftOut: 0 };
  const most = options.maxWaiting ?? maxWaiting;
  let decoder: VideoDecoder | undefined;
  let codec: string | undefined;
  let waitsForKey = true;
  let epoch = 0;
  let jpegs = Promise.resolve();
  let waiting = 0;
  const decoding = new Map<number, Picture>();

  function draw(image: CanvasImageSource, width: number, height: number, picture: Picture): void {
    if (options.isShown?.(picture) === false) return;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    context.drawImage(image, 0, 0);
    counts.drawn += 1;
    options.onDrawn?.(picture);
  }

  function giveUp(): void {
    counts.leftOut += decoding.size;
    decoding.clear();
    if (decoder !== undefined && decoder.state !== 'closed') decoder.close();
    decoder = undefined;
    waitsForKey = true;
  }

  function openDecoder(of: string): VideoDecoder {
    const mine: VideoDecoder = new VideoDecoder({
      output: (frame) => {
        const picture = decoding.get(frame.timestamp);
        decoding.delete(frame.timestamp);
        if (picture !== undefined && mine === decoder) draw(frame, frame.displayWidth, frame.displayHeight, picture);
        frame.close();
      },
      error: () => {
        if (mine !== decoder) return;
        giveUp();
        options.onTrouble?.();
      },
    });
    mine.configure({ codec: of, optimizeForLatency: true });
    return mine;
  }

  function putH264(picture: Picture): void {
    if (picture.isKey) {
      const named = codecString(picture.data);
      if (named !== undefined && (decoder === undefined || named !== codec)) {
        giveUp();
        codec = named;
        decoder = openDecoder(named);
      }
      waitsForKey = decoder === undefined;
    }
    if (waitsForKey || decoder === undefined) {
      counts.leftOut += 1;
      return;
    }
    // a number of its own, not the time: pictures may share a millisecond
    const timestamp = picture.seq * 1000;
    decoding.set(timestamp, picture);
    decoder.decode(new EncodedVideoChunk({ type: picture.isKey ? 'key' : 'delta', timestamp, data: picture.data }));
    if (decoding.size <= most) return;
    giveUp();
    options.onTrouble?.();
  }

  function putJpeg(picture: Picture): void {
    if (waiting >= most) {
      counts.leftOut += 1;
      return;
    }
    const mine = epoch;
    waiting += 1;
    const image = createImageBitmap(new Blob([owned(picture.data)], { type: 'image/jpeg' }));
    jpegs = jpegs.then(async () => {
      try {
        const bitmap = await image;
        if (mine === epoch) draw(bitmap, bitmap.width, bitmap.height, picture);
        bitmap.close();
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        counts.leftOut += 1;
        options.onTrouble?.();
      } finally {
        waiting -= 1;
      }
    });
    image.catch(() => undefined);
  }

  return {
    counts,
    put: (picture) => {
      if (picture.afterGap && !picture.isKey) waitsForKey = true;
      if (picture.codec === 'h264') putH264(picture);
      else putJpeg(picture);
    },
    reset: () => {
      giveUp();
      epoch += 1;
    },
    idle: async () => {
      if (decoder?.state === 'configured') {
        await decoder.flush().catch(() => undefined);
        // after a flush WebCodecs asks for a key picture
        waitsForKey = true;
      }
      await jpegs;
    },
  };
}
