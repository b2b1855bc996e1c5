/** What carriers are told, by stream and webhook: type -> what it says. Fields may be added; a type never changes its meaning. */
import * as v from 'valibot';
import { places } from '../../wire/plan.ts';
import { AnyDoor } from '../../wire/sandbox.ts';
import { Count, Hash, Id, Jws, Millis, Seconds } from '../../wire/shapes.ts';
import { deliveryStates } from '../delivery/progress.ts';

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
  'door.found': {
    says: 'The courier has confirmed which door it is and what to do there.',
    data: v.object({ delivery: Id, door: AnyDoor, at: Millis }),
  },
  'webhook.disabled': {
    says: 'Nothing is posted to this webhook any more.',
    data: v.object({ webhook: Id, why: v.picklist(['gone', 'failing']) }),
  },
} as const satisfies Record<string, { readonly says: string; readonly data: v.GenericSchema }>;
