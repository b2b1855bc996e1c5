/** What holds a door, by its configuration. */
import type { Holder } from '../../wire/commissioning.ts';
import type { DoorConfig } from './schema.ts';

/** @returns `strike`, `nuki` or `barrier` */
export const holderOf = ({ lock, barrier }: Pick<DoorConfig, 'lock' | 'barrier'>): Holder => {
  if (barrier !== undefined) return 'barrier';
  return lock?.kind === 'nuki' ? 'nuki' : 'strike';
};
