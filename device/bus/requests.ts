/** Takes requests of the cloud: read, checked for age, done once, answered to the instance that asked. */

import { accept, Fault, type FaultCode, type Refusal, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import { type Answer, Request, type RequestBody, readMessage, writeMessage } from '../../wire/messages.ts';

export type Operation = RequestBody['op'];
/** Does one operation. A refusal is answered as such; a throw is answered as its fault. */
export type Handlers = {
  readonly [Op in Operation]: (body: Extract<RequestBody, { op: Op }>) => Promise<Verdict<Record<string, unknown>>>;
};

export interface RequestPolicy {
  /** The cloud's time as far as the hub knows it, ms. */
  cloudNow(): number;
  /** Furthest expiry that is taken, ms from now: seconds, so that no stored request lives on (T43). */
  readonly maxAheadMs: number;
  /** Requests under way at once; more are RATE_LIMITED. */
  readonly maxInFlight: number;
  /** Answers remembered for repeats. */
  readonly remember: number;
}

interface Known {
  readonly payload: string;
  readonly answer: Promise<Answer>;
}

/**
 * @param send     hands an answer to the bus
 * @param refused  told of every message that was not even a request, and of every late one
 * @returns takes one payload; resolves when it is answered or dropped
 */
export function requestTaker(
  handlers: Handlers,
  policy: RequestPolicy,
  send: (instanceId: string, payload: Buffer) => void,
  refused: (refusal: Refusal) => void,
): (payload: Buffer) => Promise<void> {
  const known = new Map<string, Known>();
  let inFlight = 0;

  const perform = async (request: Request): Promise<Answer> => {
    const result = await attempt(handlers, request.body);
    const { v, id } = request;
    if (result.ok) return { v, id, ok: true, body: result.value };
    return result.detail === undefined
      ? { v, id, ok: false, code: result.code }
      : { v, id, ok: false, code: result.code, detail: result.detail };
  };

  const check = (request: Request): Verdict<Request> => {
    const now = policy.cloudNow();
    if (now >= request.exp) return refuse('MESSAGE_EXPIRED', { lateMs: Math.round(now - request.exp) });
    if (request.exp > now + policy.maxAheadMs) return refuse('MESSAGE_MALFORMED', { why: 'exp' });
    if (inFlight >= policy.maxInFlight) return refuse('RATE_LIMITED');
    return accept(request);
  };

  return async (payload) => {
    const read = readMessage('request', Request, payload);
    if (!read.ok) {
      refused(read);
      return;
    }
    const request = read.value;
    const repeat = known.get(request.id);
    const fingerprint = hashOf(payload.toString('utf8'));
    if (repeat !== undefined) {
      if (repeat.payload === fingerprint) send(request.to, writeMessage(await repeat.answer));
      else refused(refuse('MESSAGE_MALFORMED', { why: 'id used twice' }));
      return;
    }
    const checked = check(request);
    if (!checked.ok) {
      refused(checked);
      send(request.to, writeMessage({ v: 1, id: request.id, ...checked }));
      return;
    }
    inFlight += 1;
    const answer = perform(request);
    known.set(request.id, { payload: fingerprint, answer });
    for (const oldest of known.keys()) {
      if (known.size <= policy.remember) break;
      known.delete(oldest);
    }
    try {
      send(request.to, writeMessage(await answer));
    } finally {
      inFlight -= 1;
    }
  };
}

async function attempt(handlers: Handlers, body: RequestBody): Promise<Verdict<Record<string, unknown>>> {
  try {
    const handler = handlers[body.op] as (body: RequestBody) => Promise<Verdict<Record<string, unknown>>>;
    return await handler(body);
  } catch (error) {
    if (error instanceof Fault) return refuse(error.code, error.detail);
    return refuse('INTERNAL' satisfies FaultCode);
  }
}
