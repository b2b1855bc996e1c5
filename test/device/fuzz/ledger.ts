/** Signs whatever it is given, as a thief of the key would, and remembers what each key has signed. */
import { CompactSign, type JWK } from 'jose';
import type { SignKey } from '../../../wire/jws.ts';

/** What is signed of a compact JWS: everything before the signature. */
const signedPartOf = (jws: string): string => jws.slice(0, jws.lastIndexOf('.'));

export class Ledger {
  readonly #signed = new Map<string, string>();

  /**
   * @param payload  claims, or text that may be no JSON at all
   * @param header   how the document names its key, or the id of another key to sign in the name of
   */
  async sign(
    typ: string,
    payload: object | string,
    key: SignKey,
    header: 'kid' | 'jwk' | { readonly as: string } = 'kid',
  ): Promise<string> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const named = header === 'jwk' ? { jwk: key.jwk as JWK } : { kid: header === 'kid' ? key.kid : header.as };
    const jws = await new CompactSign(Buffer.from(text))
      .setProtectedHeader({ alg: key.alg, typ, ...named })
      .sign(key.privateKey);
    this.#signed.set(signedPartOf(jws), key.kid);
    return jws;
  }

  /** Whether exactly this was signed with this key. */
  has(jws: string | undefined, key: SignKey): boolean {
    return jws !== undefined && this.#signed.get(signedPartOf(jws)) === key.kid;
  }

  forget(): void {
    this.#signed.clear();
  }
}
