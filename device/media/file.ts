/**
 * The recording file: sealed messages one after the other, the key's first.
 *
 * | bytes | what |
 * |---|---|
 * | 4 | length of the message, big endian |
 * | length | the message, as it went over the wire (`wire/media.ts`) |
 *
 * A process that dies in a write leaves a torn tail: reading ends before the first thing that is no whole message of its stream.
 */
import { headerBytes, type MediaMessage, maxMediaBytes, readMedia } from '../../wire/media.ts';
import { videoHeadForm } from '../../wire/video.ts';
import type { DiskFile } from './disk.ts';

const lengthBytes = 4;
/** Bytes that are read at once. */
const windowBytes = 262_144;

/** A message with its place in the file. */
export interface Stored {
  readonly message: MediaMessage;
  readonly bytes: Uint8Array;
  /** Where its length begins, and where it ends. */
  readonly from: number;
  readonly to: number;
}

/** Messages as the bytes that are appended to a file. */
export function toRecords(messages: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(messages.reduce((sum, { length }) => sum + lengthBytes + length, 0));
  const view = new DataView(all.buffer);
  let at = 0;
  for (const message of messages) {
    view.setUint32(at, message.length);
    all.set(message, at + lengthBytes);
    at += lengthBytes + message.length;
  }
  return all;
}

/** Bytes that a message of this length takes in a file. */
export const recordBytes = (message: Uint8Array): number => lengthBytes + message.length;

/** Reads from front to back; ends where the file ends, or before what is no whole message of this stream. */
export async function* readRecords(file: DiskFile, stream: string): AsyncGenerator<Stored> {
  const read = windowed(file);
  for (let from = 0; ; ) {
    const length = lengthIn(await read(from, lengthBytes));
    if (length === undefined) return;
    const to = from + lengthBytes + length;
    const bytes = await read(from + lengthBytes, length);
    const message = bytes.length === length ? readMedia(bytes) : undefined;
    if (!message?.ok || message.value.stream !== stream) return;
    yield { message: message.value, bytes, from, to };
    from = to;
  }
}

/** The key message. @returns undefined when it is not whole, or none */
export async function readKeyMessage(file: DiskFile, stream: string): Promise<Stored | undefined> {
  for await (const first of readRecords(file, stream)) return first.message.type === 'key' ? first : undefined;
  return undefined;
}

/** The checkpoint that the file ends with, found from its end. @returns undefined when it ends with something else */
export async function readLastCheckpoint(file: DiskFile, stream: string): Promise<Stored | undefined> {
  const size = await file.size();
  const most = lengthBytes + headerBytes + videoHeadForm.maxBytes;
  const start = Math.max(0, size - most);
  const tail = await file.read(start, size - start);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  for (let at = 0; at + lengthBytes + headerBytes < tail.length; at += 1) {
    if (view.getUint32(at) !== tail.length - at - lengthBytes) continue;
    const bytes = tail.subarray(at + lengthBytes);
    const message = readMedia(bytes);
    if (!message.ok || message.value.type !== 'checkpoint' || message.value.stream !== stream) continue;
    return { message: message.value, bytes, from: start + at, to: size };
  }
  return undefined;
}

/** Zeros over the key message, whatever is left of it. @returns the zeros, to be written at 0 */
export async function zerosForKey(file: DiskFile): Promise<Uint8Array> {
  const size = await file.size();
  const length = lengthIn(await file.read(0, lengthBytes)) ?? maxMediaBytes;
  return new Uint8Array(Math.min(size, lengthBytes + length));
}

function lengthIn(bytes: Uint8Array): number | undefined {
  if (bytes.length < lengthBytes) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return length > headerBytes && length <= maxMediaBytes ? length : undefined;
}

/** Many small reads as a few large ones. What it hands out stays as it is. */
function windowed(file: DiskFile): (at: number, bytes: number) => Promise<Uint8Array> {
  let start = 0;
  let window: Uint8Array = new Uint8Array();
  return async (at, bytes) => {
    if (at < start || at + bytes > start + window.length) {
      start = at;
      window = await file.read(at, Math.max(bytes, windowBytes));
    }
    return window.subarray(at - start, at - start + bytes);
  };
}
