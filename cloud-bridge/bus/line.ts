/** Requests to hubs: each with an id, an expiry and one answer. */

import { accept, Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import {
  type Answer,
  Answer as AnswerSchema,
  type RequestBody,
  readMessage,
  writeMessage,
} from '../../wire/messages.ts';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';

/** Asks hubs. */
export interface Line {
  /**
   * Sends one request and waits for its answer. Nothing is queued and nothing is sent twice: whoever wants to try again asks again.
   * @param withinMs  how long the hub has, ms; the request itself dies at the same moment
   * @returns what the hub answered: a body, or the hub's own refusal
   * @throws Fault HUB_OFFLINE when nothing was sent; HUB_SILENT when no answer came, so that it is not known what the hub did
   */
  ask(hubId: string, body: RequestBody, withinMs?: number): Promise<Verdict<Record<string, unknown>>>;
}

interface Waiting {
  readonly hubId: string;
  readonly timer: NodeJS.Timeout;
  readonly settle: (answer: Answer) => void;
  readonly fail: () => void;
}

const maxWaiting = 10_000;

/**
 * @param answerMs   how long a hub has when the caller does not say, ms
 * @param isOffline  true when the hub is known to be away
 */
export function lineOver(
  bus: Bus,
  options: { readonly answerMs: number; readonly now: () => number; readonly isOffline: (hubId: string) => boolean },
  log: Log,
): Line {
  const waiting = new Map<string, Waiting>();

  bus.listen({
    answer: (hubId, payload) => {
      const read = readMessage('answer', AnswerSchema, payload);
      if (!read.ok) return log.messageRefused({ hub: hubId, code: read.code });
      const asked = waiting.get(read.value.id);
      // Late, repeated, or from a hub that was not asked.
      if (asked?.hubId !== hubId) return;
      waiting.delete(read.value.id);
      clearTimeout(asked.timer);
      asked.settle(read.value);
    },
    change: (online) => {
      if (online) return;
      for (const [id, asked] of waiting) {
        waiting.delete(id);
        clearTimeout(asked.timer);
        asked.fail();
      }
    },
  });

  return {
    ask: (hubId, body, withinMs = options.answerMs) =>
      new Promise((resolve, reject) => {
        if (options.isOffline(hubId)) return reject(new Fault('HUB_OFFLINE'));
        if (waiting.size >= maxWaiting) return reject(new Fault('RATE_LIMITED'));
        const id = newId();
        const request = { v: 1, id, to: bus.instanceId, exp: options.now() + withinMs, body };
        if (!bus.publish(hubId, 'request', writeMessage(request))) {
          return reject(new Fault('HUB_OFFLINE', { why: 'broker' }));
        }
        const fail = (): void => {
          waiting.delete(id);
          reject(new Fault('HUB_SILENT'));
        };
        const settle = (answer: Answer): void =>
          resolve(answer.ok ? accept(answer.body) : refuse(answer.code, answer.detail));
        waiting.set(id, { hubId, timer: setTimeout(fail, withinMs), settle, fail });
      }),
  };
}
