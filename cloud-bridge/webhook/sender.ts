/**
 * Posts events to carriers. What is to be posted was written with the event; it is claimed by compare-and-set before it is sent, so that one
 * instance sends it, and its number stands in the log before it leaves. A crash between sending and noting that sends it once more, under
 * the same `webhook-id` and with the next attempt's number.
 */
import { Fault } from '../../wire/faults.ts';
import type { BaseParts } from '../base-parts.ts';
import { lookAgain } from '../looking.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { Claimed, Tried } from '../store/webhooks.ts';
import { disable, secretsOf } from './manage.ts';
import type { Posted, Poster } from './post.ts';
import { failingForMs, nextWaitMs } from './schedule.ts';
import { signatureOf } from './sign.ts';

export interface SenderParts extends Pick<BaseParts, 'store' | 'vault' | 'log' | 'now'> {
  readonly poster: Poster;
  /** No answer may take longer, ms. */
  readonly timeoutMs: number;
  /** 0 to 1. */
  readonly random: () => number;
}

export interface WebhookSender {
  /** Begins to look, at each commit of this instance and twice a second. */
  start(): void;
  /** Ends; what is being sent has two seconds. */
  close(): Promise<void>;
}

const lookMs = 500;
const webhooksAtOnce = 128;
const maxSendingToOne = 8;
/** A sender that was not heard of for its time-out and this much longer has died: what it had is taken over, ms. */
const claimSlackMs = 3_000;
const keepLogMs = 30 * 86_400_000;
const sweepEveryMs = 3_600_000;
const closeWithinMs = 2_000;

interface Ended {
  readonly claimed: Claimed;
  readonly posted: Posted;
  readonly ms: number;
}

/** What is posted: the same text at every try. */
export const bodyOf = ({ type, at, seq, data }: Row<'event'>): string =>
  JSON.stringify({ type, timestamp: new Date(at).toISOString(), sequence: seq, data: JSON.parse(data) as unknown });

const isTaken = (posted: Posted): boolean => 'status' in posted && posted.status >= 200 && posted.status < 300;
const isGone = (posted: Posted): boolean => 'status' in posted && posted.status === 410;

const toTried = (posted: Posted, ms: number): Tried =>
  'status' in posted
    ? { ms, status: posted.status, error: isTaken(posted) ? null : 'STATUS', body: posted.body }
    : { ms, status: null, error: posted.error, body: null };

