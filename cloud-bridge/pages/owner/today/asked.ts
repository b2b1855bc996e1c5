/** What the owner is asked to allow, read from the grant that waits. Nobody's signature is believed here: the device checks before it signs. */
import * as v from 'valibot';
import { GrantClaims } from '../../../../wire/grant.ts';
import { fromBase64Url } from '../../../../wire/media.ts';
import type { Waiting } from '../home/known.ts';

export interface Asked extends Waiting {
  readonly claims: GrantClaims;
}

/** @returns undefined for what is no grant */
export function readAsked(waiting: Waiting): Asked | undefined {
  const bytes = fromBase64Url(waiting.grant.split('.')[1] ?? '');
  if (bytes === undefined) return undefined;
  try {
    const parsed = v.safeParse(GrantClaims, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? { ...waiting, claims: parsed.output } : undefined;
  } catch {
    return undefined;
  }
}
