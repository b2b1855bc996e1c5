/** The hello: after every connect, and again while something is missing, the hub asks for time, witness and documents. */
import * as v from 'valibot';
import { Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { type AskBody, HelloAnswer } from '../../wire/messages.ts';
import type { Clock } from '../clock/clock.ts';
import type { Bus } from './bus.ts';

export interface HelloParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ask: (body: AskBody) => Promise<Verdict<Record<string, unknown>>>;
  /** What the hub says, made afresh each time; `nonce` is what the signed time has to answer. */
  readonly say: () => Extract<AskBody, { op: 'hello' }>;
  /** Takes the answer. @returns whether the hub has all that it needs: time, witness, documents */
  readonly take: (answer: HelloAnswer, roundTripMs: number) => Promise<boolean>;
  readonly failed: (refusal: Extract<Verdict<never>, { ok: false }>) => void;
}

/** Wait before asking again when something was missing, ms; then hourly, so that time and witness stay fresh. */
const againMs = { missing: 5_000, content: 3_600_000 } as const;

/** Starts on the first connect. @returns asks at once, and ends it */
export function keepGreeting(parts: HelloParts): { now(): void; stop(): void } {
  let cancel: (() => void) | undefined;
  let running = false;
  let stopped = false;

  const greet = async (): Promise<void> => {
    if (running || stopped || !parts.bus.online) return;
    running = true;
    cancel?.();
    let content = false;
    try {
      const askedAt = parts.clock.monotonic();
      const answer = await parts.ask(parts.say());
      const read = answer.ok ? v.safeParse(HelloAnswer, answer.value) : undefined;
      if (!answer.ok) parts.failed(answer);
      else if (!read?.success) parts.failed(refuse('MESSAGE_MALFORMED', { why: 'hello' }));
      else content = await parts.take(read.output, parts.clock.monotonic() - askedAt);
    } catch (error) {
      // A disk that keeps nothing of the answer: it is asked for again, and the hub lives on.
      if (!(error instanceof Fault)) throw error;
      parts.failed(refuse(error.code, error.detail));
    } finally {
      running = false;
      if (!stopped) cancel = parts.clock.after(content ? againMs.content : againMs.missing, () => void greet());
    }
  };

  parts.bus.onChange((online) => {
    if (online) void greet();
    else cancel?.();
  });
  return {
    now: () => void greet(),
    stop: () => {
      stopped = true;
      cancel?.();
    },
  };
}
