/** Webhooks: where carriers want events posted, what is still to be posted, and a log of each try. */
import type { Kysely, Updateable } from 'kysely';
import { hashOf } from '../../wire/jws.ts';
import type { Row, Schema } from './schema.ts';

/** What an attempt became. */
export type Tried = Pick<Row<'webhook_attempt'>, 'ms' | 'status' | 'error' | 'body'>;

/** A message that is taken to be sent, with the number of its attempt. */
export interface Claimed {
  readonly message: Row<'webhook_message'>;
  readonly attempt: Row<'webhook_attempt'>;
}

type Change = Partial<Pick<Updateable<Schema['webhook']>, keyof Schema['webhook']>>;

export interface Webhooks {
  add(webhook: Row<'webhook'>): Promise<void>;
  find(id: string): Promise<Row<'webhook'> | undefined>;
  ofCarrier(carrier: string): Promise<Row<'webhook'>[]>;
  change(id: string, fields: Change): Promise<void>;
  /** With all that waits for it and its log. */
  remove(id: string): Promise<void>;
  /** Puts up those of these events that it wants, sent or not. @returns how many */
  ask(webhook: Row<'webhook'>, events: readonly Row<'event'>[], at: number): Promise<number>;
  message(id: string): Promise<Row<'webhook_message'> | undefined>;
  /** Events of a carrier since then, oldest first. */
  eventsSince(carrier: string, at: number, limit: number): Promise<Row<'event'>[]>;
  event(message: Pick<Row<'webhook_message'>, 'party' | 'seq'>): Promise<Row<'event'> | undefined>;
  /** For which something is due, in no order. @param without  those that are busy enough */
  withDue(now: number, limit: number, without: readonly string[]): Promise<string[]>;
  due(webhook: string, now: number, limit: number): Promise<Row<'webhook_message'>[]>;
  /** Takes one to send, unless somebody else has; the attempt stands in the log from now on. */
  claim(message: Row<'webhook_message'>, type: string, now: number, until: number): Promise<Claimed | undefined>;
  /** Notes how it ended. @returns false when somebody else has taken it over meanwhile: then only the log is written */
  settle(claimed: Claimed, tried: Tried, to: Pick<Row<'webhook_message'>, 'state' | 'due_at'>): Promise<boolean>;
  /** What waits is not sent any more. */
  dropWaiting(webhook: string): Promise<void>;
  /** Newest first. @param before  number of the attempt that the page before ended with */
  attempts(
    webhook: string,
    wish: { readonly before?: number | undefined; readonly message?: string | undefined; readonly limit: number },
  ): Promise<Row<'webhook_attempt'>[]>;
  dropLogBefore(at: number): Promise<void>;
}

const prefix = 'carrier:';
/** Rows of one statement: databases take only so many values. */
const rowsAtOnce = 500;

/** The same event has the same id at the same webhook, however often it is told. */
const messageId = (webhook: string, seq: number): string => `msg_${hashOf(`${webhook}:${seq}`).slice(0, 27)}`;

/** @param types  as stored. Nothing named: all */
function wants(types: string, type: string): boolean {
  const wanted = JSON.parse(types) as string[];
  return wanted.length === 0 || wanted.includes(type);
}

const toMessage = (webhook: string, { party, seq, at }: Row<'event'>, dueAt: number): Row<'webhook_message'> => ({
  id: messageId(webhook, seq),
  ...{ webhook, party, seq, at },
  ...{ state: 'waiting', tries: 0, round: 0, due_at: dueAt },
});

/** Writes down, with the events themselves, what is to be posted where. */
export async function queueWebhooks(db: Kysely<Schema>, events: readonly Row<'event'>[]): Promise<void> {
  const parties = new Set(events.map(({ party }) => party).filter((party) => party.startsWith(prefix)));
  for (const party of parties) {
    const webhooks = await db
      .selectFrom('webhook')
      .select(['id', 'types'])
      .where('carrier', '=', party.slice(prefix.length))
      .where('disabled', 'is', null)
      .execute();
    const ofParty = events.filter((event) => event.party === party);
    const rows = webhooks.flatMap(({ id, types }) =>
      ofParty.filter(({ type }) => wants(types, type)).map((event) => toMessage(id, event, event.at)),
    );
    if (rows.length > 0) await db.insertInto('webhook_message').values(rows).execute();
  }
}

