/** The hand-over at this hub: whoever proves the secret is pinned, and the keys that the installer could have read are renewed. */
import type { Clock } from '../clock/clock.ts';
import type { HubConfig } from '../config/schema.ts';
import { type HandoverDesk, type HandoverView, handoverDesk, type OpenedHandover } from '../enrol/handover.ts';
import type { Trust } from '../grant/trust.ts';
import type { Notes } from '../notes.ts';
import { type KeyRenewal, renewKeys } from './fresh-keys.ts';
import type { InstallerDesk } from './installer.ts';

export interface HandingOverParts {
  readonly hubId: string;
  /** Thumbprint of the hub's Ed25519 key. */
  readonly hubKey: string;
  readonly config: Pick<HubConfig, 'doors' | 'pages'>;
  /** Base URL of the cloud, as the enrolment kept it. */
  readonly cloud: string | undefined;
  readonly clock: Clock;
  /** The time for documents, ms. */
  readonly now: () => number;
  readonly trust: Pick<Trust, 'pinOwner' | 'inForce'>;
  /** Ends what no owner of now allows. */
  readonly review: () => Promise<unknown>;
  readonly write: Notes['write'];
  readonly pairLock: InstallerDesk['pairLock'];
}

/** What the installer has done and sees of it. */
export interface HandingOver {
  /**
   * Opens a hand-over at this hub.
   * @param options.renewKeys  when it is claimed, every peripheral gets a fresh key
   */
  openHandover(options?: { readonly renewKeys: boolean }): OpenedHandover;
  /** How the hand-over stands that was opened last, and the keys that are renewed after it. */
  handover(): HandoverView & { readonly keys?: readonly KeyRenewal[] };
  /** Ends a hand-over that is open. */
  endHandover(): void;
}

/** Where the owner's app is; undefined where the settings name no pages. */
function findApp({ config, cloud }: Pick<HandingOverParts, 'config' | 'cloud'>) {
  const api = config.pages?.api ?? cloud;
  if (config.pages === undefined || api === undefined || !URL.canParse(api)) return undefined;
  return { pages: config.pages.url, api: new URL(api).origin };
}

export function handingOver(parts: HandingOverParts): HandingOver & Pick<HandoverDesk, 'claim'> {
  const { hubId, hubKey, clock, now, trust } = parts;
  let renewals: readonly KeyRenewal[] | undefined;
  let mayRenew = false;
  const desk = handoverDesk({
    ...{ hubId, hubKey, clock, app: findApp(parts) },
    pin: async (device, recovery) => {
      const pinned = await trust.pinOwner(device, Math.floor(now() / 1000), recovery);
      await parts.review();
      await parts.write({ at: clock.now(), kind: 'hub.handed-over', body: { epoch: trust.inForce().epoch } });
      return pinned;
    },
    claimed: () => {
      if (mayRenew) renewals = renewKeys(parts.config.doors, parts.pairLock);
    },
  });
  return {
    claim: (claim) => desk.claim(claim),
    openHandover: (options) => {
      mayRenew = options?.renewKeys ?? false;
      renewals = undefined;
      return desk.open();
    },
    handover: () => ({ ...desk.view(), ...(renewals === undefined ? {} : { keys: renewals }) }),
    endHandover: () => desk.end(),
  };
}
