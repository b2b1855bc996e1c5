/** What everything about accounts is handed. */
import type { Parts } from '../parts.ts';
import type { RelyingParty } from './relying-party.ts';

export interface AccountParts extends Pick<Parts, 'store' | 'now'> {
  readonly party: RelyingParty;
}
