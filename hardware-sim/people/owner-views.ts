/** What the cloud answers and tells an owner. What it says beyond these shapes is not read. */
import * as v from 'valibot';
import type { AlarmClaims } from '../../wire/alarm-message.ts';
import { DoorFacts } from '../../wire/enrolment.ts';
import type { Refusal } from '../../wire/faults.ts';
import { Hash, HubId, Id, Jws, OkpJwk, Slug } from '../../wire/shapes.ts';
import type { JournalRecord } from './owner-journal.ts';

/** The answer to a hand-over. */
export const HandoverAnswer = v.object({ home: Id, hub: HubId, ownerList: Jws, proof: Hash, hubKey: OkpJwk });

/** A home as its owner sees it. */
export const HomeView = v.object({
  home: Id,
  hub: HubId,
  online: v.boolean(),
  doors: v.array(DoorFacts),
  witness: v.nullish(Jws),
  ownerList: Jws,
  hubKey: OkpJwk,
});
export type HomeView = v.InferOutput<typeof HomeView>;

/** Grants that wait for the owner's yes. */
export const Waiting = v.object({
  grants: v.array(
    v.object({ grant: Jws, assignment: v.optional(Jws), delivery: v.optional(Id), guest: v.optional(Slug) }),
  ),
});
export type Waiting = v.InferOutput<typeof Waiting>['grants'];

/** A part of the journal, with what the hub signed under it. */
export const JournalPage = v.object({ entries: v.array(v.string()), head: v.optional(v.unknown()) });
/** An entry in the event stream. */
export const EntryEvent = v.object({ text: v.string() });

/** An alarm that the hub could not write down: signed instead. */
export const AlarmEvent = v.object({ alarm: Jws });
/** Any other event: flat facts. */
export const AnyEvent = v.record(v.string(), v.unknown());

/** What the owner is told. */
export type OwnerNews = { readonly atMs: number } & (
  | { readonly news: 'entry'; readonly record: JournalRecord }
  /** The cloud or the hub shows a journal that does not hold together. */
  | { readonly news: 'broken'; readonly refusal: Refusal }
  /** Signed by the hub, which could not write it down first. */
  | { readonly news: 'alarm'; readonly alarm: AlarmClaims }
  | { readonly news: 'line'; readonly line: 'open' | 'lost' }
  /** Everything else of the event stream: `approval.wanted`, `hub.online`, `delivery.state`, … */
  | { readonly news: 'event'; readonly type: string; readonly data: Readonly<Record<string, unknown>> }
);
