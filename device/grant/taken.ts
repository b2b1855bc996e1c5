/** What became of a signed document that was found good. */
import type { OwnerDevice } from '../../wire/owner-device.ts';
import type { Ends } from '../../wire/revocation.ts';
import type { SeenHead } from '../../wire/shapes.ts';
import type { KeptDocument, NumberKept } from '../journal/journal.ts';
import type { InForce } from './in-force.ts';

/**
 * What the caller has to know and to do. `changed` false: the hub had it already.
 * A revocation of a visit: stop that visit now. `durable` false: it counts, but the disk refused it, so it has to be sent again. `ownerList`: the hub's new signed list, for the cloud and the phones.
 * A clock reset: hand `nonce` and `markS` to the clock. A clearance: show it to the door's visit machine.
 */
export type Taken =
  | { readonly took: 'rootSet'; readonly version: number; readonly changed: boolean }
  | { readonly took: 'issuerSet'; readonly version: number; readonly changed: boolean }
  | { readonly took: 'ruleBook'; readonly version: number; readonly changed: boolean }
  | { readonly took: 'approval'; readonly grantHash: string; readonly door: string; readonly changed: boolean }
  | {
      readonly took: 'revocation';
      readonly ends: Ends;
      readonly by: 'owner' | 'issuer';
      readonly changed: boolean;
      readonly durable: boolean;
    }
  | {
      readonly took: 'ownerChange';
      readonly version: number;
      readonly ownerList: string;
      readonly added: OwnerDevice | undefined;
      readonly removed: string | undefined;
      readonly changed: true;
    }
  | { readonly took: 'clearance'; readonly door: string; readonly alarm: number; readonly changed: true }
  | { readonly took: 'clockReset'; readonly nonce: string; readonly markS: number; readonly changed: true }
  | {
      readonly took: 'retention';
      readonly version: number;
      readonly keepHours: number;
      /** How many visits are under dispute. */
      readonly kept: number;
      readonly changed: boolean;
    }
  | { readonly took: 'recoveryCode'; readonly version: number; readonly recoveryPin: string; readonly changed: boolean }
  | {
      readonly took: 'recovery';
      readonly id: string;
      /** Thumbprint of the key that the new device signs with. */
      readonly device: string;
      readonly changed: boolean;
    };

/** What a good document changes, worked out before anything is changed. */
export interface Change {
  readonly taken: Taken;
  readonly next?: Partial<InForce>;
  /** Numbers to keep on disk, before the texts. */
  readonly count?: readonly NumberKept[];
  /** Texts to keep on disk. */
  readonly keep?: Readonly<Partial<Record<KeptDocument, string>>>;
  /** An approval to keep for its grant: the text, and until when, seconds. */
  readonly approval?: { readonly text: string; readonly until: number };
  /** The place in the journal that the signer has seen. */
  readonly seen?: SeenHead;
}
