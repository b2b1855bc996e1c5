/** What happens at each door of the sandbox, as data: the acts of courier, owner and hub, in order. */

import type { Outcome, Proof } from '../../wire/receipt.ts';
import type { SandboxOutcome } from '../../wire/sandbox.ts';

/** `afterPaces`: how long it takes until this comes, 1 unless told. */
export type SandboxStep = { readonly afterPaces?: number } /** A courier's device takes the task link. */ & (
  | { readonly do: 'claim' }
  /** A second device takes it: the link is dead. */
  | { readonly do: 'claim-again' }
  /** The grant is there: the carrier has signed, or the sandbox goes on without. */
  | { readonly do: 'grant'; readonly consent: 'ask' | 'auto' }
  | { readonly do: 'owner-says'; readonly what: 'yes' | 'no' }
  | { readonly do: 'arrive' }
  | { readonly do: 'unlock' }
  | { readonly do: 'end'; readonly outcome: Outcome; readonly proof: Proof }
);

const toTheDoor = [{ do: 'claim' }, { do: 'grant', consent: 'auto' }, { do: 'arrive' }] as const;
const inside = [...toTheDoor, { do: 'unlock' }] as const;
const asked = [{ do: 'claim' }, { do: 'grant', consent: 'ask' }] as const;
const secured = { do: 'end', outcome: 'completed', proof: 'secured' } as const;

export const sandboxScripts: Readonly<Record<SandboxOutcome, readonly SandboxStep[]>> = {
  delivered: [...inside, secured],
  // It is refused when it is announced, as where no rule of an owner fits.
  refused: [],
  'owner-says-yes': [...asked, { do: 'owner-says', what: 'yes' }, { do: 'arrive' }, { do: 'unlock' }, secured],
  'owner-says-no': [...asked, { do: 'owner-says', what: 'no' }],
  'stopped-by-owner': [...toTheDoor, { do: 'end', outcome: 'stopped', proof: 'untouched' }],
  'nobody-entered': [...inside, { do: 'end', outcome: 'nobody-entered', proof: 'secured' }],
  'left-open': [...inside, { do: 'end', outcome: 'incomplete', proof: 'unsecured' }],
  jam: [...inside, { do: 'end', outcome: 'lock-failed', proof: 'unsecured' }],
  'contact-fault': [...inside, { do: 'end', outcome: 'contact-fault', proof: 'locked' }],
  'camera-lost': [...toTheDoor, { do: 'end', outcome: 'aborted', proof: 'untouched' }],
  // The home's line is cut: nothing is heard for long, then all of it.
  'link-lost': [...inside, { ...secured, afterPaces: 10 }],
  'hub-restarted': [...inside, { do: 'end', outcome: 'interrupted', proof: 'secured' }],
  'second-device': [{ do: 'claim' }, { do: 'claim-again' }],
  'nobody-comes': [],
};
