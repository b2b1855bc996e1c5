/** The home's recordings as the relay keeps them: its list, the sealed files, and keys that were shared. */
import * as v from 'valibot';
import type { Verdict } from '../../../../wire/faults.ts';
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
/** Pages of the list that are read. */
const maxPages = 10;
const Shares = v.object({ shares: v.array(Jws) });
/** An hour at 800 kbit/s. */
const maxRecordingBytes = 400e6;

export interface RecordingsApi {
  /** Newest first. */
  list(): Promise<Verdict<readonly RecordingRow[]>>;
  file(stream: string): Promise<Verdict<Uint8Array>>;
  /** Keys of this stream that were shared with this device. */
  shares(stream: string): Promise<Verdict<readonly string[]>>;
  share(stream: string, document: string): Promise<Verdict<unknown>>;
}

/** @param seal  thumbprint of this device's `seal` key */
export function recordingsOf(api: Api, home: string, seal: string): RecordingsApi {
  const base = `/v1/homes/${home}/recordings`;
  return {
    list: async () => {
      const rows: RecordingRow[] = [];
      let after: string | null | undefined;
      for (let page = 0; page < maxPages && after !== null; page += 1) {
        const path = after === undefined ? base : `${base}?after=${after}`;
        const reply = await api.call({ method: 'GET', path }, List);
        if (!reply.ok) return reply;
        rows.push(...reply.value.recordings);
        after = reply.value.next ?? null;
      }
      return { ok: true, value: rows.sort((a, b) => b.startedAt - a.startedAt) };
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
