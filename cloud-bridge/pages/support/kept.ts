/** What this browser keeps of a member of support: where the API is, the token, and the key that pictures are sealed for. */
import * as v from 'valibot';
import { EcJwk } from '../../../wire/shapes.ts';
import { readSupportFragment, type SupportLink } from '../../../wire/support.ts';
import { openTable } from '../common/table.ts';

export interface SealKey {
  /** Cannot be read by any script. */
  readonly privateKey: CryptoKey;
  readonly jwk: EcJwk;
}

export interface Kept {
  /** Who is signed in: by the link, else as before. */
  link(fragment: string): Promise<SupportLink | undefined>;
  /** The same for as long as the browser keeps it. */
  key(): Promise<SealKey>;
  forget(): Promise<void>;
}

const Link = v.object({ token: v.string(), api: v.string() });

async function makeKey(): Promise<SealKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
    'deriveBits',
  ]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return { privateKey, jwk: v.parse(EcJwk, { kty, crv, x, y }) };
}

/** @throws DOMException where the browser gives no storage */
export async function openKept(): Promise<Kept> {
  const table = await openTable('doorward-support', 'kept');
  return {
    link: async (fragment) => {
      const fresh = readSupportFragment(fragment);
      if (fresh !== undefined) await table.put(fresh, 'link');
      const before = v.safeParse(Link, await table.get('link'));
      return fresh ?? (before.success ? before.output : undefined);
    },
    key: async () => {
      const before = (await table.get('key')) as SealKey | undefined;
      if (before?.privateKey !== undefined) return before;
      const made = await makeKey();
      await table.put(made, 'key');
      return made;
    },
    forget: async () => {
      await table.put(null, 'link');
      await table.put(null, 'key');
    },
  };
}
