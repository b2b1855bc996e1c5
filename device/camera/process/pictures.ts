/** Bytes of a program's standard output -> pictures, for either codec. Pure. */
import type { Picture, Raw } from '../camera.ts';
import { AnnexbSplitter } from './annexb-split.ts';
import { JpegSplitter } from './jpeg-split.ts';

export type PictureEvent =
  /** `raw`: what a JPEG says of its identity; H.264 says nothing. */
  { readonly is: 'picture'; readonly picture: Picture; readonly raw?: Raw } | { readonly is: 'too-big' };

/** @returns takes what one read brought and when, and gives the pictures that it completes */
export function pictureReader(
  codec: Picture['codec'],
  maxBytes: number,
): (chunk: Uint8Array, atMs: number) => readonly PictureEvent[] {
  if (codec === 'h264') {
    const splitter = new AnnexbSplitter(maxBytes);
    return (chunk, atMs) =>
      splitter.push(chunk, atMs).map((event) => {
        if (event.is === 'too-big') return event;
        const { key, data } = event;
        return { is: 'picture', picture: { codec, key, atMs: event.atMs, data } };
      });
  }
  const splitter = new JpegSplitter(maxBytes);
  return (chunk, atMs) =>
    splitter.push(chunk, atMs).map((event) => {
      if (event.is === 'too-big') return event;
      const { data, hash } = event;
      return {
        is: 'picture',
        picture: { codec, key: true, atMs: event.atMs, data },
        raw: { atMs: event.atMs, hash },
      };
    });
}
