/**
 * A recording as a file: `u32 BE length` and a sealed message, again and again, in the order in which they came; the key message first.
 *
 * The same messages are in the hub's own file. Nothing here can open them.
 */
import type { FileHandle } from 'node:fs/promises';
import { headerBytes, type MediaMessage, maxMediaBytes, readMedia } from '../../wire/media.ts';

export interface Record {
  /** Where its length stands in the file. */
  readonly offset: number;
  /** Bytes of the message. */
  readonly length: number;
  readonly media: MediaMessage;
}

export const lengthBytes = 4;
const chunkBytes = 1_048_576;

/** One message as it stands in the file. */
export function toRecord(message: Uint8Array): [Buffer, Uint8Array] {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(message.length);
  return [length, message];
}

/** Reads exactly so many bytes, or undefined where the file ends before. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(length);
  for (let have = 0; have < length; ) {
    const { bytesRead } = await file.read(bytes, have, length - have, offset + have);
    if (bytesRead === 0) return undefined;
    have += bytesRead;
  }
  return bytes;
}

/**
 * Reads records from the start, chunk by chunk; ends before the first that is torn or of another stream. A record's bytes are valid
 * until the next is asked for.
 * @param counting  bytes of the file that count, if there are so many
 */
export async function* recordsOf(file: FileHandle, stream: string, counting: number): AsyncGenerator<Record> {
  const until = Math.min(counting, (await file.stat()).size);
  let start = 0;
  let chunk: Buffer = Buffer.alloc(0);
  for (let offset = 0; offset + lengthBytes + headerBytes < until; ) {
    const within = offset - start;
    const need = lengthBytes + maxMediaBytes;
    if (chunk.length - within < Math.min(need, until - offset)) {
      start = offset;
      const read = await readAt(file, start, Math.min(chunkBytes, until - start));
      if (read === undefined) return;
      chunk = read;
      continue;
    }
    const length = chunk.readUInt32BE(within);
    if (length > maxMediaBytes || offset + lengthBytes + length > until) return;
    const read = readMedia(chunk.subarray(within + lengthBytes, within + lengthBytes + length));
    if (!read.ok || read.value.stream !== stream) return;
    yield { offset, length, media: read.value };
    offset += lengthBytes + length;
  }
}
