/** The home's recordings as the relay keeps them: its list, the sealed files, and keys that were shared. */
import * as v from 'valibot';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { Count, DoorId, Id, Jws, Millis } from '../../../../wire/shapes.ts';
import { StreamId } from '../../../../wire/video.ts';
import type { Api } from '../device/api.ts';

/** The relay's word: what counts is what this device finds when it opens the recording. */
export const RecordingRow = v.object({
  stream: StreamId,
  door: DoorId,
  visit: v.nullish(Id),
  startedAt: Millis,
  endedAt: v.nullish(Millis),
  bytes: v.optional(Count, 0),
  frames: v.optional(Count, 0),
  /** Pictures that came after they were due. */
  late: v.optional(Count, 0),
  complete: v.optional(v.boolean(), false),
});
export type RecordingRow = v.InferOutput<typeof RecordingRow>;

const List = v.object({ recordings: v.array(RecordingRow), next: v.nullish(v.string()) });
const Shares = v.object({ shares: v.array(Jws) });
/** An hour at 800 kbit/s. */
const maxRecordingBytes = 400e6;

/** A part of the list, newest first. */
export interface RecordingsPage {
  readonly rows: readonly RecordingRow[];
  /** What the page behind it is asked for with; absent at the end. */
  readonly next: string | undefined;
}

export interface RecordingsApi {
  /** @param after  `next` of the page before; the first page without it */
  page(after?: string): Promise<Verdict<RecordingsPage>>;
  /** Page after page, to the end. */
  all(): Promise<Verdict<readonly RecordingRow[]>>;
  /** Oldest first: a camera that was started again made another one. */
  ofVisit(visit: string): Promise<Verdict<readonly RecordingRow[]>>;
  file(stream: string): Promise<Verdict<Uint8Array>>;
  /** Keys of this stream that were shared with this device. */
  shares(stream: string): Promise<Verdict<readonly string[]>>;
  share(stream: string, document: string): Promise<Verdict<unknown>>;
}

/** @param seal  thumbprint of this device's `seal` key */
export function recordingsOf(api: Api, home: string, seal: string): RecordingsApi {
  const base = `/v1/homes/${home}/recordings`;
  const read = async (query: string): Promise<Verdict<RecordingsPage>> => {
    const reply = await api.call({ method: 'GET', path: `${base}${query}` }, List);
    if (!reply.ok) return reply;
    const { recordings, next } = reply.value;
    return accept({ rows: recordings, next: next ?? undefined });
  };
  const page = (after?: string) => read(after === undefined ? '' : `?after=${encodeURIComponent(after)}`);
  return {
    page,
    all: async () => {
      const rows: RecordingRow[] = [];
      for (let after: string | undefined; ; ) {
        const one = await page(after);
        if (!one.ok) return one;
        rows.push(...one.value.rows);
        after = one.value.next;
        if (after === undefined) return accept(rows);
      }
    },
    ofVisit: async (visit) => {
      const found = await read(`?visit=${visit}`);
      // Whatever the service filters, only what it says to be of this visit is shown with it.
      return found.ok ? accept(found.value.rows.filter((row) => row.visit === visit).reverse()) : found;
    },
    file: (stream) => api.bytes({ method: 'GET', path: `${base}/${stream}` }, maxRecordingBytes),
    shares: async (stream) => {
      const reply = await api.call({ method: 'GET', path: `${base}/${stream}/shares?to=${seal}` }, Shares);
      return reply.ok ? { ok: true, value: reply.value.shares } : reply;
    },
    share: (stream, share) =>
      api.call({ method: 'PUT', path: `${base}/${stream}/shares`, body: { share } }, v.unknown()),
  };
}
