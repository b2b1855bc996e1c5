/** What the relay lacks of a recording, and the messages that bring it. Pure. */
import type { MediaHaveAnswer } from '../../wire/messages.ts';
import type { Stored } from './file.ts';
import type { Recording } from './recordings.ts';

export interface Lacking {
  readonly stream: string;
  readonly key: boolean;
  /** The last checkpoint. */
  readonly end: boolean;
  /** How many frames. */
  readonly frames: number;
  readonly isLacking: (seq: number) => boolean;
  /** Any of it. */
  readonly anything: boolean;
}

/** @param has  what the relay says of this stream; undefined when it knows none of it */
export function lackingIn(
  { stream, frames }: Pick<Recording, 'stream' | 'frames'>,
  has: MediaHaveAnswer['streams'][number] | undefined,
): Lacking {
  const ranges = has?.ranges ?? [];
  const isLacking = (seq: number): boolean => !ranges.some(([from, to]) => from <= seq && seq <= to);
  let count = 0;
  for (let seq = 1; seq <= frames; seq += 1) if (isLacking(seq)) count += 1;
  const [key, end] = [!has?.key, !has?.ended];
  return { stream, key, end, frames: count, isLacking, anything: key || end || count > 0 };
}

/** Key, frames, each checkpoint that covers one of those frames, and the last: what is lacking of them, in the order of the file. */
export async function* messagesFor(records: AsyncIterable<Stored>, lacking: Lacking): AsyncGenerator<Stored> {
  let isUncovered = false;
  let last: Stored | undefined;
  for await (const stored of records) {
    const { type, seq } = stored.message;
    if (type === 'checkpoint') {
      if (isUncovered) yield stored;
      last = isUncovered ? undefined : stored;
      isUncovered = false;
    } else if (type === 'key' ? lacking.key : lacking.isLacking(seq)) {
      if (type === 'frame') isUncovered = true;
      yield stored;
    }
  }
  if (last !== undefined && lacking.end) yield last;
}
