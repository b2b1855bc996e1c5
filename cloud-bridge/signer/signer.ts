/** Signing for the cloud: five kinds of document and nothing else, so that whoever holds a `Signer` cannot sign a rule. */
import type { GrantClaims } from '../../wire/grant.ts';
import type { RevocationClaims } from '../../wire/revocation.ts';
import type { StopReceiptClaims } from '../../wire/stop-receipt.ts';
import type { TimeClaims, WitnessClaims } from '../../wire/witness.ts';

/** An implementation may keep its key in a file, an HSM or a remote service; each call may take milliseconds. */
export interface Signer {
  /** `iss` of the grants. */
  readonly issuer: string;
  /** Thumbprint of the key, as the issuer set names it. */
  readonly kid: string;
  /** @throws Fault INTERNAL when it cannot sign */
  grant(claims: Omit<GrantClaims, 'iss'>): Promise<string>;
  time(claims: TimeClaims): Promise<string>;
  witness(claims: WitnessClaims): Promise<string>;
  revocation(claims: RevocationClaims): Promise<string>;
  stopReceipt(claims: Omit<StopReceiptClaims, 'iss'>): Promise<string>;
}
