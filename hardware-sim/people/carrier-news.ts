/** What a carrier is told, read from the events of its stream. */
import * as v from 'valibot';
import type { FaultCode } from '../../wire/faults.ts';
import type { ReceiptClaims } from '../../wire/receipt.ts';
import { Hash, Id, Jws } from '../../wire/shapes.ts';

/** What is said, if it is said at all. */
type Maybe = string | undefined;

/** What the carrier is told. A receipt of a visit comes with what became of checking it with the hub's own key. */
export type CarrierNews = { readonly atMs: number } & News;
type News = { readonly delivery: string } & (
  | { readonly news: 'claimed'; readonly jkt: string }
  | { readonly news: 'dead' }
  /** The courier stands at the right one of the doors, and has read what to do there. */
  | { readonly news: 'found'; readonly door: string }
  | {
      readonly news: 'state';
      readonly state: string;
      readonly outcome?: Maybe;
      readonly proof?: Maybe;
      readonly receipt?: CheckedReceipt;
    }
  /** The owner has changed where it may end. */
  | { readonly news: 'plan'; readonly attempt: number; readonly places: readonly string[] }
  /** The one before has failed. */
  | { readonly news: 'attempt'; readonly attempt: number; readonly day: string }
  | {
      readonly news: 'stop';
      readonly attempt: number;
      readonly state: string;
      readonly act: string;
      readonly end?: Maybe;
    }
  /** Something does not fit together. */
  | { readonly news: 'exception'; readonly attempt: number; readonly what: string }
  /** The household says that something is wrong, or takes it back. `next`: what the carrier is to do. */
  | {
      readonly news: 'disputed';
      readonly dispute: string;
      readonly what: string;
      readonly state: string;
      readonly next?: Maybe;
    }
);

/** `unpinned`: this carrier does not know the hub's key, so the receipt proves nothing to it. */
export type CheckedReceipt =
  | { readonly checked: 'genuine'; readonly claims: ReceiptClaims }
  | { readonly checked: 'refused'; readonly code: FaultCode }
  | { readonly checked: 'unpinned' };

/** Checks what a hub says of a visit of this delivery. */
export type CheckReceipt = (delivery: string, receipt: string) => Promise<CheckedReceipt>;

type Reader = (data: unknown, check: CheckReceipt) => News | undefined | Promise<News>;

/** @returns reads what fits the schema; undefined for anything else */
const reads =
  <S extends v.GenericSchema>(
    schema: S,
    toNews: (said: v.InferOutput<S>, check: CheckReceipt) => News | Promise<News>,
  ): Reader =>
  (data, check) => {
    const said = v.safeParse(schema, data);
    return said.success ? toNews(said.output, check) : undefined;
  };

const text = v.string();
const maybe = v.optional(text);
const delivery = Id;
const attempt = v.number();

const readers: Readonly<Record<string, Reader>> = {
  'task.claimed': reads(v.object({ delivery, jkt: Hash }), (said) => ({ news: 'claimed', ...said })),
  'task.dead': reads(v.object({ delivery }), (said) => ({ news: 'dead', ...said })),
  'door.found': reads(v.object({ delivery, door: text }), (said) => ({ news: 'found', ...said })),
  'delivery.state': reads(
    v.object({ delivery, state: text, outcome: maybe, proof: maybe, receipt: v.optional(Jws) }),
    async ({ receipt, ...said }, check) => ({
      ...{ news: 'state' as const, ...said },
      ...(receipt === undefined ? {} : { receipt: await check(said.delivery, receipt) }),
    }),
  ),
  'delivery.plan': reads(
    v.object({ delivery, attempt, plan: v.array(v.object({ place: text })) }),
    ({ plan, ...said }) => ({ news: 'plan', ...said, places: plan.map(({ place }) => place) }),
  ),
  'delivery.attempt': reads(v.object({ delivery, attempt, day: text }), (said) => ({ news: 'attempt', ...said })),
  'stop.state': reads(v.object({ delivery, attempt, state: text, act: text, end: maybe }), (said) => ({
    ...{ news: 'stop', ...said },
  })),
  'delivery.exception': reads(v.object({ delivery, attempt, what: text }), (said) => ({ news: 'exception', ...said })),
  'delivery.disputed': reads(v.object({ delivery, dispute: Id, what: text, state: text, next: maybe }), (said) => ({
    news: 'disputed',
    ...said,
  })),
};

/** @returns undefined for an event that does not fit, or that this carrier takes no notice of */
export async function toCarrierNews(
  type: string,
  data: unknown,
  atMs: number,
  check: CheckReceipt,
): Promise<CarrierNews | undefined> {
  const news = await readers[type]?.(data, check);
  return news === undefined ? undefined : { atMs, ...news };
}
