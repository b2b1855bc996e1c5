/**
 * NAL units of an H.264 Annex B stream, as far as cutting it into pictures needs them. Pure.
 *
 * @see ITU-T H.264, 7.3.1 (NAL unit), 7.4.1.2.3 (order within an access unit), 9.1 (Exp-Golomb), B.1 (byte stream)
 */

/** `nal_unit_type`s that matter here. @see ITU-T H.264, table 7-1 */
export const nalTypes = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, aud: 9 } as const;

/** How a NAL unit stands to the picture in front of it. */
export type NalRole =
  /** The first slice of a picture: `first_mb_in_slice` is 0. */
  | 'first-slice'
  /** A further slice of it. */
  | 'slice'
  /** Stands in front of a picture: delimiter, SPS, PPS, SEI, 14 to 18. */
  | 'prefix'
  /** Belongs to the picture before it: end of sequence, filler, anything else. */
  | 'suffix';

/**
 * @param header  the byte behind the start code
 * @param first   the byte behind that; `first_mb_in_slice` is Exp-Golomb coded, so its value 0 is a single 1 bit
 */
export function roleOf(header: number, first: number): NalRole {
  const type = header & 0x1f;
  // Data partitions B and C (3, 4) have no first_mb_in_slice; no profile that a camera writes has them.
  if (type >= nalTypes.slice && type <= nalTypes.idr) return (first & 0x80) === 0 ? 'slice' : 'first-slice';
  return (type >= nalTypes.sei && type <= nalTypes.aud) || (type >= 14 && type <= 18) ? 'prefix' : 'suffix';
}

/** @returns where the next `00 00 01` begins, from `from` on; -1 where none does */
export function findStartCode(bytes: Uint8Array, from: number): number {
  for (let one = bytes.indexOf(1, from + 2); one !== -1; one = bytes.indexOf(1, one + 1)) {
    if (bytes[one - 1] === 0 && bytes[one - 2] === 0) return one - 2;
  }
  return -1;
}

const startCode = Uint8Array.of(0, 0, 0, 1);
const maxSets = 16;
const maxSetBytes = 1024;

/** The SPS and PPS that are in force, for encoders that send them only once. */
export class ParameterSets {
  #sets: Uint8Array[] = [];

  /** @param nal  from its header on; anything but a parameter set is passed over */
  keep(nal: Uint8Array): void {
    const type = nal[0]! & 0x1f;
    if ((type !== nalTypes.sps && type !== nalTypes.pps) || nal.length > maxSetBytes) return;
    let length = nal.length;
    while (length > 0 && nal[length - 1] === 0) length -= 1;
    const set = nal.slice(0, length);
    if (this.#sets.some((one) => Buffer.compare(one, set) === 0)) return;
    // Another SPS is another sequence: what belonged to the old one is of no use.
    if (type === nalTypes.sps) this.#sets = [];
    if (this.#sets.length < maxSets) this.#sets.push(set);
  }

  /**
   * @param unit  an access unit, Annex B
   * @returns it with all sets in front, behind its delimiter if it has one; nothing when an SPS or PPS never came
   */
  addTo(unit: Uint8Array): Uint8Array | undefined {
    const has = (type: number): boolean => this.#sets.some((set) => (set[0]! & 0x1f) === type);
    if (!has(nalTypes.sps) || !has(nalTypes.pps)) return undefined;
    const first = findStartCode(unit, 0);
    const isDelimited = (unit[first + 3]! & 0x1f) === nalTypes.aud;
    const next = isDelimited ? findStartCode(unit, first + 3) : 0;
    const at = next > 0 && unit[next - 1] === 0 ? next - 1 : Math.max(0, next);
    const sets = this.#sets.flatMap((set) => [startCode, set]);
    return Uint8Array.from(Buffer.concat([unit.subarray(0, at), ...sets, unit.subarray(at)]));
  }
}
