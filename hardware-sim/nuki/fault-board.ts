/** What is wrong with a Nuki right now, and what becomes of the messages that cross its radio. */

import { seededChance } from '../random.ts';
import type { NukiFault } from './faults.ts';

type Name = NukiFault['fault'];
type Named<N extends Name> = Extract<NukiFault, { fault: N }>;
type Counted = Extract<Name, 'connect-failure' | 'hang-up' | 'action-fails' | 'busy' | 'bad-nonce'>;
type Way = 'requests' | 'replies';

export class FaultBoard {
  readonly #chance: () => number;
  /** By name; of `drop` and `corrupt` one a way. */
  readonly #standing = new Map<string, { readonly fault: NukiFault; left: number }>();

  constructor(seed: number) {
    this.#chance = seededChance(seed);
  }

  set(fault: NukiFault): void {
    const key = 'way' in fault ? `${fault.fault} ${fault.way}` : fault.fault;
    if (!fault.active) this.#standing.delete(key);
    else this.#standing.set(key, { fault, left: countOf(fault) });
  }

  /** @returns the fault while it stands */
  get<N extends Name>(name: N): Named<N> | undefined {
    return this.#standing.get(name)?.fault as Named<N> | undefined;
  }

  /** Uses up one of the next few. @returns the fault when this one is hit */
  take<N extends Counted>(name: N): Named<N> | undefined {
    const standing = this.#standing.get(name);
    if (standing === undefined) return undefined;
    standing.left -= 1;
    if (standing.left <= 0) this.#standing.delete(name);
    return standing.fault as Named<N>;
  }

  /** Counts a write towards the cut. @returns whether the connection ends with this one */
  countWrite(): boolean {
    const standing = this.#standing.get('cut-after-n-writes');
    if (standing === undefined) return false;
    standing.left -= 1;
    if (standing.left > 0) return false;
    this.#standing.delete('cut-after-n-writes');
    return true;
  }

  /** @returns the message as it arrives, one byte of it flipped, or undefined when it is lost */
  carry(way: Way, bytes: Uint8Array): Uint8Array | undefined {
    if (this.#hits('drop', way)) return undefined;
    if (!this.#hits('corrupt', way) || bytes.length === 0) return bytes;
    const spoilt = bytes.slice();
    spoilt[Math.floor(this.#chance() * bytes.length)]! ^= 1 + Math.floor(this.#chance() * 255);
    return spoilt;
  }

  #hits(name: 'drop' | 'corrupt', way: Way): boolean {
    const standing = this.#standing.get(`${name} ${way}`);
    if (standing === undefined) return false;
    if (standing.left > 0) {
      standing.left -= 1;
      return true;
    }
    return this.#chance() < ((standing.fault as Named<'drop' | 'corrupt'>).chance ?? 0);
  }
}

function countOf(fault: NukiFault): number {
  if (fault.fault === 'cut-after-n-writes') return fault.writes;
  if ('way' in fault) return fault.next ?? (fault.chance === undefined ? Number.POSITIVE_INFINITY : 0);
  return 'next' in fault ? fault.next : Number.POSITIVE_INFINITY;
}
