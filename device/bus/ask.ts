/** Asks the cloud something and waits for its answer by id. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import { Answer, type AskBody, readMessage, writeMessage } from '../../wire/messages.ts';
import type { Clock } from '../clock/clock.ts';
import type { Bus } from './bus.ts';

/** How long the cloud may take, ms. */
const withinMs = 10_000;

/**
 * @returns asks one thing: the answer's body, the cloud's refusal, BROKER_UNREACHABLE when offline or when the connection is lost
 *   before the answer, MESSAGE_EXPIRED without an answer in 10 s
 */
export function asker(bus: Bus, clock: Clock): (body: AskBody) => Promise<Verdict<Record<string, unknown>>> {
  const waiting = new Map<string, (outcome: Answer | 'lost') => void>();
  // Nothing is kept for a hub that was away: an answer that has not come by now never will.
  bus.onChange((online) => {
    if (!online) for (const end of waiting.values()) end('lost');
  });
  bus.onMessage((kind, payload) => {
    if (kind !== 'answer') return;
    const answer = readMessage('answer', Answer, payload);
    if (answer.ok) waiting.get(answer.value.id)?.(answer.value);
  });
  return (body) =>
    new Promise((resolve) => {
      const id = newId();
      if (!bus.publish('ask', writeMessage({ v: 1, id, body }))) {
        resolve(refuse('BROKER_UNREACHABLE'));
        return;
      }
      const end = (verdict: Verdict<Record<string, unknown>>): void => {
        cancel();
        waiting.delete(id);
        resolve(verdict);
      };
      const cancel = clock.after(withinMs, () => end(refuse('MESSAGE_EXPIRED')));
      waiting.set(id, (outcome) => {
        if (outcome === 'lost') end(refuse('BROKER_UNREACHABLE'));
        else end(outcome.ok ? accept(outcome.body) : refuse(outcome.code, outcome.detail));
      });
    });
}
