/** What the relay and the mailbox are built on, which are parts themselves. Made in `main.ts`, nowhere else. */
import type { Line } from './bus/line.ts';
import type { MediaBus } from './bus/media.ts';
import type { CodeKey } from './code/key.ts';
import type { CloudConfig } from './config/schema.ts';
import type { HubKeys } from './home/keys.ts';
import type { Log } from './log.ts';
import type { Recordings } from './media/recordings.ts';
import type { PhotoFiles } from './photo/files.ts';
import type { Store } from './store/store.ts';
import type { Vault } from './vault/vault.ts';

export interface BaseParts {
  readonly config: CloudConfig;
  readonly store: Store;
  /** What is sealed in the store opens with it alone. */
  readonly vault: Vault;
  readonly line: Line;
  /** Sealed pictures of the hubs, on a connection of their own. */
  readonly media: MediaBus;
  /** Sealed pictures on disk. */
  readonly recordings: Recordings;
  /** Sealed photos of deliveries on disk. */
  readonly photos: PhotoFiles;
  readonly keys: HubKeys;
  /** What hand-over codes are derived with. */
  readonly codeKey: CodeKey;
  readonly log: Log;
  /** ms since 1970. */
  readonly now: () => number;
}
