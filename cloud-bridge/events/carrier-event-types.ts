/** What carriers are told, by stream and webhook: type -> what it says. Fields may be added; a type never changes its meaning. */
import * as v from 'valibot';
import { CarrierTask, Disputed } from '../../wire/dispute.ts';
import { places } from '../../wire/plan.ts';
import { AnyDoor } from '../../wire/sandbox.ts';
import { Count, Hash, Id, Jws, Millis, Seconds } from '../../wire/shapes.ts';
import { presences, stopEnds, stopStates } from '../../wire/stop.ts';
import { deliveryStates } from '../delivery/progress.ts';
import { exceptions } from '../stop/state.ts';

export const carrierEventTypes = {
  'task.claimed': {
    says: "A device has taken the task link. Sign for it when your courier's phone shows these digits.",
    data: v.object({ delivery: Id, jkt: Hash, check: v.pipe(v.string(), v.regex(/^\d{6}$/)) }),
  },
  'task.dead': {
    says: 'A second device has taken the task link: it is dead. Make a new one.',
    data: v.object({ delivery: Id }),
  },
  'delivery.state': {
    says: 'The delivery stands otherwise than before.',
    data: v.object({
      delivery: Id,
      state: v.picklist(deliveryStates),
      outcome: v.optional(v.string()),
      proof: v.optional(v.string()),
      receipt: v.optional(v.pipe(Jws, v.description('Signed by the hub.'))),
    }),
  },
  'delivery.plan': {
    says: 'The owner has changed where it may end, or when.',
    data: v.object({
      delivery: Id,
      plan: v.array(v.object({ place: v.picklist(places), door: v.optional(AnyDoor) })),
      attempt: Count,
      from: Seconds,
      until: Seconds,
      day: v.optional(v.string()),
    }),
  },
  'delivery.attempt': {
    says: 'An attempt has failed, and the next one is planned.',
    data: v.object({ delivery: Id, attempt: Count, day: v.string(), from: Seconds, until: Seconds }),
  },
  'stop.state': {
    says: 'Something happened at the stop: the courier has arrived, rung, or is done. `end` says how it ended; it follows from acts and evidence.',
    data: v.object({
      delivery: Id,
      attempt: Count,
      state: v.picklist(stopStates),
      act: v.pipe(v.string(), v.description('What it was: an act of the courier, or what else happened.')),
      presence: v.picklist(presences),
      end: v.optional(v.picklist(stopEnds)),
    }),
  },
  'stop.receipt': {
    says: 'An attempt is over and its receipt is signed. All that it is checked by is in the evidence of the delivery.',
    data: v.object({ delivery: Id, attempt: Count, receipt: Jws }),
  },
  'delivery.exception': {
    says: 'Something does not fit together: somebody should look.',
    data: v.object({
      delivery: Id,
      attempt: Count,
      what: v.picklist([...exceptions, 'wrong-door']),
    }),
  },
  'delivery.disputed': {
    says: 'The household says that something is wrong with the delivery, and what you are to do; or takes it back, or says that it is settled. `answered`: you have answered.',
    data: v.object({
      delivery: Id,
      attempt: Count,
      dispute: Id,
      what: Disputed,
      state: v.picklist(['open', 'answered', 'withdrawn', 'settled']),
      next: v.optional(CarrierTask),
    }),
  },
  'picture.shared': {
    says: 'The household shares a picture of the delivery with you, for one case, until then: it is sealed for your key.',
    data: v.object({ delivery: Id, picture: Id, until: Millis }),
  },
  'door.found': {
    says: 'The courier has confirmed which door it is and what to do there.',
    data: v.object({ delivery: Id, door: AnyDoor, at: Millis }),
  },
  'webhook.disabled': {
    says: 'Nothing is posted to this webhook any more.',
    data: v.object({ webhook: Id, why: v.picklist(['gone', 'failing']) }),
  },
} as const satisfies Record<string, { readonly says: string; readonly data: v.GenericSchema }>;

export type CarrierEventType = keyof typeof carrierEventTypes;
