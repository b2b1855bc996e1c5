/** When a clock may be trusted: a pure machine over looks at the system's clock and answers of the cloud. */
import { accept, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';

/** How far clock and cloud, or clock and monotonic time, may be apart, ms. */
export const toleranceMs = 60_000;

/** Both clocks of this machine, read together, ms. */
export interface Look {
  readonly wallMs: number;
  /** Of the same process; from an arbitrary start. */
  readonly monoMs: number;
}

export type TimeState = {
  /** Highest time that was ever trusted, ms. Rises only with trusted time; only an owner sets it back. */
  readonly markMs: number;
} & (
  | { readonly at: 'unset' | 'disagreeing' | 'jumped' }
  /** When clock and cloud agreed last. */
  | { readonly at: 'agreed'; readonly since: Look }
);

/** After every start, whatever the clock shows (T26). */
export const unset: TimeState = { at: 'unset', markMs: 0 };

const why: Readonly<Record<Exclude<TimeState['at'], 'agreed'>, FaultCode>> = {
  unset: 'CLOCK_UNSET',
  disagreeing: 'CLOCK_DISAGREES',
  jumped: 'CLOCK_JUMPED',
};

/**
 * The cloud answered: its time was `cloudMs` at some moment between the question and the answer.
 * @param got            when the answer came
 * @param answer.tookMs  from question to answer
 */
export function agree(
  state: TimeState,
  got: Look,
  { cloudMs, tookMs }: { readonly cloudMs: number; readonly tookMs: number },
): TimeState {
  const { markMs } = state;
  const apart = got.wallMs < cloudMs - toleranceMs || got.wallMs > cloudMs + tookMs + toleranceMs;
  return apart ? { at: 'disagreeing', markMs } : { at: 'agreed', since: got, markMs };
}

/**
 * Asks for the time.
 * @param now  undefined when the clock fails: no time, and no trust in it until the cloud agrees again
 */
export function look(state: TimeState, now: Look | undefined): { state: TimeState; answer: Verdict<number> } {
  const { markMs } = state;
  if (now === undefined) return { state: { at: 'unset', markMs }, answer: refuse('CLOCK_UNSET') };
  if (state.at !== 'agreed') return { state, answer: refuse(why[state.at]) };
  const drift = now.wallMs - state.since.wallMs - (now.monoMs - state.since.monoMs);
  if (Math.abs(drift) > toleranceMs) return { state: { at: 'jumped', markMs }, answer: refuse('CLOCK_JUMPED') };
  if (now.wallMs < markMs) return { state, answer: refuse('CLOCK_BEHIND') };
  return { state: { ...state, markMs: now.wallMs }, answer: accept(now.wallMs) };
}

/** An owner set the mark. */
export const reset = (state: TimeState, markMs: number): TimeState => ({ ...state, markMs });
