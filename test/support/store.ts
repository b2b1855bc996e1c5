/** The hub's real store in a folder of its own, with a disk that a test can take away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { GrantStore, HubStore, TrustStore } from '../../device/journal/journal.ts';
import { openHubStore } from '../../device/journal/sqlite.ts';
import { Fault } from '../../wire/faults.ts';

/** Opens a fresh store; it goes with the test. */
export function freshStore(t: Test, hubId: string): HubStore {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-store-'));
  const store = openHubStore(join(folder, 'journal.db'), hubId);
  t.teardown(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

export interface Disk {
  /** `full`: nothing can be written. `gone`: nothing can be read either. */
  is: 'good' | 'full' | 'gone';
}

/** The same stores on a disk that fails when it is told to. */
export function onDisk(store: HubStore, disk: Disk): { trust: TrustStore; grants: GrantStore } {
  const failing = <T extends object>(inner: T, writes: readonly (keyof T)[]): T =>
    new Proxy(inner, {
      get: (target, name) => {
        const fails = disk.is === 'gone' || (disk.is === 'full' && writes.includes(name as keyof T));
        if (!fails) return Reflect.get(target, name);
        return () => {
          throw new Fault('JOURNAL_UNAVAILABLE');
        };
      },
    });
  return {
    trust: failing(store.trust, ['keepDocument', 'keepNumber']),
    grants: failing(store.grants, ['end', 'prune']),
  };
}
