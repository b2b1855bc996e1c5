/** The Bluetooth adapter of the hub: kept open, and opened again whenever it comes back. */
import { Fault, type FaultDetail } from '../../../wire/faults.ts';
import type { Advert, GattAdapter } from '../gatt.ts';
import type { OpenLink } from '../link.ts';
import type { Reach } from './connection.ts';
import { ending, endsWithin, inTurn } from './deadline.ts';
import { BleLink } from './link.ts';
import { type Radio, startRadio } from './noble.ts';
import { advertOf, type Scan, scanOf } from './scan.ts';

export interface AdapterOptions {
  /** Rest before an adapter that could not be opened, or went, is tried again. */
  readonly retryMs?: number;
  /** How long a controller may take to start. */
  readonly startWithinMs?: number;
  /** How long a controller may take to confirm that a connection, or a connect, has ended, before it is started afresh. */
  readonly dropWithinMs?: number;
  /** A stack that heard this many devices starts afresh when no link is open: it forgets none, and phones change their address. */
  readonly forgetAfter?: number;
}

type State = GattAdapter['state'];

const gone = { reason: 'gone', do: 'Plug the adapter in again.' } as const;

/** What runs while the adapter is there. */
interface Session {
  readonly radio: Radio;
  readonly scan: Scan;
}

/**
 * @param openLink  brings H4 of a controller: `hciController`, `unixController`
 * @returns at once, `BLE_UNAVAILABLE` until the controller has started
 */
export function bleAdapter(openLink: OpenLink, options: AdapterOptions = {}): GattAdapter {
  const { retryMs = 2000, startWithinMs = 5000, dropWithinMs = 2000, forgetAfter = 2000 } = options;
  let state: State = 'BLE_UNAVAILABLE';
  let why: FaultDetail = {};
  let session: Session | undefined;
  let closed = false;
  let wake = (): void => undefined;
  let tried = ending();
  const stateListeners = new Set<(state: State) => void>();
  const advertListeners = new Map<(advert: Advert) => void, () => void>();
  const links = new Map<string, BleLink>();
  const oneConnects = inTurn();

  const turn = (next: State, nextWhy: FaultDetail = {}): void => {
    const isSame = next === state && nextWhy.reason === why.reason;
    why = nextWhy;
    if (isSame) return;
    state = next;
    for (const listener of [...stateListeners]) listener(next);
  };
  const hear = (listener: (advert: Advert) => void): void => {
    const stop = session?.scan.listen((peripheral) => listener(advertOf(peripheral)));
    advertListeners.set(listener, stop ?? (() => undefined));
  };
  const inUse = (): boolean => [...links.values()].some((link) => link.busy);
  const forget = ({ radio, scan }: Session): void => {
    radio.noble.on('discover', () => {
      if (scan.count >= forgetAfter && !inUse()) void radio.stop();
    });
  };

  /** One life of the adapter, from its opening to its end. @returns true when it may be opened again at once */
  const live = async (): Promise<boolean> => {
    try {
      const link = await openLink();
      const radio = await startRadio(link, startWithinMs);
      session = { radio, scan: scanOf(radio.noble) };
    } catch (cause) {
      const fault = cause instanceof Fault ? cause : new Fault('INTERNAL', {}, { cause });
      turn(fault.detail.reason === 'permission' ? 'BLE_PERMISSION_MISSING' : 'BLE_UNAVAILABLE', fault.detail);
      tried.end();
      return false;
    }
    const { radio, scan } = session;
    if (closed) await radio.stop();
    forget(session);
    for (const listener of [...advertListeners.keys()]) hear(listener);
    turn('ready');
    tried.end();
    await new Promise<void>((resolve) => radio.ended.on(resolve));
    session = undefined;
    const afresh = scan.count >= forgetAfter;
    if (afresh) tried = ending();
    else turn('BLE_UNAVAILABLE', gone);
    return afresh;
  };
  const run = async (): Promise<void> => {
    while (!closed) {
      const atOnce = await live();
      if (closed || atOnce) continue;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, retryMs);
      });
      clearTimeout(timer);
    }
    turn('BLE_UNAVAILABLE');
  };
  const running = run();

  const reach: Reach = {
    session: async (withinMs) => {
      // Just started, or started afresh: it is there in a moment.
      if (session === undefined) await endsWithin(withinMs, tried);
      if (session === undefined) throw state === 'ready' ? new Fault('BLE_UNAVAILABLE', gone) : new Fault(state, why);
      return session;
    },
    oneConnects,
    dropWithinMs,
  };

  return {
    get state() {
      return state;
    },
    get why() {
      return why;
    },
    onState: (listener) => {
      stateListeners.add(listener);
      return () => void stateListeners.delete(listener);
    },
    listen: (listener) => {
      // A function of its own for each call: the same listener may be given twice.
      const mine = (advert: Advert): void => listener(advert);
      hear(mine);
      return () => {
        advertListeners.get(mine)?.();
        advertListeners.delete(mine);
      };
    },
    link: (address) => {
      const known = links.get(address.toLowerCase());
      const link = known ?? new BleLink(address.toLowerCase(), reach);
      links.set(address.toLowerCase(), link);
      return link;
    },
    close: async () => {
      closed = true;
      wake();
      await Promise.all([...links.values()].map((link) => link.disconnect()));
      await session?.radio.stop();
      await running;
    },
  };
}
