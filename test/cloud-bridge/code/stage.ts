/** Stops with codes, on the real store and with a clock of its own: what the check of a code is shown with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCode, type Typed } from '../../../cloud-bridge/code/check.ts';
import { codesOf, readCodeStop } from '../../../cloud-bridge/code/of-stop.ts';
import { accountHolderId } from '../../../cloud-bridge/code/receivers.ts';
import { checkConfig } from '../../../cloud-bridge/config/load.ts';
import { beginAttempt } from '../../../cloud-bridge/stop/begin-attempt.ts';
import type { NewRow, Row } from '../../../cloud-bridge/store/schema.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import type { Store } from '../../../cloud-bridge/store/store.ts';
import { dayOf } from '../../../wire/local-day.ts';
import type { Plan } from '../../../wire/plan.ts';

export const inPerson: Plan = [{ place: 'in-person', code: true }];
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * hours(24);

export interface CodeStage {
  readonly store: Store;
  readonly dataDir: string;
  readonly key: Uint8Array;
  at: number;
  /** A delivery that was not stored yet. */
  row(id: string, more?: Partial<NewRow<'delivery'>>): NewRow<'delivery'>;
  /** Announces a delivery and makes its first attempt. */
  delivery(id: string, more?: Partial<NewRow<'delivery'>> & { readonly zone?: string }): Promise<void>;
  /** The next attempt of a delivery, for the day of now. */
  next(id: string, zone?: string): Promise<void>;
  holderRow(id: string, more?: Partial<NewRow<'holder'>>): NewRow<'holder'>;
  holder(id: string, more?: Partial<NewRow<'holder'>>): Promise<string>;
  /** The courier's device is at the door and has named a holder. */
  here(id: string, more?: Partial<Row<'attempt'>>): Promise<void>;
  close(id: string, how: string): Promise<void>;
  codeOf(id: string, holder?: string): Promise<string>;
  /** @returns `right`, or the code of the refusal */
  type(id: string, digits: string, more?: Partial<Typed>): Promise<string>;
  attempt(id: string): Promise<Row<'attempt'>>;
}

export const account = accountHolderId('home-1');
export const wrongOf = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');

/** What outlives the stage is taken down with it: a test of tap, or whoever runs one without. */
export interface TakenDown {
  teardown(work: () => Promise<void>): void;
}

export async function openCodeStage(t: TakenDown): Promise<CodeStage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'doorward-code-'));
  const store = await openSqliteStore(join(dataDir, 'cloud.sqlite'));
  t.teardown(async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const key = Uint8Array.from({ length: 32 }, (_, at) => at);
  const config = checkConfig({ dataDir });
  const rowOf = async (id: string) => {
    const delivery = (await store.read.deliveries.find(id))!;
    return { delivery, attempt: (await store.read.attempts.ofDelivery(id)).at(-1)! };
  };
  const begin = async (id: string, zone: string): Promise<void> => {
    const { delivery, attempt: last } = await rowOf(id);
    const number = (last?.number ?? 0) + 1;
    await store.write((tables) =>
      beginAttempt(tables, delivery, { number, day: dayOf(zone, stage.at), zone }, stage.at),
    );
  };

  const stage: CodeStage = {
    store,
    dataDir,
    key,
    at: Date.parse('2026-11-21T09:00:00Z'),
    row: (id, more = {}) => ({
      ...{ id, carrier: 'hermes', home: 'home-1', hub: 'hub-1', door: 'door-1', from_s: 0, until_s: 1, parcels: 1 },
      ...{ reference: 'r', rule: 'rule', consent: 'ask', state: 'announced', outcome: null, proof: null },
      ...{ receipt: null, created_at: stage.at, on_the_way_at: null, parcel: null, plan: JSON.stringify(inPerson) },
      ...{ wishes: null, can: null, order_ref: null, attempt: 1 },
      ...more,
    }),
    delivery: async (id, { zone = 'Europe/Berlin', ...more } = {}) => {
      await store.write(({ deliveries }) => deliveries.add(stage.row(id, more)));
      await begin(id, zone);
    },
    next: (id, zone = 'Europe/Berlin') => begin(id, zone),
    holderRow: (id, more = {}) => ({
      ...{ id, home: 'home-1', kind: 'household', name: 'Mara', delivery: null, holder_group: null, flat: null },
      ...{ note: null, contact: null, sender: null, language: null, jkt: null, created_at: 1, until_at: null },
      revoked_at: null,
      ...more,
    }),
    holder: async (id, more = {}) => {
      await store.write(({ holders }) => holders.add(stage.holderRow(id, more)));
      return id;
    },
    here: async (id, more = {}) => {
      const { number } = (await rowOf(id)).attempt;
      const here = { state: 'here', presence: 'near', jkt: 'phone-1', named: account, arrived_at: stage.at, ...more };
      await store.write(({ attempts }) => attempts.change(id, number, here));
    },
    close: async (id, how) => {
      const { number } = (await rowOf(id)).attempt;
      await store.write(({ attempts }) => attempts.change(id, number, { state: 'closed', how, closed_at: stage.at }));
    },
    codeOf: async (id, holder = account) => {
      const { delivery, attempt } = await rowOf(id);
      return codesOf(key, 6, await readCodeStop(store.read, delivery, attempt, stage.at), holder).now;
    },
    type: async (id, digits, more = {}) => {
      const parts = { codeKey: key, config, now: () => stage.at };
      const verdict = await store.write(async (tables) => {
        const delivery = (await tables.deliveries.find(id))!;
        const attempt = (await tables.attempts.ofDelivery(id)).at(-1)!;
        const typed = { delivery, attempt, holder: attempt.named ?? account, jkt: 'phone-1', courier: null, digits };
        return checkCode(parts, tables, { ...typed, needs: 'near', ...more });
      });
      return verdict.ok ? 'right' : verdict.code;
    },
    attempt: async (id) => (await rowOf(id)).attempt,
  };
  return stage;
}
