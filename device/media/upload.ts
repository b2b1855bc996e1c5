/** Brings the relay what it lacks of recordings that have ended: asks what it has, sends the rest, asks again until it has everything. */
import * as v from 'valibot';
import { Fault, type Verdict } from '../../wire/faults.ts';
import { readAck } from '../../wire/media.ts';
import { type AskBody, MediaHaveAnswer } from '../../wire/messages.ts';
import type { Clock } from '../clock/clock.ts';
import { type Lacking, lackingIn, messagesFor } from './lacking.ts';
import type { LateNotes } from './late-notes.ts';
import type { Recording, Recordings } from './recordings.ts';

export interface UploaderParts {
  readonly recordings: Pick<Recordings, 'list' | 'read'>;
  readonly notes: LateNotes;
  readonly clock: Pick<Clock, 'after'>;
  readonly ask: (body: AskBody) => Promise<Verdict<Record<string, unknown>>>;
  /** Hands one message over. False: not now. */
  readonly send: (message: Uint8Array) => boolean;
  /** Does any stream run now? Live pictures go first. */
  readonly isLive: () => boolean;
  /** The relay has all of a recording, and so many of its frames came late. Rejects when it was not journaled: it is told again. */
  readonly onLate: (late: {
    readonly stream: string;
    readonly visit?: string;
    readonly frames: number;
  }) => Promise<void>;
  /** A disk that cannot be read, a journal that takes nothing, an answer that is none; tried again after a wait. */
  readonly onTrouble: (error: unknown) => void;
  readonly timing?: Partial<UploadTiming>;
}

export interface UploadTiming {
  /** How long the last frames of an ended stream have to reach the relay's disk before they count as lacking, ms. */
  readonly settleMs: number;
  /** Messages a second while a stream is live; 0 for none. */
  readonly perSecondWhileLive: number;
  /** Wait before a message that was not taken is tried again, ms. */
  readonly drainMs: number;
  /** Silence after which what was sent counts as lost, ms. */
  readonly storedWithinMs: number;
  /** Wait after a round that brought nothing, ms; doubles up to the longest. */
  readonly againMs: number;
  readonly longestWaitMs: number;
}

const defaults: UploadTiming = {
  settleMs: 5_000,
  perSecondWhileLive: 5,
  drainMs: 250,
  storedWithinMs: 10_000,
  againMs: 5_000,
  longestWaitMs: 300_000,
};
/** Frames sent and not yet stored. */
const window = 64;
/** Streams in one question. */
const streamsAtOnce = 32;

export interface Uploader {
  /** Looks what is to be brought: at the start, after a stream, when the connection is back. */
  wake(): void;
  /** Takes an acknowledgement of the relay, `seen` and those of other streams included. */
  onAck(payload: Uint8Array): void;
  close(): void;
}

