/** Who passkeys are for (WebAuthn 4, relying party): the name that the pages are served from. */
import { refuse, type Verdict } from '../../wire/faults.ts';
import type { CloudConfig } from '../config/schema.ts';

export interface RelyingParty {
  /** RP ID. */
  readonly id: string;
  /** Pages that may use passkeys of it. */
  readonly origins: readonly string[];
}

/** An address has no passkeys: it is nobody's name. */
const isName = (host: string): boolean => !/^[\d.]+$|^\[/.test(host);

/** @returns NOT_FOUND where no page is served under a name: there are no accounts then */
export function relyingPartyOf({ pagesOrigins }: Pick<CloudConfig, 'pagesOrigins'>): Verdict<RelyingParty> {
  const id = pagesOrigins.map((origin) => new URL(origin).hostname).find(isName);
  if (id === undefined) return refuse('NOT_FOUND');
  const isOfIt = (origin: string): boolean => {
    const { hostname } = new URL(origin);
    return hostname === id || hostname.endsWith(`.${id}`);
  };
  return { ok: true, value: { id, origins: pagesOrigins.filter(isOfIt) } };
}
