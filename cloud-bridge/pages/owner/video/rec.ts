/** The file form of a recording: sealed messages, each after its length (u32, big endian). */
import { refuse, type Verdict } from '../../../../wire/faults.ts';
import { documentIn, type MediaMessage, readMedia } from '../../../../wire/media.ts';

export interface Sealed {
  readonly message: MediaMessage;
  readonly bytes: Uint8Array;
}

export interface Rec {
  /** The `videokey+jwt`. */
  readonly key: string;
  /** Frames and checkpoints in the order in which the hub made them. */
  readonly messages: readonly Sealed[];
  /** True when the file ends inside a message, or holds what is none. */
  readonly damaged: boolean;
}

const rank = ({ message }: Sealed): number => message.seq * 2 + (message.type === 'checkpoint' ? 1 : 0);

/**
 * Takes a recording apart; nothing of it is verified. Messages may stand in any order (late ones come last) and twice.
 * @returns RECORDING_DAMAGED when it has no key
 */
export function readRec(file: Uint8Array): Verdict<Rec> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const found: Sealed[] = [];
  let key: string | undefined;
  let damaged = false;
  let at = 0;
  while (at < file.length) {
    const length = at + 4 <= file.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > file.length) {
      damaged = true;
      break;
    }
    const bytes = file.subarray(at + 4, at + 4 + length);
    const read = readMedia(bytes);
    if (!read.ok) damaged = true;
    else if (read.value.type === 'key') key ??= documentIn(read.value);
    else found.push({ message: read.value, bytes });
    at += 4 + length;
  }
  if (key === undefined) return refuse('RECORDING_DAMAGED', { why: 'no key' });
  const sorted = found.sort((a, b) => rank(a) - rank(b));
  const isTwice = ({ message }: Sealed, index: number): boolean => {
    const before = sorted[index - 1]?.message;
    return message.type === 'frame' && before?.type === 'frame' && before.seq === message.seq;
  };
  return { ok: true, value: { key, messages: sorted.filter((one, index) => !isTwice(one, index)), damaged } };
}
