/** Encodes a photo afresh: small enough for a phone in bad reception, upright, and with nothing in it but the picture. */
import { maxPhotoBytes, photoSides } from '../../../../wire/door-hint.ts';
import { onlyPicture } from './only-picture.ts';

/** Longest side and quality, the best first. */
const tries = [
  [1280, 0.8],
  [1280, 0.65],
  [1024, 0.6],
  [800, 0.5],
  [640, 0.4],
] as const;

/** @returns a JPEG that the cloud takes; undefined for what this browser cannot read as a picture */
export async function encodePhoto(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => undefined);
  if (picture === undefined) return undefined;
  try {
    for (const [side, quality] of tries) {
      const bytes = await drawn(picture, side, quality);
      if (bytes !== undefined && bytes.length <= maxPhotoBytes) return bytes;
    }
    return undefined;
  } finally {
    picture.close();
  }
}

async function drawn(
  picture: ImageBitmap,
  side: number,
  quality: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const sizeOf = (length: number): number => Math.max(photoSides.least, Math.round(length * scale));
  const canvas = document.createElement('canvas');
  canvas.width = sizeOf(picture.width);
  canvas.height = sizeOf(picture.height);
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
  const bytes = blob && onlyPicture(new Uint8Array(await blob.arrayBuffer()));
  return bytes ? new Uint8Array(bytes) : undefined;
}

/** Standard base64. */
export const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
