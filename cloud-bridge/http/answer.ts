/** Answers with a verdict: its value, or its refusal as a problem. */
import { Fault, type Verdict } from '../../wire/faults.ts';

/** @throws Fault with the refusal's code and detail */
export function orProblem<T>(verdict: Verdict<T>): T {
  if (!verdict.ok) throw new Fault(verdict.code, verdict.detail);
  return verdict.value;
}
