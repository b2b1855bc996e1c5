/** What a carrier may do with its webhooks. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import { Millis } from '../../wire/shapes.ts';
import { toCarrier } from '../events/tell.ts';
import { type Allowed, checkAddress } from '../outward/address.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import { createWebhookSecret } from './sign.ts';

const maxWebhooks = 5;
/** After a rotation the secret of before signs too for this long, ms. */
export const oldSecretForMs = 24 * 3_600_000;
/** Events that one replay puts up at most. */
export const maxReplayed = 5_000;

export const whyDisabled = ['by-you', 'gone', 'failing'] as const;
export type WhyDisabled = (typeof whyDisabled)[number];

export const WebhookWish = v.strictObject({
  url: v.pipe(v.string(), v.maxLength(512), v.description('https, on port 443 or 8443, at a public address.')),
  types: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[a-z]+(?:[.-][a-z]+)*$/), v.maxLength(64))),
      v.maxLength(64),
      v.description('Event types. Left out or empty: all, those too that come later.'),
    ),
    [],
  ),
  description: v.optional(v.pipe(v.string(), v.maxLength(256)), ''),
  enabled: v.optional(v.boolean(), true),
});
export type WebhookWish = v.InferOutput<typeof WebhookWish>;

export const Replay = v.union([
  v.strictObject({ message: v.pipe(v.string(), v.regex(/^msg_[\w-]{27}$/), v.description('One, by its webhook-id.')) }),
  v.strictObject({ since: v.pipe(Millis, v.description('All since then.')) }),
]);
export type Replay = v.InferOutput<typeof Replay>;

const about = (id: string): string => `webhook:${id}`;

/** The secrets that sign now, the newest first. */
export function secretsOf(vault: Vault, { id, secret, old_secret, old_until }: Row<'webhook'>, now: number): string[] {
  const old = old_secret !== null && old_until !== null && now < old_until ? [old_secret] : [];
  return [secret, ...old].map((sealed) => vault.open(about(id), sealed));
}

const offOr = ({ enabled }: WebhookWish, at: number): Pick<Row<'webhook'>, 'disabled' | 'disabled_at'> =>
  enabled ? { disabled: null, disabled_at: null } : { disabled: 'by-you', disabled_at: at };

export interface ManageParts {
  readonly vault: Vault;
  readonly allowed: Allowed;
  readonly now: () => number;
}

/** @returns the webhook and its secret, which is shown once; WEBHOOK_ADDRESS_REFUSED, WEBHOOKS_FULL */
export async function addWebhook(
  { vault, allowed, now }: ManageParts,
  tables: Tables,
  carrier: string,
  wish: WebhookWish,
): Promise<Verdict<{ webhook: Row<'webhook'>; secret: string }>> {
  const address = checkAddress(wish.url, allowed);
  if (!address.ok) return address;
  if ((await tables.webhooks.ofCarrier(carrier)).length >= maxWebhooks) return refuse('WEBHOOKS_FULL');
  const [id, secret, at] = [newId(), createWebhookSecret(), now()];
  const webhook: Row<'webhook'> = {
    ...{ id, carrier, url: address.value.href, types: JSON.stringify(wish.types), description: wish.description },
    ...{ secret: vault.seal(about(id), secret), old_secret: null, old_until: null },
    ...{ created_at: at, failing_since: null, ...offOr(wish, at) },
  };
  await tables.webhooks.add(webhook);
  return accept({ webhook, secret });
}

/** Enabled again, it begins with what happens from now on. @returns WEBHOOK_ADDRESS_REFUSED */
export async function changeWebhook(
  { allowed, now }: ManageParts,
  tables: Tables,
  webhook: Row<'webhook'>,
  wish: WebhookWish,
): Promise<Verdict<Row<'webhook'>>> {
  const address = checkAddress(wish.url, allowed);
  if (!address.ok) return address;
  const isKept = !wish.enabled && webhook.disabled !== null;
  const fields = {
    ...{ url: address.value.href, types: JSON.stringify(wish.types), description: wish.description },
    ...(isKept ? {} : { failing_since: null, ...offOr(wish, now()) }),
  };
  await tables.webhooks.change(webhook.id, fields);
  if (!wish.enabled) await tables.webhooks.dropWaiting(webhook.id);
  return accept({ ...webhook, ...fields });
}

/** Nothing is sent there any more; the carrier hears of it by its other ways. */
export async function disable(
  tables: Tables,
  { id, carrier }: Row<'webhook'>,
  why: Exclude<WhyDisabled, 'by-you'>,
  at: number,
): Promise<void> {
  await tables.webhooks.change(id, { disabled: why, disabled_at: at });
  await tables.webhooks.dropWaiting(id);
  await tables.events.add([toCarrier(carrier, 'webhook.disabled', { webhook: id, why }, at)]);
}

/** A new secret; the one before signs beside it for a day. */
export async function rotateSecret(
  { vault, now }: ManageParts,
  tables: Tables,
  { id, secret: old_secret }: Row<'webhook'>,
): Promise<{ secret: string; oldUntil: number }> {
  const [secret, oldUntil] = [createWebhookSecret(), now() + oldSecretForMs];
  await tables.webhooks.change(id, { secret: vault.seal(about(id), secret), old_secret, old_until: oldUntil });
  return { secret, oldUntil };
}

/** Puts up again what was sent, failed or was never told. @returns how many; NOT_FOUND, WEBHOOK_DISABLED */
export async function replay(
  { now }: ManageParts,
  tables: Tables,
  webhook: Row<'webhook'>,
  wish: Replay,
): Promise<Verdict<{ queued: number; goOnSince: number | null }>> {
  if (webhook.disabled !== null) return refuse('WEBHOOK_DISABLED');
  if ('message' in wish) {
    const message = await tables.webhooks.message(wish.message);
    const event = message?.webhook === webhook.id ? await tables.webhooks.event(message) : undefined;
    if (event === undefined) return refuse('NOT_FOUND');
    await tables.webhooks.ask({ ...webhook, types: '[]' }, [event], now());
    return accept({ queued: 1, goOnSince: null });
  }
  const found = await tables.webhooks.eventsSince(webhook.carrier, wish.since, maxReplayed + 1);
  const events = found.slice(0, maxReplayed);
  const queued = await tables.webhooks.ask(webhook, events, now());
  return accept({ queued, goOnSince: found[maxReplayed]?.at ?? null });
}
