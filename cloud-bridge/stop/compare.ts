/** Compares what was typed with the code of the holder whom the courier has named. */
import { refuse, type Verdict } from '../../wire/faults.ts';
import type { Tables } from '../store/store.ts';
import type { StopParts } from './happen.ts';
import type { Standing } from './standing.ts';

export type CompareParts = StopParts;

export interface Typed {
  readonly holder: string;
  readonly digits: string;
  /** Device that it was typed on: proven. */
  readonly jkt: string;
}

/** @returns a refusal with `triesLeft` where it counted as a try. Until codes are checked, none is accepted. */
export async function compareCode(
  _parts: CompareParts,
  _tables: Tables,
  _standing: Standing,
  _typed: Typed,
): Promise<Verdict<unknown>> {
  return refuse('STOP_NOT_PLANNED');
}
