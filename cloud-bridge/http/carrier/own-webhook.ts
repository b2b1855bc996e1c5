/** A webhook of the carrier that calls, and how it is shown. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { Id, Millis } from '../../../wire/shapes.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { type ManageParts, type WhyDisabled, whyDisabled } from '../../webhook/manage.ts';
import { webhookAddress } from '../../webhook/post.ts';
import type { HttpParts } from '../parts.ts';

export const WebhookView = v.strictObject({
  webhook: Id,
  url: v.string(),
  types: v.array(v.string()),
  description: v.string(),
  created: Millis,
  enabled: v.boolean(),
  disabled: v.pipe(
    v.nullable(v.strictObject({ why: v.picklist(whyDisabled), at: Millis })),
    v.description('gone: your server answered 410. failing: nothing has come through for five days.'),
  ),
  failingSince: v.pipe(v.nullable(Millis), v.description('Since when nothing has come through.')),
});

export const toWebhookView = (row: Row<'webhook'>): v.InferOutput<typeof WebhookView> => ({
  webhook: row.id,
  url: row.url,
  types: JSON.parse(row.types) as string[],
  description: row.description,
  created: row.created_at,
  enabled: row.disabled === null,
  disabled: row.disabled === null ? null : { why: row.disabled as WhyDisabled, at: row.disabled_at ?? 0 },
  failingSince: row.failing_since,
});

/** @returns NOT_FOUND for one that is not there and for one of another carrier alike (T23) */
export async function ownWebhook(
  tables: Tables,
  carrier: Row<'carrier'>,
  id: string,
): Promise<Verdict<Row<'webhook'>>> {
  const webhook = await tables.webhooks.find(id);
  return webhook?.carrier === carrier.id ? accept(webhook) : refuse('NOT_FOUND');
}

export const managing = ({ vault, config, now }: HttpParts): ManageParts => ({
  vault,
  now,
  allowed: webhookAddress(config.webhookReach),
});