export const webhooksOn = (db: Kysely<Schema>): Webhooks => ({
  add: async (webhook) => void (await db.insertInto('webhook').values(webhook).execute()),
  find: (id) => db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst(),
  ofCarrier: (carrier) =>
    db.selectFrom('webhook').selectAll().where('carrier', '=', carrier).orderBy('created_at').orderBy('id').execute(),
  change: async (id, fields) => void (await db.updateTable('webhook').set(fields).where('id', '=', id).execute()),
  remove: async (id) => {
    await db.deleteFrom('webhook_message').where('webhook', '=', id).execute();
    await db.deleteFrom('webhook_attempt').where('webhook', '=', id).execute();
    await db.deleteFrom('webhook').where('id', '=', id).execute();
  },
  ask: async (webhook, events, at) => {
    const rows = events.filter(({ type }) => wants(webhook.types, type)).map((one) => toMessage(webhook.id, one, at));
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      await db
        .insertInto('webhook_message')
        .values(rows.slice(from, from + rowsAtOnce))
        .onConflict((clash) => clash.column('id').doUpdateSet({ state: 'waiting', round: 0, due_at: at }))
        .execute();
    }
    return rows.length;
  },
  message: (id) => db.selectFrom('webhook_message').selectAll().where('id', '=', id).executeTakeFirst(),
  eventsSince: (carrier, at, limit) =>
    db
      .selectFrom('event')
      .selectAll()
      .where('party', '=', `${prefix}${carrier}`)
      .where('at', '>=', at)
      .orderBy('seq')
      .limit(limit)
      .execute(),
  event: ({ party, seq }) =>
    db.selectFrom('event').selectAll().where('party', '=', party).where('seq', '=', seq).executeTakeFirst(),
  withDue: async (now, limit, without) => {
    let query = db
      .selectFrom('webhook_message')
      .select('webhook')
      .distinct()
      .where('state', 'in', ['waiting', 'sending'])
      .where('due_at', '<=', now);
    if (without.length > 0) query = query.where('webhook', 'not in', [...without]);
    const rows = await query.limit(limit).execute();
    return rows.map(({ webhook }) => webhook);
  },
  due: (webhook, now, limit) =>
    db
      .selectFrom('webhook_message')
      .selectAll()
      .where('webhook', '=', webhook)
      .where('state', 'in', ['waiting', 'sending'])
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .orderBy('seq')
      .limit(limit)
      .execute(),
  claim: async (message, type, now, until) => {
    const { id, webhook, state, tries, round, due_at } = message;
    const taken = { ...message, state: 'sending', tries: tries + 1, round: round + 1, due_at: until };
    const { numUpdatedRows } = await db
      .updateTable('webhook_message')
      .set(taken)
      .where('id', '=', id)
      .where('state', '=', state)
      .where('tries', '=', tries)
      .where('due_at', '=', due_at)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return undefined;
    const newest = await db
      .selectFrom('webhook_attempt')
      .select((eb) => eb.fn.max('n').as('n'))
      .where('webhook', '=', webhook)
      .executeTakeFirst();
    const attempt = {
      ...{ webhook, n: Number(newest?.n ?? 0) + 1, message: id, attempt: taken.tries, type, at: now },
      ...{ ms: null, status: null, error: null, body: null },
    };
    await db.insertInto('webhook_attempt').values(attempt).execute();
    return { message: taken, attempt };
  },
  settle: async ({ message, attempt }, tried, to) => {
    await db
      .updateTable('webhook_attempt')
      .set(tried)
      .where('webhook', '=', attempt.webhook)
      .where('n', '=', attempt.n)
      .execute();
    const { numUpdatedRows } = await db
      .updateTable('webhook_message')
      .set(to)
      .where('id', '=', message.id)
      .where('state', '=', 'sending')
      .where('tries', '=', message.tries)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  },
  dropWaiting: async (webhook) =>
    void (await db
      .updateTable('webhook_message')
      .set({ state: 'dropped' })
      .where('webhook', '=', webhook)
      .where('state', 'in', ['waiting', 'sending'])
      .execute()),
  attempts: (webhook, { before, message, limit }) => {
    let query = db.selectFrom('webhook_attempt').selectAll().where('webhook', '=', webhook);
    if (before !== undefined) query = query.where('n', '<', before);
    if (message !== undefined) query = query.where('message', '=', message);
    return query.orderBy('n', 'desc').limit(limit).execute();
  },
  dropLogBefore: async (at) => {
    await db.deleteFrom('webhook_attempt').where('at', '<', at).execute();
    await db
      .deleteFrom('webhook_message')
      .where('state', 'in', ['sent', 'failed', 'dropped'])
      .where('due_at', '<', at)
      .execute();
  },
});
