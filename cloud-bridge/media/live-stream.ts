/** One stream as the relay holds it: its key message, and what a new viewer needs to start at once. Bounded. */
import type { MediaMessage } from '../../wire/media.ts';
import type { Recording } from './recordings.ts';

export interface LiveStream {
  readonly hubId: string;
  readonly stream: string;
  readonly door: string;
  /** ms, by the hub's clock. */
  readonly startedAt: number;
  readonly keyMessage: Uint8Array;
  readonly recording: Recording;
  /** The newest frame that can be decoded alone, and everything since. */
  readonly group: readonly GroupMessage[];
  /** Newest frame that was handed on. */
  lastSeq: number;
  /** When something came last, ms. */
  lastAt: number;
  /** Nothing of it is handed on any more. */
  isOver: boolean;
  /** Keeps what was just handed on. */
  remember(message: Uint8Array, media: MediaMessage): void;
  forgetGroup(): void;
}

export interface GroupMessage {
  readonly message: Uint8Array;
  readonly media: Pick<MediaMessage, 'type' | 'seq' | 'isKey'>;
}

/** A group that grows past this is dropped: new viewers wait for the next key frame. */
const maxGroupBytes = 4_194_304;
const maxGroupMessages = 512;

export function liveStreamOf(
  start: Pick<
    LiveStream,
    'hubId' | 'stream' | 'door' | 'startedAt' | 'keyMessage' | 'recording' | 'lastSeq' | 'lastAt'
  >,
): LiveStream {
  let group: GroupMessage[] = [];
  let bytes = 0;
  const forgetGroup = (): void => {
    group = [];
    bytes = 0;
  };
  return {
    ...start,
    isOver: false,
    get group() {
      return group;
    },
    remember: (message, { type, seq, isKey }) => {
      if (type === 'frame' && isKey) forgetGroup();
      else if (group.length === 0) return;
      bytes += message.length;
      if (bytes > maxGroupBytes || group.length >= maxGroupMessages) return forgetGroup();
      group.push({ message, media: { type, seq, isKey } });
    },
    forgetGroup,
  };
}
