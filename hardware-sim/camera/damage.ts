/** What becomes of encoded bytes on their way out: changed, held back, cut off. */
import type { CameraFault } from '../faults.ts';
import { seededChance } from '../random.ts';
import { standing } from './exposures.ts';

export class Damage {
  readonly #chance: () => number;
  /** The cut that is being counted, with what is left of its bytes. */
  #cut: { readonly afterBytes: number; left: number } | undefined;

  constructor(seed: number) {
    this.#chance = seededChance(seed);
  }

  /** @returns what comes out of `bytes`, perhaps nothing; `bytes` itself is left as it is */
  pass(bytes: Uint8Array, faults: readonly CameraFault[]): Uint8Array {
    if (standing(faults, 'silent')) return new Uint8Array();
    return this.#shorten(this.#spoil(bytes, faults), faults);
  }

  #spoil(bytes: Uint8Array, faults: readonly CameraFault[]): Uint8Array {
    const fault = standing(faults, 'corrupt');
    if (!fault || bytes.length === 0 || this.#chance() >= fault.chance) return bytes;
    const spoilt = bytes.slice();
    for (let i = 0; i < fault.bytes; i++) {
      const at = Math.floor(this.#chance() * spoilt.length);
      spoilt[at] = bytes[at]! ^ (1 + Math.floor(this.#chance() * 255));
    }
    return spoilt;
  }

  #shorten(bytes: Uint8Array, faults: readonly CameraFault[]): Uint8Array {
    const fault = standing(faults, 'cut');
    if (!fault) {
      this.#cut = undefined;
      return bytes;
    }
    if (this.#cut?.afterBytes !== fault.afterBytes)
      this.#cut = { afterBytes: fault.afterBytes, left: fault.afterBytes };
    const passed = bytes.subarray(0, this.#cut.left);
    this.#cut.left -= passed.length;
    return passed;
  }
}
