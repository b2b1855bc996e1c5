/** A recording as a file that common players open, made on this device from pictures that it opened itself. */
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';
import { toAvi } from './avi.ts';
import { codecString, decoderConfig, toLengthPrefixed } from './h264.ts';
import { decodable, type Recording } from './recording.ts';
import type { Picture } from './stream.ts';

export interface Exported {
  readonly type: 'video/mp4' | 'video/x-msvideo';
  readonly extension: 'mp4' | 'avi';
  readonly parts: readonly Uint8Array[];
}

/** The last picture stands this long, ms. */
const lastStandsMs = 67;

async function toMp4(
  pictures: readonly Picture[],
  size: { width: number; height: number },
): Promise<Uint8Array | undefined> {
  const first = pictures[0]!;
  const codec = codecString(first.data);
  const description = decoderConfig(first.data);
  if (codec === undefined || description === undefined) return undefined;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const source = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(source);
  await output.start();
  const decoder = { codec, description, codedWidth: size.width, codedHeight: size.height };
  let before = -1;
  for (const [index, { capturedMs, data, isKey }] of pictures.entries()) {
    // the hub's clock may have been set back: time in a file only goes on
    const atMs = Math.max(capturedMs - first.capturedMs, before + 1);
    const next = pictures[index + 1];
    const standsMs = next === undefined ? lastStandsMs : Math.max(1, next.capturedMs - first.capturedMs - atMs);
    const packet = new EncodedPacket(toLengthPrefixed(data), isKey ? 'key' : 'delta', atMs / 1000, standsMs / 1000);
    await source.add(packet, index === 0 ? { decoderConfig: decoder } : undefined);
    before = atMs;
  }
  await output.finalize();
  return target.buffer === null ? undefined : new Uint8Array(target.buffer);
}

/**
 * Writes a recording as MP4 (H.264) or AVI (JPEG), with the distances of its capture times.
 * @param size  of the pictures, where their key does not say it
 * @returns undefined when it has no picture that can be decoded
 */
export async function exportRecording(
  { claims, pictures }: Pick<Recording, 'claims' | 'pictures'>,
  size: { readonly width: number; readonly height: number } = {
    width: claims.width ?? 640,
    height: claims.height ?? 480,
  },
): Promise<Exported | undefined> {
  const usable = decodable(pictures);
  const first = usable[0];
  if (first === undefined) return undefined;
  if (claims.codec === 'h264') {
    const file = await toMp4(usable, size);
    return file && { type: 'video/mp4', extension: 'mp4', parts: [file] };
  }
  const parts = toAvi(
    usable.map(({ capturedMs, data }) => ({ atMs: Math.max(0, capturedMs - first.capturedMs), data })),
  );
  return parts && { type: 'video/x-msvideo', extension: 'avi', parts };
}