/** Does nothing before the first `wake`. What it does not know it asks for, so nothing of it has to survive a restart. */
export function makeUploader(parts: UploaderParts): Uploader {
  const { recordings, notes, clock, ask, send, isLive, onLate, onTrouble } = parts;
  const timing = { ...defaults, ...parts.timing };
  /** The relay has all of them, and the journal says what came late. */
  const complete = new Set<string>();
  /** Of the stream that is being sent: what is not stored yet. */
  let underWay: { readonly stream: string; readonly seqs: Set<number> } | undefined;
  let isRunning = false;
  let isAwake = false;
  let isClosed = false;
  /** Rounds in a row that brought nothing. */
  let idle = 0;
  /** The last stream of the round before: one that cannot be completed keeps no other waiting. */
  let lastAsked = '';
  /** Ends a wait before its time: any at the end, `stored` with an acknowledgement, `again` when there is something new. */
  const waiting = new Map<'settle' | 'pace' | 'drain' | 'stored' | 'again', () => void>();

  const wait = (why: Parameters<typeof waiting.get>[0], ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (isClosed) return resolve();
      const end = (): void => {
        cancel();
        waiting.delete(why);
        resolve();
      };
      const cancel = clock.after(ms, end);
      waiting.set(why, end);
    });
  const toBring = (): Recording[] =>
    recordings.list().filter(({ stream, ended }) => ended !== undefined && !complete.has(stream));
  const nextToAsk = (): Recording[] => {
    const all = toBring();
    const from = all.findIndex(({ stream }) => stream === lastAsked) + 1;
    const some = [...all.slice(from), ...all.slice(0, from)].slice(0, streamsAtOnce);
    lastAsked = some.at(-1)?.stream ?? '';
    return some;
  };

  const askFor = async (some: readonly Recording[]): Promise<Lacking[] | undefined> => {
    const answer = await ask({ op: 'media.have', streams: some.map(({ stream }) => stream) });
    if (!answer.ok) return undefined;
    const read = v.safeParse(MediaHaveAnswer, answer.value);
    if (!read.success) throw new Fault('MESSAGE_MALFORMED', { why: 'media.have' });
    return some.map((one) =>
      lackingIn(
        one,
        read.output.streams.find(({ stream }) => stream === one.stream),
      ),
    );
  };
  /** Never before live pictures. @returns false when nobody takes it, or at the end */
  const sendOne = async (message: Uint8Array): Promise<boolean> => {
    const { perSecondWhileLive, drainMs, storedWithinMs } = timing;
    let isPaced = false;
    for (let waitedMs = 0; !isClosed && waitedMs < storedWithinMs; ) {
      if (isLive() && !isPaced) {
        await wait('pace', 1000 / (perSecondWhileLive || 1));
        isPaced = perSecondWhileLive > 0;
      } else if (send(message)) return true;
      else {
        await wait('drain', drainMs);
        waitedMs += drainMs;
      }
    }
    return false;
  };
  /** Waits until at most `most` frames are not stored. @returns false when nothing more is heard */
  const stored = async (most: number): Promise<boolean> => {
    for (;;) {
      const before = underWay?.seqs.size ?? 0;
      if (before <= most || isClosed) return true;
      await wait('stored', timing.storedWithinMs);
      if ((underWay?.seqs.size ?? 0) >= before) return false;
    }
  };
  /** @returns how many messages were sent; undefined when it was broken off */
  const bring = async (lacking: Lacking): Promise<number | undefined> => {
    const { stream } = lacking;
    if (lacking.frames > 0 && (await notes.of(stream)) === undefined) await notes.note(stream, lacking.frames);
    const seqs = new Set<number>();
    underWay = { stream, seqs };
    let sent = 0;
    for await (const { message, bytes } of messagesFor(recordings.read(stream), lacking)) {
      if (!(await stored(window - 1))) return undefined;
      // Before it is sent: its acknowledgement may come at once.
      if (message.type === 'frame') seqs.add(message.seq);
      if (!(await sendOne(bytes))) return undefined;
      sent += 1;
    }
    await stored(0);
    return sent;
  };
  const finish = async ({ stream }: Lacking): Promise<void> => {
    const frames = await notes.of(stream);
    const visit = recordings.list().find((one) => one.stream === stream)?.visit;
    if (frames !== undefined) {
      await onLate({ stream, ...(visit === undefined ? {} : { visit }), frames });
      await notes.told(stream);
    }
    complete.add(stream);
  };
  /** @returns whether the relay has more than before */
  const round = async (): Promise<boolean> => {
    const some = nextToAsk();
    let moved = false;
    for (const lacking of (await askFor(some)) ?? []) {
      if (isClosed) return false;
      const sent = lacking.anything ? await bring(lacking) : 0;
      const [after] =
        sent === 0 ? [lacking] : ((await askFor(some.filter(({ stream }) => stream === lacking.stream))) ?? []);
      if (after === undefined) return moved;
      moved ||= !after.anything || after.frames < lacking.frames;
      if (!after.anything) await finish(after);
      // A damaged file: what the relay lacks is not here either.
      else if (sent === 0) complete.add(after.stream);
    }
    return moved;
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    while (!isClosed) {
      while (isAwake) {
        isAwake = false;
        await wait('settle', timing.settleMs);
      }
      if (toBring().length === 0) break;
      const moved = await round().catch((error: unknown) => {
        onTrouble(error);
        return false;
      });
      underWay = undefined;
      idle = moved ? 0 : idle + 1;
      const waitMs = Math.min(timing.againMs * 2 ** Math.min(idle - 1, 16), timing.longestWaitMs);
      if (!moved && !isAwake) await wait('again', waitMs);
    }
    isRunning = false;
  };

  return {
    wake: () => {
      if (isClosed) return;
      isAwake = true;
      idle = 0;
      if (isRunning) waiting.get('again')?.();
      else void run();
    },
    onAck: (payload) => {
      const ack = readAck(payload);
      if (!ack.ok || ack.value.kind !== 'stored' || ack.value.stream !== underWay?.stream) return;
      const { seqs } = underWay;
      const before = seqs.size;
      for (const [from, to] of ack.value.ranges) for (const seq of seqs) if (seq >= from && seq <= to) seqs.delete(seq);
      if (seqs.size < before) waiting.get('stored')?.();
    },
    close: () => {
      isClosed = true;
      for (const end of [...waiting.values()]) end();
    },
  };
}
