/** How a visit stands, as its visitor's device is told. Apart from the other messages: pages on bad lines carry it. */
import * as v from 'valibot';
import { acts } from './knock.ts';
import { Id, Jws } from './shapes.ts';

export const visitStates = [
  'idle',
  'preparing',
  'ready',
  'unlocking',
  'unlocked',
  'open',
  'closed',
  'locking',
  'unsecured',
  'ended',
] as const;
export type VisitState = (typeof visitStates)[number];

/** How a visit stands, with a nonce for each act that is possible now. */
export const VisitView = v.strictObject({
  visit: Id,
  at: v.picklist(visitStates),
  camera: v.picklist(['recorded', 'watched', 'off']),
  nonces: v.partial(v.strictObject(v.entriesFromList(acts, Id))),
  outcome: v.optional(v.string()),
  proof: v.optional(v.string()),
  /** Signed by the hub once the visit has ended. */
  receipt: v.optional(Jws),
});
export type VisitView = v.InferOutput<typeof VisitView>;
