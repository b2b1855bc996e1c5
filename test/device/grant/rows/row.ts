/** One refusal: a good case in which exactly one thing is changed, and the one code that has to come of it. */
import type { FaultCode, Verdict } from '../../../../wire/faults.ts';

export interface Row {
  /** What is changed, as a sentence. */
  readonly says: string;
  readonly code: FaultCode;
  readonly attempt: () => Promise<Verdict<unknown>>;
}
