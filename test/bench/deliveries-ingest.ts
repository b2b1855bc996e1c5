/**
 * `deliveries.ingest`: journal entries of deliveries that one cloud process takes in, stores and passes on - followed along the hub's chain,
 * told to owner and carrier, a webhook message queued for each change -, against bare inserts of as many rows into the same kind of
 * database. Both commit as many entries at a time.
 */
import { randomBytes } from 'node:crypto';
import { checkConfig } from '../../cloud-bridge/config/load.ts';
import { applyBatch } from '../../cloud-bridge/journal/apply.ts';
import type { DeriveParts } from '../../cloud-bridge/journal/derive.ts';
import type { Tables } from '../../cloud-bridge/store/store.ts';
import { newId } from '../../wire/jws.ts';
import { makeCarrier, makeOwner } from '../cloud-bridge/support/people.ts';
import { bareInserts, type CloudStage, onStage, openCloud } from './cloud-stage.ts';
import { type BenchResult, median } from './result.ts';

const rounds = 5;
const deliveriesARound = 64;
/** Entries of one batch: as many as a hub sends at once. */
const batchEntries = 64;

/** Announced, with a webhook that wants to know everything. */
async function announce({ world, store, hub }: CloudStage, count: number): Promise<string[]> {
  const owner = await makeOwner(world, hub);
  const carrier = await makeCarrier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub, { visits: 1000 })]));
  await store.write(async ({ webhooks }) => {
    const empty = { types: '[]', description: '', old_secret: null, old_until: null, created_at: 0 };
    await webhooks.add({
      ...{ id: newId(), carrier: carrier.id, url: 'https://127.0.0.1:9/', secret: '', disabled: null },
      ...{ ...empty, disabled_at: null, failing_since: null },
    });
  });
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await carrier.announce(hub)).body.delivery);
  return ids;
}

/** One visit of each delivery, in the hub's own journal. */
function writeVisits({ hub }: CloudStage, deliveries: readonly string[]): void {
  for (const delivery of deliveries) {
    const visit = newId();
    const jkt = randomBytes(32).toString('base64url');
    hub.append('visit.prepared', { jkt, delivery }, visit, hub.door);
    hub.append('visit.arrived', {}, visit, hub.door);
    hub.append('visit.unlock', {}, visit, hub.door);
    hub.append('visit.ended', { outcome: 'completed', proof: 'secured' }, visit, hub.door);
  }
}

async function takeIn(parts: DeriveParts, { store, hub }: CloudStage, from: number): Promise<void> {
  for (let seq = from; seq <= hub.texts.length; seq += batchEntries) {
    const last = Math.min(hub.texts.length, seq + batchEntries - 1);
    const claims = { iss: hub.id, seq: last, hash: hub.headHash(last), at: Date.now() };
    const batch = { v: 1 as const, from: seq, entries: hub.texts.slice(seq - 1, last), head: 'a.b.c' };
    await store.write(async (tables) => {
      const row = await tables.hubs.find(hub.id);
      const applied = await applyBatch(parts, tables, row!, batch, claims, Date.now());
      if (applied.is !== 'taken') throw new RangeError(applied.is);
    });
  }
}

/** Rows that the entries of one round became, and their bytes. */
async function grown({ store, hub }: CloudStage, carrier: string, before: number): Promise<number> {
  const count = async (tables: Tables, party: string) => tables.events.last(party);
  return (
    hub.texts.length + (await count(store.read, `home:${hub.home}`)) + 2 * (await count(store.read, carrier)) - before
  );
}

export const run = (): Promise<BenchResult[]> =>
  onStage('ingest', async (folder, ends) => {
    const stage = await openCloud(ends);
    const config = checkConfig({ dataDir: folder });
    const parts: DeriveParts = { config, signer: undefined as never, keys: undefined as never };
    const deliveries = await announce(stage, (rounds + 1) * deliveriesARound);
    const party = `carrier:${(await stage.store.read.deliveries.find(deliveries[0]!))!.carrier}`;
    const rates = { ours: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= rounds; round += 1) {
      const from = stage.hub.texts.length + 1;
      writeVisits(stage, deliveries.slice(round * deliveriesARound, (round + 1) * deliveriesARound));
      const rowsBefore = (await grown(stage, party, 0)) - (stage.hub.texts.length - from + 1);
      const start = performance.now();
      await takeIn(parts, stage, from);
      const seconds = (performance.now() - start) / 1000;
      const entries = stage.hub.texts.length - from + 1;
      const rows = await grown(stage, party, rowsBefore);
      const bytes = Math.round(stage.hub.texts.slice(from - 1).join('').length / entries);
      const group = Math.round((batchEntries * rows) / entries);
      const bare = (bareInserts(folder, { rows, group, bytes }) * entries) / rows;
      if (round === 0) continue;
      rates.ours.push(entries / seconds);
      rates.bare.push(bare);
    }
    const [value, baseline] = [median(rates.ours), median(rates.bare)];
    const ratio = value / baseline;
    return [{ name: 'deliveries.ingest', value, unit: 'entries/s', baseline, ratio, bar: null, holds: null }];
  });
