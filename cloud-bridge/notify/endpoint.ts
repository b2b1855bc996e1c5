/** Which address a push subscription may name: `https` on its own port, no user, no private address. */
import type { Verdict } from '../../wire/faults.ts';
import { type Allowed, checkAddress, lookupWithin } from '../outward/address.ts';

const code = 'PUSH_ENDPOINT_REFUSED';

/** @param allowLoopback  the address 127.0.0.1 too: for a simulator. @returns PUSH_ENDPOINT_REFUSED */
export function checkEndpoint(text: string, allowLoopback: boolean): Verdict<URL> {
  const allowed: Allowed = { reach: allowLoopback ? 'loopback' : 'public', code };
  return checkAddress(text, allowed);
}

export const publicLookup = lookupWithin({ reach: 'public', code });
