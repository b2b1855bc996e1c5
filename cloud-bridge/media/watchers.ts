/** Who watches now: limits, and an eye on the owner list and the hub for as long as somebody does. */
import { admit } from '../account/admit.ts';
import type { Parts } from '../parts.ts';
import type { Bearer } from './tickets.ts';

/** One open socket of an owner device. */
export interface Watcher extends Bearer {
  /** The hub came or went. */
  online(is: boolean): void;
  /** This device is in the owner list no more, or was logged out. */
  removed(): void;
}

export interface Watchers {
  /** @returns how to leave; undefined when there are too many, or the device is not (or no more) admitted */
  join(watcher: Watcher): Promise<(() => void) | 'RATE_LIMITED' | 'UNAUTHENTICATED'>;
  close(): void;
}

interface HomeWatch {
  readonly watchers: Set<Watcher>;
  online: boolean | undefined;
}

/** Another instance may take a new owner list: the store is looked at this often, ms. */
const lookMs = 1_000;

export function watchersOn(parts: Pick<Parts, 'store' | 'keys' | 'config' | 'log'>): Watchers {
  const homes = new Map<string, HomeWatch>();

  /** @returns the hub's state and the devices that may watch */
  async function stateOf(home: string): Promise<{ online: boolean; kids: ReadonlySet<string> }> {
    const hub = await parts.store.read.hubs.ofHome(home);
    if (hub === undefined) return { online: false, kids: new Set() };
    const { keys } = await parts.keys.owners(hub);
    const admitted = await Promise.all(keys.map(async ({ kid }) => ((await admit(parts, hub, kid)).ok ? [kid] : [])));
    return { online: hub.online === 1, kids: new Set(admitted.flat()) };
  }

  async function look(home: string): Promise<void> {
    const state = await stateOf(home);
    const watch = homes.get(home);
    if (watch === undefined) return;
    for (const watcher of [...watch.watchers]) if (!state.kids.has(watcher.jkt)) watcher.removed();
    if (watch.online === state.online) return;
    watch.online = state.online;
    for (const watcher of watch.watchers) watcher.online(state.online);
  }

  const lookAt = (home: string): void => void look(home).catch(() => parts.log.unexpected({ what: 'viewers' }));
  const timer = setInterval(() => {
    for (const home of homes.keys()) lookAt(home);
  }, lookMs).unref();
  const unlisten = parts.store.onEvents((party) => {
    const home = party.startsWith('home:') ? party.slice(5) : '';
    if (homes.has(home)) lookAt(home);
  });

  return {
    join: async (watcher) => {
      const { home, jkt } = watcher;
      const state = await stateOf(home);
      if (!state.kids.has(jkt)) return 'UNAUTHENTICATED';
      const watch = homes.get(home) ?? { watchers: new Set(), online: undefined };
      const { maxViewersPerHome, maxViewersPerDevice } = parts.config;
      const own = [...watch.watchers].filter((one) => one.jkt === jkt).length;
      if (watch.watchers.size >= maxViewersPerHome || own >= maxViewersPerDevice) return 'RATE_LIMITED';
      homes.set(home, watch);
      watch.watchers.add(watcher);
      watch.online ??= state.online;
      watcher.online(watch.online);
      return () => {
        watch.watchers.delete(watcher);
        if (watch.watchers.size === 0 && homes.get(home) === watch) homes.delete(home);
      };
    },
    close: () => {
      clearInterval(timer);
      unlisten();
      homes.clear();
    },
  };
}
