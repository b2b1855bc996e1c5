/** What happens at each door of the sandbox, as data: the acts of courier, household and hub, in order. */
import type { Place } from '../../wire/plan.ts';
import type { Outcome, Proof } from '../../wire/receipt.ts';
import type { SandboxOutcome } from '../../wire/sandbox.ts';
import type { leaveReasons } from '../../wire/stop.ts';

/** What the courier's device does at the stop. */
export type CourierMove =
  | { readonly act: 'arrive' | 'ring' }
  | { readonly act: 'name'; readonly whom: 'home' | 'neighbour' }
  /** To whom was named last. */
  | { readonly act: 'hand-over'; readonly code: 'right' | 'wrong' }
  /** Where the household said, with a photo of it. */
  | { readonly act: 'put' }
  | { readonly act: 'leave'; readonly reason: (typeof leaveReasons)[number] };

/** What the household does. `yes`, `no`: to the grant. */
export type HouseholdMove = 'yes' | 'no' | 'changes-plan' | 'not-mine' | 'disputes' | 'withdraws' | 'settles';

/** What the hub would journal. */
export type VisitMove =
  | { readonly kind: 'visit.arrived' | 'visit.unlock' }
  | { readonly kind: 'visit.ended'; readonly outcome: Outcome; readonly proof: Proof };

/** `afterPaces`: how long it takes until this comes, 1 unless told. */
export type SandboxStep = { readonly afterPaces?: number } /** A courier's device takes the task link. */ & (
  | { readonly do: 'claim' }
  /** A second device takes it: the link is dead. */
  | { readonly do: 'claim-again' }
  /** The grant is there: the carrier has signed, or the sandbox goes on without. */
  | { readonly do: 'grant'; readonly consent: 'ask' | 'auto' }
  /** Left out where nothing was planned: then there is nothing to do at the stop but the visit. */
  | ({ readonly do: 'act' } & CourierMove)
  | ({ readonly do: 'visit' } & VisitMove)
  | { readonly do: 'household'; readonly what: HouseholdMove }
  /** The carrier says that it lies at the pick-up point. */
  | { readonly do: 'collectable' }
);

export interface SandboxScript {
  /** For the carrier's developer. */
  readonly says: string;
  /** What the household wishes, and so what the carrier has to say that it can; absent: it has wished nothing. */
  readonly order?: readonly Place[];
  /** Whoever is handed something has a code. */
  readonly code?: boolean;
  readonly steps: readonly SandboxStep[];
}

const claim = { do: 'claim' } as const;
const arrive = { do: 'act', act: 'arrive' } as const;
const ring = { do: 'act', act: 'ring' } as const;
const nameHome = { do: 'act', act: 'name', whom: 'home' } as const;
const right = { do: 'act', act: 'hand-over', code: 'right' } as const;
const wrong = { do: 'act', act: 'hand-over', code: 'wrong' } as const;
const put = { do: 'act', act: 'put' } as const;
const nobody = { do: 'act', act: 'leave', reason: 'nobody' } as const;

const there = [claim, arrive, ring] as const;
const handOver = [...there, nameHome, right] as const;
const inVain = [...there, nobody] as const;

const toTheDoor = [
  claim,
  { do: 'grant', consent: 'auto' },
  arrive,
  ring,
  { do: 'visit', kind: 'visit.arrived' },
] as const;
const unlock = { do: 'visit', kind: 'visit.unlock' } as const;
const inside = [...toTheDoor, unlock] as const;
const asked = [claim, { do: 'grant', consent: 'ask' }] as const;
const ends = (outcome: Outcome, proof: Proof) => ({ do: 'visit', kind: 'visit.ended', outcome, proof }) as const;
const secured = ends('completed', 'secured');

