/** Which hubs are connected, as they say themselves and as their wills say. */
import { Presence as PresenceMessage, readMessage } from '../../wire/messages.ts';
import type { Line } from '../bus/line.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

export interface Presence {
  /** Takes a presence message or a will. A will of an earlier boot says nothing; one of this boot is asked back first. */
  take(hubId: string, payload: Buffer): Promise<void>;
  /** Something came from this hub, so it is there. */
  saw(hubId: string): Promise<void>;
  /** True only for a hub that this instance knows to be away: it costs no look into the store. */
  isOffline(hubId: string): boolean;
  /** True when this instance knows the hub to be there. */
  isOnline(hubId: string): boolean;
  /** Asks every hub whether it is there: what happened while this instance was away, nobody has kept. */
  askAll(shards: ReadonlySet<number>, shardOf: (hubId: string) => number): Promise<void>;
}

/** How long a hub has to show that its own will is wrong, ms. */
const askBackMs = 2_000;
const askAtOnce = 16;

export function presenceOn(parts: {
  readonly store: Store;
  readonly line: Line;
  readonly now: () => number;
  readonly log: Log;
}): Presence {
  /** What this instance knows; a hub that is not in here may be either. */
  const known = new Map<string, boolean>();

  async function mark(hubId: string, online: boolean, boot?: string): Promise<void> {
    const changed = await parts.store.write(async ({ hubs, events }) => {
      const hub = await hubs.find(hubId);
      if (hub === undefined) return false;
      const at = parts.now();
      await hubs.change(hubId, { online: online ? 1 : 0, seen_at: at, ...(boot === undefined ? {} : { boot }) });
      if ((hub.online === 1) === online) return false;
      await events.add([{ party: `home:${hub.home}`, type: online ? 'hub.online' : 'hub.offline', data: {}, at }]);
      return true;
    });
    known.set(hubId, online);
    if (changed) parts.log[online ? 'hubOnline' : 'hubOffline']({ hub: hubId });
  }

  /** @returns true when the hub answers anything at all */
  const answers = (hubId: string): Promise<boolean> =>
    parts.line.ask(hubId, { op: 'hub.status' }, askBackMs).then(
      () => true,
      () => false,
    );

  /** A hub that said itself that it is there while the question was out is there: it may have come after the question. */
  const check = async (hubId: string): Promise<void> => {
    known.delete(hubId);
    const online = await answers(hubId);
    if (online || known.get(hubId) !== true) await mark(hubId, online);
  };

  return {
    isOffline: (hubId) => known.get(hubId) === false,
    isOnline: (hubId) => known.get(hubId) === true,
    saw: async (hubId) => {
      if (known.get(hubId) !== true) await mark(hubId, true);
    },
    take: async (hubId, payload) => {
      const read = readMessage('presence', PresenceMessage, payload);
      if (!read.ok || read.value.hub !== hubId) {
        parts.log.messageRefused({ hub: hubId, code: read.ok ? 'MESSAGE_MALFORMED' : read.code });
        return;
      }
      const { online, boot } = read.value;
      if (online) return mark(hubId, true, boot);
      const hub = await parts.store.read.hubs.find(hubId);
      // A hub that reconnects within one boot is followed by the will of its old connection: ask before it is believed.
      if (hub?.boot === boot) await check(hubId);
    },
    askAll: async (shards, shardOf) => {
      const mine = (await parts.store.read.hubs.all()).filter((hub) => shards.has(shardOf(hub.id)));
      const rest = mine.map((hub) => hub.id);
      const worker = async (): Promise<void> => {
        for (let hubId = rest.pop(); hubId !== undefined; hubId = rest.pop()) {
          await check(hubId);
        }
      };
      await Promise.all(Array.from({ length: askAtOnce }, worker));
    },
  };
}
