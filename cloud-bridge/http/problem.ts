/** RFC 9457 problem details: every refusal and failure as the fault table has it. */
import * as v from 'valibot';
import { Fault, type FaultCode, type FaultDetail, faults } from '../../wire/faults.ts';

export const Problem = v.strictObject({
  type: v.pipe(v.string(), v.description('https://doorward.example/problems/<code>')),
  title: v.string(),
  status: v.number(),
  code: v.string(),
  retry: v.pipe(
    v.picklist(['never', 'later', 'fresh']),
    v.description('never: it fails for ever; later: wait; fresh: with a new nonce or document'),
  ),
  detail: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])),
  instance: v.pipe(v.string(), v.description('urn of this request, as the log names it')),
});
export type Problem = v.InferOutput<typeof Problem>;

export const toProblem = (code: FaultCode, detail: FaultDetail, requestId: string): Problem => ({
  type: `https://doorward.example/problems/${code}`,
  title: faults[code].says,
  status: faults[code].http,
  code,
  retry: faults[code].retry,
  detail,
  instance: `urn:doorward:request:${requestId}`,
});

/** Reads any error as a fault. What nobody foresaw is INTERNAL and tells nothing. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const options = { cause: error };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Fault('BODY_TOO_BIG', {}, options);
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return new Fault('STORE_UNAVAILABLE', {}, options);
  if (statusCode === 404) return new Fault('NOT_FOUND', {}, options);
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new Fault('BODY_MALFORMED', {}, options);
  }
  return new Fault('INTERNAL', {}, options);
}
