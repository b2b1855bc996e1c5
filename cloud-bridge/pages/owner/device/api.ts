/** Requests to the cloud's API: each with a proof of this device's key (RFC 9449), its answer held against a schema. */
import { SignJWT } from 'jose';
import * as v from 'valibot';
import { type FaultCode, faults, refuse, type Verdict } from '../../../../wire/faults.ts';
import { newId } from '../../common/bytes.ts';
import type { StoredKey } from './keys.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: object;
  /** How long the answer may take, ms; 20 s unless told. */
  readonly patienceMs?: number;
}

export interface Api {
  /** No path. */
  readonly base: string;
  /** @returns the answer, or the refusal's code; CLOUD_SILENT when none came */
  call<S extends v.GenericSchema>(call: Call, schema: S): Promise<Verdict<v.InferOutput<S>>>;
  /** The answer as bytes. @param maxBytes  more is RECORDING_DAMAGED */
  bytes(call: Call, maxBytes: number): Promise<Verdict<Uint8Array>>;
  /**
   * Server-sent events until they end, one at a time.
   * @param opened  called when they begin: whatever happens from here on is heard
   * @returns why it ended; undefined when the connection was closed
   */
  events(
    path: string,
    signal: AbortSignal,
    hear: (type: string, data: string) => void,
    opened?: () => void,
  ): Promise<Verdict<undefined>>;
}

const Problem = v.object({ code: v.string(), detail: v.optional(v.record(v.string(), v.unknown()), {}) });
/** The answer of a hub may take this long, ms. */
const usualPatienceMs = 20_000;

const isFault = (code: string): code is FaultCode => Object.hasOwn(faults, code);

async function toRefusal(response: Response): Promise<ReturnType<typeof refuse>> {
  const parsed = v.safeParse(Problem, await response.json().catch(() => undefined));
  if (!parsed.success || !isFault(parsed.output.code)) return refuse('CLOUD_SILENT', { status: response.status });
  return refuse(parsed.output.code);
}

export function connectApi(base: string, key: StoredKey): Api {
  const send = async ({ method, path, body }: Call, signal: AbortSignal): Promise<Verdict<Response>> => {
    const url = new URL(path, base);
    const proof = await new SignJWT({ htm: method, htu: `${url.origin}${url.pathname}`, jti: newId() })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { ...key.jwk } })
      .setIssuedAt()
      .sign(key.privateKey);
    const headers: Record<string, string> = { DPoP: proof };
    if (method !== 'GET') headers['Idempotency-Key'] = newId();
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    try {
      // No `cache: 'no-store'`: the answers say so themselves, and here it would have Chromium send each preflight again.
      const options = { credentials: 'omit', referrerPolicy: 'no-referrer' } as const;
      const response = await fetch(url, { method, headers, ...json, signal, ...options });
      return response.ok ? { ok: true, value: response } : await toRefusal(response);
    } catch {
      return refuse('CLOUD_SILENT');
    }
  };

  return {
    base,
    call: async (call, schema) => {
      const reply = await send(call, AbortSignal.timeout(call.patienceMs ?? usualPatienceMs));
      if (!reply.ok) return reply;
      const parsed = v.safeParse(schema, await reply.value.json().catch(() => undefined), { abortEarly: true });
      if (parsed.success) return { ok: true, value: parsed.output };
      return refuse('MESSAGE_MALFORMED', { why: v.getDotPath(parsed.issues[0]) ?? 'answer' });
    },
    bytes: async (call, maxBytes) => {
      const stop = new AbortController();
      const reply = await send(call, stop.signal);
      if (!reply.ok) return reply;
      const parts: Uint8Array<ArrayBuffer>[] = [];
      let length = 0;
      try {
        for (const reader = reply.value.body!.getReader(); ; ) {
          const { done, value } = await reader.read();
          if (done) break;
          parts.push(value);
          length += value.length;
          if (length <= maxBytes) continue;
          stop.abort();
          return refuse('RECORDING_DAMAGED', { why: 'size' });
        }
      } catch {
        return refuse('CLOUD_SILENT');
      }
      return { ok: true, value: new Uint8Array(await new Blob(parts).arrayBuffer()) };
    },
    events: async (path, signal, hear, opened) => {
      const reply = await send({ method: 'GET', path }, signal);
      if (!reply.ok) return reply;
      opened?.();
      try {
        await readEvents(reply.value, hear);
      } catch {
        return refuse('CLOUD_SILENT');
      }
      return { ok: true, value: undefined };
    },
  };
}

const maxEventChars = 262_144;

/** @see WHATWG HTML, 9.2.6 */
async function readEvents(response: Response, hear: (type: string, data: string) => void): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = (blocks.pop() ?? '').slice(-maxEventChars);
    for (const block of blocks) {
      const field = (name: string): string | undefined => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
      const data = field('data');
      if (data !== undefined) hear(field('event') ?? 'message', data);
    }
  }
}