export const sandboxScripts: Readonly<Record<SandboxOutcome, SandboxScript>> = {
  delivered: { says: 'Brought in, and the door is proven locked again.', steps: [...inside, secured] },
  refused: { says: 'Refused when it is announced, as where no rule of an owner fits.', steps: [] },
  'owner-says-yes': {
    says: 'The owner is asked and says yes; then it is brought in.',
    steps: [
      ...asked,
      { do: 'household', what: 'yes' },
      arrive,
      ring,
      { do: 'visit', kind: 'visit.arrived' },
      unlock,
      secured,
    ],
  },
  'owner-says-no': {
    says: 'The owner is asked and says no.',
    steps: [...asked, { do: 'household', what: 'no' }],
  },
  'stopped-by-owner': {
    says: 'The owner stops the visit before the door opens.',
    steps: [...toTheDoor, ends('stopped', 'untouched')],
  },
  'nobody-entered': {
    says: 'The door is unlocked and nobody enters.',
    steps: [...inside, ends('nobody-entered', 'secured')],
  },
  'left-open': { says: 'The courier leaves the door open.', steps: [...inside, ends('incomplete', 'unsecured')] },
  jam: { says: 'The lock jams.', steps: [...inside, ends('lock-failed', 'unsecured')] },
  'contact-fault': {
    says: 'The door contact says what cannot be.',
    steps: [...inside, ends('contact-fault', 'locked')],
  },
  'camera-lost': {
    says: 'The camera fails before the door opens.',
    steps: [...toTheDoor, ends('aborted', 'untouched')],
  },
  'link-lost': {
    says: "The home's line is cut: nothing is heard for long, then all of it.",
    steps: [...inside, { ...secured, afterPaces: 10 }],
  },
  'hub-restarted': {
    says: 'The hub restarts during the visit.',
    steps: [...inside, ends('interrupted', 'secured')],
  },
  'second-device': {
    says: 'A second device takes the task link: it is dead.',
    steps: [claim, { do: 'claim-again' }],
  },
  'nobody-comes': { says: 'Nobody takes the task link.', steps: [] },
  'handed-over': {
    says: 'Handed over in person, with the right code.',
    order: ['in-person'],
    code: true,
    steps: handOver,
  },
  'wrong-code': {
    says: 'A wrong code three times: the attempt is over, the next one begins by itself and its new code is right.',
    order: ['in-person'],
    code: true,
    steps: [...there, nameHome, wrong, wrong, wrong, ...handOver],
  },
  'to-neighbour': {
    says: 'Nobody opens, and the neighbour whom the household has named takes it, with a code of their own.',
    order: ['in-person', 'neighbour'],
    code: true,
    steps: [...there, { do: 'act', act: 'name', whom: 'neighbour' }, right],
  },
  'put-down': {
    says: 'Nobody opens, and it is put down where the household said, with a photo.',
    order: ['drop'],
    steps: [...there, put],
  },
  'not-mine': {
    says: 'The household says “not mine” while the courier stands there: take it back.',
    order: ['in-person'],
    code: true,
    steps: [claim, arrive, { do: 'household', what: 'not-mine' }],
  },
  'plan-changed': {
    says: 'It was to be put down; before the courier is there the household wants it in person, with a code.',
    order: ['drop', 'in-person'],
    steps: [{ do: 'household', what: 'changes-plan' }, ...handOver],
  },
  'nobody-home': {
    says: 'Nobody opens: the next attempt begins by itself, and is handed over.',
    order: ['in-person', 'tomorrow'],
    code: true,
    steps: [...inVain, ...handOver],
  },
  'picked-up': {
    says: 'Nobody opens, and it lies at the pick-up point. Say so yourself, or the sandbox does.',
    order: ['in-person', 'pick-up'],
    code: true,
    steps: [...there, { do: 'collectable' }],
  },
  'given-up': {
    says: 'Nobody opens, five days long: it has failed and goes back to the sender.',
    order: ['in-person', 'tomorrow'],
    code: true,
    steps: [...inVain, ...inVain, ...inVain, ...inVain, ...inVain],
  },
  disputed: {
    says: 'Put down with a photo, and the household says that nothing is there.',
    order: ['drop'],
    steps: [...there, put, { do: 'household', what: 'disputes' }],
  },
  'dispute-withdrawn': {
    says: 'The same, and the household takes it back: it was found.',
    order: ['drop'],
    steps: [...there, put, { do: 'household', what: 'disputes' }, { do: 'household', what: 'withdraws' }],
  },
  'dispute-settled': {
    says: 'The same; you have five steps of time to answer, then the household says that it is settled.',
    order: ['drop'],
    steps: [
      ...[...there, put, { do: 'household' as const, what: 'disputes' as const }],
      { do: 'household', what: 'settles', afterPaces: 5 },
    ],
  },
};
