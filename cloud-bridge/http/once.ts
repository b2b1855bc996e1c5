/** Idempotency keys: the same key with the same request gets the same answer, done once. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import type { Parts } from '../parts.ts';
import type { Tables } from '../store/store.ts';

export interface Done {
  readonly status: number;
  readonly body: object;
}

/** What a request did in its transaction: its answer, or what is still to do after the commit to have one. */
export type Work = (tables: Tables) => Promise<Verdict<Done | (() => Promise<Verdict<Done>>)>>;

/** After this a request that never ended counts as lost, ms. */
const lostAfterMs = 60_000;
/** Stored answers live this long, ms. */
export const answerForMs = 86_400_000;

/** @throws Fault IDEMPOTENCY_KEY_MISSING */
function keyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !/^[\x21-\x7e]{8,64}$/.test(key)) throw new Fault('IDEMPOTENCY_KEY_MISSING');
  return key;
}

const orThrow = <T>(verdict: Verdict<T>): T => {
  if (!verdict.ok) throw new Fault(verdict.code, verdict.detail);
  return verdict.value;
};

/**
 * Does a request once. Its answer is committed together with what it did; a refusal undoes everything and is not kept, so that
 * the same key may be used again. Answers are sealed: they may hold tokens that stand nowhere else, and are the same whichever
 * access token or secret of the caller asks again.
 * @param caller  whose key it is
 * @throws Fault IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_FLIGHT, or the refusal of `work`
 */
export async function answerOnce(
  parts: Pick<Parts, 'store' | 'now' | 'vault'>,
  caller: string,
  request: FastifyRequest,
  reply: FastifyReply,
  work: Work,
): Promise<FastifyReply> {
  const key = keyOf(request);
  const fingerprint = hashOf(JSON.stringify([request.method, request.url, request.body ?? null]));
  const row = (status: number, body: string) => ({
    caller,
    key,
    request: fingerprint,
    status,
    body,
    at: parts.now(),
  });
  const about = `answer:${caller}:${key}`;
  const stored = (done: Done) => row(done.status, parts.vault.seal(about, JSON.stringify(done.body)));

  const first = await parts.store.write(async (tables): Promise<Done | (() => Promise<Verdict<Done>>)> => {
    const known = await tables.answers.find(caller, key);
    if (known !== undefined) {
      if (known.request !== fingerprint) throw new Fault('IDEMPOTENCY_KEY_REUSED');
      if (known.status !== 0) {
        return { status: known.status, body: JSON.parse(parts.vault.open(about, known.body)) as object };
      }
      if (parts.now() - known.at < lostAfterMs) throw new Fault('IDEMPOTENCY_IN_FLIGHT');
    }
    const done = orThrow(await work(tables));
    await tables.answers.put(typeof done === 'function' ? row(0, '') : stored(done));
    return done;
  });
  if (typeof first !== 'function') return reply.code(first.status).send(first.body);

  try {
    const done = orThrow(await first());
    await parts.store.write(({ answers }) => answers.put(stored(done)));
    return reply.code(done.status).send(done.body);
  } catch (error) {
    await parts.store.write(({ answers }) => answers.drop(caller, key));
    throw error;
  }
}
