/** How a course finds the door: asked for on the way to it, confirmed by a press, forgotten when the visit or the stop is over. */
import type { StopView } from '../../../wire/stop.ts';
import type { VisitView } from '../../../wire/visit-view.ts';
import type { Reply, VisitorApi } from './api.ts';
import type { Hint, Known } from './known.ts';
import type { TaskKey } from './sign.ts';

export interface HintWayParts {
  readonly api: VisitorApi;
  readonly key: () => TaskKey;
  readonly known: () => Known;
  readonly tell: (change: Partial<Known>) => void;
  readonly heard: <T>(reply: Reply<T>) => Promise<T | undefined>;
}

export interface HintWay {
  /** What there is to know of the door at this point of the visit. */
  follow(view: VisitView): Promise<void>;
  /** The same of a stop, which may have no visit. */
  atStop(view: Pick<StopView, 'state'>): Promise<void>;
  /** The visitor stands before it. */
  found(): Promise<void>;
}

export function hintWay({ api, key, known, tell, heard }: HintWayParts): HintWay {
  function put(hint: Hint | null | undefined): void {
    const photo = known().hint?.photo;
    if (photo !== undefined && photo !== hint?.photo) URL.revokeObjectURL(photo);
    tell({ hint });
  }

  /** Beside everything else: text comes before pictures. */
  async function loadPhoto(): Promise<void> {
    const blob = await api.photo(key());
    const { hint } = known();
    if (blob !== undefined && hint) put({ ...hint, photo: URL.createObjectURL(blob) });
  }

  let isAsking = false;
  async function load(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    const reply = await api.hint(key());
    isAsking = false;
    if (known().view?.at === 'ended') return;
    if (reply.ok) {
      put(reply.value);
      if (reply.value.hasPhoto && !reply.value.isFound) void loadPhoto();
    } else if (reply.code !== 'CLOUD_SILENT') put(null);
  }

  return {
    follow: async ({ at }) => {
      if (at === 'ended') return put(undefined);
      if (known().hint !== undefined) return;
      const loading = load();
      // Only before the arrival is it waited for: later on it is no more than a reminder.
      if (at === 'idle') await loading;
    },
    atStop: async ({ state }) => {
      if (state === 'closed') return put(undefined);
      if (state === 'expected' && known().hint === undefined) await load();
    },
    found: async () => {
      const reply = await api.found(key());
      // Taken back meanwhile: then there is nothing to find.
      if (!reply.ok && reply.code === 'NOT_FOUND') return put(null);
      const { hint } = known();
      if ((await heard(reply)) !== undefined && hint) put({ ...hint, isFound: true });
    },
  };
}
