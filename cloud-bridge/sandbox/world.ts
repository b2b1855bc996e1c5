/**
 * The world of the sandbox: the store as it looks from there. One hub that there is not, its virtual doors, and homes that nobody lives in;
 * no hub, no door and no case of a real home can be found. What is real goes through the same code, over the store itself.
 */
import { newId } from '../../wire/jws.ts';
import { sandboxHub, sandboxOutcomeOf } from '../../wire/sandbox.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { SandboxKey } from './hub-key.ts';

const homePrefix = 'sandbox:';

/** A home for each delivery: what one play does is of no account for the next. */
export const newSandboxHome = (): string => `${homePrefix}${newId()}`;
export const isSandboxHome = (home: string): boolean => home.startsWith(homePrefix);

const hubOf = (home: string, { jwk }: SandboxKey): Row<'hub'> => ({
  ...{ id: sandboxHub, home, sign_jwk: JSON.stringify(jwk), enrolled_at: 0, online: 1, boot: null, seen_at: null },
  ...{ versions: null, software: null, acked_seq: 0, acked_hash: '', owner_list: null, owner_version: -1 },
});

const doorOf = (id: string): Row<'door'> | undefined =>
  sandboxOutcomeOf(id) === undefined ? undefined : { id, hub: sandboxHub, facts: '{}', present: 1 };

/** @param home  of the delivery that it is about; any, where only the hub matters */
export const sandboxTables = (tables: Tables, key: SandboxKey, home = homePrefix): Tables => ({
  ...tables,
  hubs: {
    ...tables.hubs,
    find: async (id) => (id === sandboxHub ? hubOf(home, key) : undefined),
    ofHome: async () => hubOf(home, key),
    all: async () => [],
    doors: { ...tables.hubs.doors, find: async (id) => doorOf(id), ofHub: async () => [] },
  },
  // Nobody of support has anything to do there.
  supportCases: {
    ...tables.supportCases,
    find: async () => undefined,
    ofHome: async () => [],
    add: async () => undefined,
  },
});

/** The store as it looks from where this home is. */
export const tablesFor = (tables: Tables, key: SandboxKey, home: string): Tables =>
  isSandboxHome(home) ? sandboxTables(tables, key, home) : tables;
