/** What a hub is to those who run one, and what they may put in its parts. */
import type { mqttBus } from './bus/mqtt.ts';
import type { Clock } from './clock/clock.ts';
import type { HubConfig } from './config/schema.ts';
import type { HandingOver } from './desk/handing-over.ts';
import type { InstallerDesk } from './desk/installer.ts';
import type { openHubStore } from './journal/sqlite.ts';
import type { GattAdapter } from './link/gatt.ts';
import type { OpenLink } from './link/link.ts';
import type { HeardNuki } from './lock/nuki/scan.ts';
import type { Log } from './log.ts';
import type { WatchPolicy } from './media/watch.ts';
import type { PagesView } from './pages/watch.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { HubStatus } from './status.ts';

/** What a test may put in place of the real thing. The shipped hub passes nothing. */
export interface HubParts {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly secrets?: Secrets;
  readonly openLink?: (port: string, baudRate: number) => OpenLink;
  readonly openRadio?: (config: HubConfig['bluetooth']) => GattAdapter;
  readonly openStore?: typeof openHubStore;
  readonly openBus?: typeof mqttBus;
  /** How patient the hub is with its picture. */
  readonly watch?: WatchPolicy;
}

type InstallersWork = Pick<
  InstallerDesk,
  'beginTest' | 'test' | 'abortTest' | 'pairLock' | 'pairing' | 'endPairing' | 'unpairLock'
>;

export interface Hub extends InstallersWork, HandingOver {
  /** Asks locks and journal, and connects meanwhile. Resolves when every door has been looked at once. */
  start(): Promise<void>;
  close(): Promise<void>;
  status(): HubStatus;
  /** How the cloud's pages were found, and where the hub shows it; undefined where the settings ask for no check. */
  pages(): (PagesView & { readonly page?: string }) | undefined;
  /** Listens for Nuki locks. @returns nothing where no door of this hub needs the adapter. @throws Fault as `hearNukis` */
  hearNukis(forMs: number): Promise<readonly HeardNuki[] | undefined>;
}
