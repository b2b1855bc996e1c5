/** Public keys of hubs and of owner devices, imported once. A cache only: the store is what counts. */
import * as v from 'valibot';
import { peek, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import { type OwnerListClaims, ownerListForm } from '../../wire/owner.ts';
import { type OwnerKey, toOwnerKeys } from '../../wire/owner-key.ts';
import { OkpJwk } from '../../wire/shapes.ts';
import type { Row } from '../store/schema.ts';

export interface OwnerKeys {
  readonly version: number;
  readonly devices: OwnerListClaims['devices'];
  /** The `sign` keys, imported, with the passkeys beside them. */
  readonly keys: readonly OwnerKey[];
}

export interface HubKeys {
  hub(hub: Row<'hub'>): Promise<VerifyKey>;
  /** Of the stored owner list, which was verified before it was stored; none before the hand-over. */
  owners(hub: Row<'hub'>): Promise<OwnerKeys>;
}

const noOwners: OwnerKeys = { version: -1, devices: [], keys: [] };
const maxCached = 10_000;

/** A map that forgets its oldest entries. */
function remember<T>(cache: Map<string, T>, key: string, value: T): T {
  if (cache.size >= maxCached) cache.delete(cache.keys().next().value!);
  cache.set(key, value);
  return value;
}

export function hubKeys(): HubKeys {
  const hubs = new Map<string, Promise<VerifyKey>>();
  const lists = new Map<string, Promise<OwnerKeys>>();

  const readList = async (text: string): Promise<OwnerKeys> => {
    const read = peek(ownerListForm, text);
    if (!read.ok) return noOwners;
    const { version, devices } = read.value.claims;
    return { version, devices, keys: await toOwnerKeys(devices) };
  };

  return {
    hub: (hub) => hubs.get(hub.id) ?? remember(hubs, hub.id, toVerifyKey(v.parse(OkpJwk, JSON.parse(hub.sign_jwk)))),
    owners: async (hub) => {
      if (hub.owner_list === null) return noOwners;
      return lists.get(hub.owner_list) ?? remember(lists, hub.owner_list, readList(hub.owner_list));
    },
  };
}
