/** One photo of a doorstep: a picture that is light and sharp enough, all but the installer's frame made unreadable. */
import { maxHubPictureBytes, type PhotoFlaw } from '../../wire/delivery-photo.ts';
import { accept, Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { flawsIn, type PhotoFrame } from '../../wire/photo-quality.ts';
import type { Clock } from '../clock/clock.ts';
import type { DoorstepConfig } from '../config/doorstep.ts';
import { blankOutside } from './blank.ts';
import { lumaIn } from './jpeg/luma.ts';
import { readJpeg } from './jpeg/read.ts';
import { writeJpeg } from './jpeg/write.ts';

/** A camera that may be off, or film a visit meanwhile. */
export interface StillCamera {
  /** Keeps it running. @returns lets it go */
  hold(): () => void;
  /** The next picture. @throws Fault what keeps the camera from giving one */
  snapshot(): Promise<Uint8Array>;
}

/** How long better pictures are waited for after the first: a camera that was off finds its exposure, ms. */
const betterWithinMs = 3_000;

const frameIn = (percent: DoorstepConfig['frame'], width: number, height: number): PhotoFrame => ({
  left: Math.ceil((percent.left * width) / 100),
  top: Math.ceil((percent.top * height) / 100),
  width: Math.floor((percent.width * width) / 100),
  height: Math.floor((percent.height * height) / 100),
});

/** @returns the picture as it may leave, or what is wrong with it */
async function develop(jpeg: Uint8Array, percent: DoorstepConfig['frame']): Promise<Uint8Array | PhotoFlaw> {
  const picture = await readJpeg(jpeg);
  const frame = frameIn(percent, picture.width, picture.height);
  const [flaw] = flawsIn(frame, await lumaIn(picture, frame));
  if (flaw !== undefined) return flaw;
  blankOutside(picture, frame);
  const written = await writeJpeg(picture, maxHubPictureBytes);
  if (written === undefined) throw new Fault('MEDIA_TOO_BIG');
  return written;
}

/** @returns PHOTO_POOR with the flaw of the last picture. @throws Fault CAMERA_…, LINK_…, MEDIA_TOO_BIG */
export async function photograph(
  camera: StillCamera,
  frame: DoorstepConfig['frame'],
  clock: Clock,
): Promise<Verdict<Uint8Array>> {
  const release = camera.hold();
  try {
    let untilMs: number | undefined;
    for (;;) {
      const developed = await develop(await camera.snapshot(), frame);
      if (typeof developed !== 'string') return accept(developed);
      untilMs ??= clock.monotonic() + betterWithinMs;
      if (clock.monotonic() >= untilMs) return refuse('PHOTO_POOR', { flaw: developed });
    }
  } finally {
    release();
  }
}