export function webhookSenderOn(parts: SenderParts): WebhookSender {
  const { store, vault, log, now, poster, timeoutMs, random } = parts;
  const sending = new Map<string, number>();
  const settling = new Set<Promise<void>>();
  let ended: Ended[] = [];
  let isClosed = false;
  let sweptAt = 0;

  const busyOf = (webhook: string): number => sending.get(webhook) ?? 0;
  const count = (webhook: string, by: 1 | -1): void => {
    const busy = busyOf(webhook) + by;
    if (busy === 0) sending.delete(webhook);
    else sending.set(webhook, busy);
  };

  async function settle(tables: Tables, { claimed, posted, ms }: Ended): Promise<void> {
    const { message } = claimed;
    const at = now();
    const tried = toTried(posted, ms);
    if (isTaken(posted)) {
      await tables.webhooks.settle(claimed, tried, { state: 'sent', due_at: at });
      await tables.webhooks.change(message.webhook, { failing_since: null });
      return;
    }
    const asked = 'status' in posted ? posted.retryAfterMs : undefined;
    const waitMs = nextWaitMs(message.round, random(), asked);
    const next = waitMs === undefined ? { state: 'failed', due_at: at } : { state: 'waiting', due_at: at + waitMs };
    if (!(await tables.webhooks.settle(claimed, tried, next))) return;
    const webhook = await tables.webhooks.find(message.webhook);
    if (webhook === undefined || webhook.disabled !== null) return;
    const since = webhook.failing_since ?? at;
    await tables.webhooks.change(webhook.id, { failing_since: since });
    if (isGone(posted)) await disable(tables, webhook, 'gone', at);
    else if (at - since >= failingForMs) await disable(tables, webhook, 'failing', at);
  }

  /** Everything that has ended meanwhile, in one commit. */
  async function settleAll(): Promise<void> {
    const these = ended;
    if (these.length === 0) return;
    ended = [];
    await store.write(async (tables) => {
      for (const one of these) await settle(tables, one);
    });
    for (const { claimed, posted, ms } of these) {
      const fields = { webhook: claimed.message.webhook, attempt: claimed.attempt.attempt, ms };
      if (isTaken(posted)) log.webhookSent(fields);
      else log.webhookFailed({ ...fields, why: 'status' in posted ? `${posted.status}` : posted.error });
    }
  }

  function headersOf(webhook: Row<'webhook'>, { message, attempt }: Claimed, body: string): Record<string, string> {
    const signed = { id: message.id, timestamp: Math.floor(now() / 1000), body };
    return {
      'content-type': 'application/json',
      'content-length': `${Buffer.byteLength(body)}`,
      'user-agent': 'Doorward-Webhooks/1',
      'webhook-id': signed.id,
      'webhook-timestamp': `${signed.timestamp}`,
      'webhook-signature': signatureOf(signed, secretsOf(vault, webhook, now())),
      'doorward-attempt': `${attempt.attempt}`,
    };
  }

  async function send(webhook: Row<'webhook'>, event: Row<'event'>, claimed: Claimed): Promise<void> {
    const began = performance.now();
    let posted: Posted;
    try {
      const body = bodyOf(event);
      posted = await poster.post(webhook.url, headersOf(webhook, claimed, body), body);
    } catch (error) {
      // The key of the vault is another one: the carrier rotates the secret.
      posted = { error: error instanceof Fault ? error.code : 'INTERNAL' };
    }
    ended.push({ claimed, posted, ms: Math.round(performance.now() - began) });
  }

  async function claim(ids: readonly string[]): Promise<[Row<'webhook'>, Row<'event'>, Claimed][]> {
    const at = now();
    return store.write(async (tables) => {
      const mine: [Row<'webhook'>, Row<'event'>, Claimed][] = [];
      for (const id of ids) {
        const webhook = await tables.webhooks.find(id);
        if (webhook === undefined || webhook.disabled !== null) {
          await tables.webhooks.dropWaiting(id);
          continue;
        }
        for (const message of await tables.webhooks.due(id, at, maxSendingToOne - busyOf(id))) {
          const event = await tables.webhooks.event(message);
          const claimed =
            event && (await tables.webhooks.claim(message, event.type, at, at + timeoutMs + claimSlackMs));
          if (claimed !== undefined) mine.push([webhook, event!, claimed]);
        }
      }
      return mine;
    });
  }

  async function sendDue(): Promise<void> {
    const busy = [...sending].filter(([, many]) => many >= maxSendingToOne).map(([id]) => id);
    const ids = await store.read.webhooks.withDue(now(), webhooksAtOnce, busy);
    if (ids.length === 0 || isClosed) return;
    for (const [webhook, event, claimed] of await claim(ids)) {
      count(webhook.id, 1);
      const sent = send(webhook, event, claimed);
      settling.add(sent);
      void sent.finally(() => {
        settling.delete(sent);
        count(webhook.id, -1);
        looking.wake();
      });
    }
  }

  async function sweep(): Promise<void> {
    if (now() - sweptAt < sweepEveryMs) return;
    sweptAt = now();
    await store.write(({ webhooks }) => webhooks.dropLogBefore(now() - keepLogMs));
  }

  const looking = lookAgain({
    everyMs: lookMs,
    look: async () => {
      await settleAll();
      await sendDue();
      await sweep();
      return false;
    },
    onError: (why) => log.unexpected({ what: 'webhook', why }),
  });

  let unlisten = (): void => undefined;
  return {
    start: () => {
      unlisten = store.onEvents((party) => {
        if (party.startsWith('carrier:')) looking.wake();
      });
      looking.start();
    },
    close: async () => {
      isClosed = true;
      unlisten();
      await looking.close();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeWithinMs);
      });
      await Promise.race([Promise.allSettled(settling), late]);
      clearTimeout(timer);
      await settleAll();
    },
  };
}
