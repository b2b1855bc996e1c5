/** Keys of visitors' devices as they came with their knocks, imported once: importing costs more than verifying. Bounded. */
import { thumbprintOf, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import type { SignJwk } from '../../wire/shapes.ts';

/** Most keys kept; the oldest goes first. */
export const maxDeviceKeys = 64;

export class DeviceKeys {
  /** Thumbprint -> key: the thumbprint names the key and nothing else, so what is kept never changes. */
  readonly #keys = new Map<string, VerifyKey>();

  /** @throws jose's error for a key that is no point of its curve */
  async import(jwk: SignJwk): Promise<VerifyKey> {
    const known = this.#keys.get(thumbprintOf(jwk));
    if (known !== undefined) return known;
    const key = await toVerifyKey(jwk);
    this.#keys.set(key.kid, key);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= maxDeviceKeys) break;
      this.#keys.delete(oldest);
    }
    return key;
  }
}
