/** Makes one picture ready for support: drawn anew, so that nothing but the picture is in it, and sealed for one key alone. */
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import type { EcJwk } from '../../../../wire/shapes.ts';
import { onlyPicture } from '../doors/only-picture.ts';

const wrap = 'ECDH-ES+A256KW';
/** Of the longer side, px. */
const maxSide = 1_280;

/** @returns undefined for what is no picture */
async function redraw(file: Blob): Promise<Uint8Array | undefined> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, maxSide / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
    return drawn === null ? undefined : onlyPicture(new Uint8Array(await drawn.arrayBuffer()));
  } catch {
    return undefined;
  }
}

/** @returns a compact JWE; undefined for what is no picture */
export async function sealPicture(file: Blob, seal: EcJwk): Promise<string | undefined> {
  const bytes = await redraw(file);
  if (bytes === undefined) return undefined;
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: wrap, enc: 'A256GCM' })
    .encrypt((await importJWK(seal as JWK, wrap)) as CryptoKey);
}
