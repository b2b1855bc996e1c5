/** One owner device, as its hub pins it. Schema alone: it runs in a browser too. */
import * as v from 'valibot';
import { Passkey } from './passkey.ts';
import { EcJwk } from './shapes.ts';

export const OwnerDevice = v.strictObject({
  /** ES256: everything that the device signs. */
  sign: EcJwk,
  /** P-256: what phones and hub seal to. */
  seal: EcJwk,
  /** What widens access needs its assertion, once it is pinned with one. Phones without a secure part have none. */
  passkey: v.optional(Passkey),
});
export type OwnerDevice = v.InferOutput<typeof OwnerDevice>;
