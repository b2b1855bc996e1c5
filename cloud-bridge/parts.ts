/** What the parts of the cloud service are handed: made in `main.ts`, nowhere else. */
import type { Bus } from './bus/bus.ts';
import type { Line } from './bus/line.ts';
import type { MediaBus } from './bus/media.ts';
import type { DeviceAuthority } from './ca/authority.ts';
import type { CloudConfig } from './config/schema.ts';
import type { Streams } from './events/streams.ts';
import type { HubKeys } from './home/keys.ts';
import type { Mailbox } from './home/mailbox.ts';
import type { Presence } from './home/presence.ts';
import type { Log } from './log.ts';
import type { Recordings } from './media/recordings.ts';
import type { Relay } from './media/relay.ts';
import type { Tickets } from './media/tickets.ts';
import type { SignedSets } from './roots/sets.ts';
import type { Signer } from './signer/signer.ts';
import type { Store } from './store/store.ts';
import type { VisitIndex } from './visit/index.ts';

export interface Parts {
  readonly config: CloudConfig;
  /** Hash of the operator's token. */
  readonly operatorHash: string;
  readonly store: Store;
  readonly bus: Bus;
  readonly line: Line;
  /** Sealed pictures of the hubs, on a connection of their own. */
  readonly media: MediaBus;
  /** Sealed pictures on disk. */
  readonly recordings: Recordings;
  /** Sealed pictures to those who watch. */
  readonly relay: Relay;
  readonly tickets: Tickets;
  readonly signer: Signer;
  readonly authority: DeviceAuthority;
  readonly sets: SignedSets;
  readonly keys: HubKeys;
  readonly presence: Presence;
  readonly mailbox: Mailbox;
  readonly visits: VisitIndex;
  readonly streams: Streams;
  readonly log: Log;
  /** ms since 1970. */
  readonly now: () => number;
  /** Where callers reach this service, no path. */
  readonly publicUrl: () => string;
}
