/** What is wrong on a line right now, and what becomes of the frames that cross it. */
import type { LineFault } from '../faults.ts';
import { seededChance } from '../random.ts';

type Way = 'commands' | 'replies';
type Lossy = Extract<LineFault, { fault: 'drop' | 'corrupt' }>;

/** A fault that loses or spoils frames, with what is left of its count. */
interface Standing {
  readonly fault: Lossy;
  left: number;
}

/** Bytes of a frame before its control byte; a frame whose outline is hit is not seen as a frame at all. */
const outlineBytes = 5;

export class LineFaults {
  readonly #chance: () => number;
  #lossy: Standing[] = [];
  readonly #silent = new Set<number | undefined>();
  readonly #delays = new Map<number | undefined, number>();
  #writesLeft = Number.POSITIVE_INFINITY;

  constructor(seed: number) {
    this.#chance = seededChance(seed);
  }

  /** Sets or mends a fault of the line itself. @returns false for one that is a peripheral's own business */
  set(fault: LineFault): boolean {
    switch (fault.fault) {
      case 'drop':
      case 'corrupt':
        this.#setLossy(fault);
        return true;
      case 'silent':
        if (fault.active) this.#silent.add(fault.address);
        else this.#silent.delete(fault.address);
        return true;
      case 'delay':
        if (fault.active) this.#delays.set(fault.address, fault.ms);
        else this.#delays.delete(fault.address);
        return true;
      case 'cut-after-n-writes':
        this.#writesLeft = fault.active ? fault.writes : Number.POSITIVE_INFINITY;
        return true;
      default:
        return false;
    }
  }

  isSilent(address: number): boolean {
    return this.#writesLeft <= 0 || this.#silent.has(address) || this.#silent.has(undefined);
  }

  delayMs(address: number): number {
    return this.#delays.get(address) ?? this.#delays.get(undefined) ?? 0;
  }

  /** Counts one reply towards the cut. @returns false when the cable is dead */
  mayWrite(): boolean {
    if (this.#writesLeft <= 0) return false;
    this.#writesLeft -= 1;
    return true;
  }

  /** @returns the frame as it arrives, one byte of it flipped, or undefined when it is lost */
  carry(way: Way, address: number, bytes: Uint8Array): Uint8Array | undefined {
    if (this.#hits('drop', way, address)) return undefined;
    if (!this.#hits('corrupt', way, address)) return bytes;
    const spoilt = bytes.slice();
    const at = outlineBytes + Math.floor(this.#chance() * (bytes.length - outlineBytes));
    spoilt[at]! ^= 1 + Math.floor(this.#chance() * 255);
    return spoilt;
  }

  #setLossy(fault: Lossy): void {
    this.#lossy = this.#lossy.filter(({ fault: old }) => old.fault !== fault.fault || old.way !== fault.way);
    if (!fault.active) return;
    const left = fault.next ?? (fault.chance === undefined ? Number.POSITIVE_INFINITY : 0);
    this.#lossy.push({ fault, left });
  }

  #hits(name: Lossy['fault'], way: Way, address: number): boolean {
    const standing = this.#lossy.find(
      ({ fault }) =>
        fault.fault === name && fault.way === way && (fault.address === undefined || fault.address === address),
    );
    if (!standing) return false;
    if (standing.left > 0) {
      standing.left -= 1;
      return true;
    }
    return this.#chance() < (standing.fault.chance ?? 0);
  }
}
