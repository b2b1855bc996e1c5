/** The HTTP client of everybody on the street: JSON over kept-alive connections, refusals as values. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import * as v from 'valibot';
import { Fault, type FaultCode, type FaultDetail, faults } from '../../wire/faults.ts';
import type { SignKey } from '../../wire/jws.ts';
import { type Clock, realClock } from '../clock.ts';
import { signProof } from './proof.ts';

/** What the cloud refused, or the network did. `status` 0: no answer came. */
export interface HttpRefusal {
  readonly ok: false;
  readonly code: FaultCode;
  /** HTTP status, 0 without an answer. */
  readonly status: number;
  readonly detail: FaultDetail;
}

/** A refusal that no answer brought: of the network, or of whoever would have asked. */
export const refusedHere = (code: FaultCode, detail: FaultDetail = {}): HttpRefusal => ({
  ok: false,
  code,
  status: 0,
  detail,
});

/** An answer that fits its schema, or a refusal. */
export type Reply<T> = { readonly ok: true; readonly status: number; readonly value: T } | HttpRefusal;

/** Where a refusal has no place in the story. @throws Fault with the code of the refusal */
export function mustHave<T>(reply: Reply<T>): T {
  if (reply.ok) return reply.value;
  throw new Fault(reply.code, { ...reply.detail, status: reply.status });
}

/** One request. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Absolute path; a query may follow. */
  readonly path: string;
  readonly body?: object;
  /** Instead of `body`: sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Token of an operator or a carrier. */
  readonly bearer?: string;
  /** Client id and secret of a carrier. */
  readonly basic?: readonly [string, string];
  /** Key of an owner's or a courier's device: a fresh proof is signed for every attempt. */
  readonly proof?: SignKey;
  /** Idempotency-Key, 8..64 characters. With it the call is repeated when no answer came. */
  readonly once?: string;
  /** SSE only: go on after this event. */
  readonly lastEventId?: string;
}

export interface HttpOptions {
  /** `http://…` or `https://…`, no path. */
  readonly base: string;
  /** PEM, for an `https` base with a CA of its own. */
  readonly ca?: string;
  /** No answer for this long is CLOUD_SILENT, ms; 10 s unless told: a request to a hub dies after 8. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

const maxAnswerBytes = 4 * 1024 * 1024;
/** A call that may be repeated is sent this often at most. */
const maxAttempts = 3;

const Problem = v.object({
  code: v.string(),
  detail: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])), {}),
});

const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(faults, code);

/** @returns the refusal that a problem document says; INTERNAL when it is none of ours */
export function toRefusal(status: number, json: unknown): HttpRefusal {
  const problem = v.safeParse(Problem, json);
  if (!problem.success || !isFaultCode(problem.output.code)) return { ok: false, code: 'INTERNAL', status, detail: {} };
  return { ok: false, code: problem.output.code, status, detail: problem.output.detail };
}

function noAnswer(error: unknown): HttpRefusal {
  if (error instanceof Fault) return refusedHere(error.code);
  const why = (error as NodeJS.ErrnoException).code ?? 'closed';
  return refusedHere('CLOUD_UNREACHABLE', { why });
}

/** A kept connection that the server has closed meanwhile ends a request too: a GET or PUT is then simply sent again. */
const mayRepeat = (call: Call, { code }: HttpRefusal): boolean =>
  call.once !== undefined || (call.method !== 'POST' && code === 'CLOUD_UNREACHABLE');

function bodyOf({ form, body }: Call): Buffer | undefined {
  if (form !== undefined) return Buffer.from(new URLSearchParams(form).toString());
  return body === undefined ? undefined : Buffer.from(JSON.stringify(body));
}

export class HttpClient {
  readonly base: string;
  readonly clock: Clock;
  readonly #agent: Agent;
  readonly #send: typeof request;
  readonly #timeoutMs: number;

  constructor(options: HttpOptions) {
    const tls = options.base.startsWith('https:');
    this.base = options.base.replace(/\/$/, '');
    this.clock = options.clock ?? realClock;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#send = tls ? tlsRequest : request;
    this.#agent = tls
      ? new TlsAgent({ keepAlive: true, ...(options.ca === undefined ? {} : { ca: options.ca }) })
      : new Agent({ keepAlive: true });
  }

  /**
   * Sends one request and reads its JSON answer.
   * @returns what the schema reads; else the refusal of the cloud, MESSAGE_MALFORMED for an answer that does not fit,
   *   CLOUD_UNREACHABLE or CLOUD_SILENT when none came
   */
  async call<S extends v.GenericSchema>(call: Call, schema: S): Promise<Reply<v.InferOutput<S>>> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.#attempt(call, schema);
      if (reply.ok || reply.status !== 0 || attempt === maxAttempts || !mayRepeat(call, reply)) return reply;
    }
  }

  /** Sends one request whose answer is a stream. @returns the open answer, or a refusal */
  async open(call: Call): Promise<Reply<IncomingMessage>> {
    try {
      const response = await this.#request(call);
      const status = response.statusCode ?? 0;
      return status === 200 ? { ok: true, status, value: response } : toRefusal(status, await readJson(response));
    } catch (error) {
      return noAnswer(error);
    }
  }

  /** Closes the connections that are kept. */
  close(): void {
    this.#agent.destroy();
  }

  async #attempt<S extends v.GenericSchema>(call: Call, schema: S): Promise<Reply<v.InferOutput<S>>> {
    let status: number;
    let json: unknown;
    try {
      const response = await this.#request(call);
      status = response.statusCode ?? 0;
      json = await readJson(response);
    } catch (error) {
      return noAnswer(error);
    }
    if (status < 200 || status > 299) return toRefusal(status, json);
    const parsed = v.safeParse(schema, json, { abortEarly: true });
    if (parsed.success) return { ok: true, status, value: parsed.output };
    const why = `${call.path} ${v.getDotPath(parsed.issues[0]) ?? 'answer'}`;
    return { ok: false, code: 'MESSAGE_MALFORMED', status, detail: { why } };
  }

  async #request(call: Call): Promise<IncomingMessage> {
    const url = new URL(call.path, this.base);
    const body = bodyOf(call);
    const headers: Record<string, string | number> = { accept: 'application/json, text/event-stream' };
    if (body !== undefined) {
      const type = call.form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
      Object.assign(headers, { 'content-type': type, 'content-length': body.length });
    }
    if (call.bearer !== undefined) headers.authorization = `Bearer ${call.bearer}`;
    if (call.basic !== undefined) {
      const both = call.basic.map(encodeURIComponent).join(':');
      headers.authorization = `Basic ${Buffer.from(both).toString('base64')}`;
    }
    if (call.once !== undefined) headers['idempotency-key'] = call.once;
    if (call.lastEventId !== undefined) headers['last-event-id'] = call.lastEventId;
    if (call.proof !== undefined) {
      headers.dpop = await signProof(call.proof, { method: call.method, url, nowMs: this.clock.now() });
    }
    return new Promise((resolve, reject) => {
      const sent = this.#send(url, { method: call.method, headers, agent: this.#agent }, resolve);
      sent.setTimeout(this.#timeoutMs, () => sent.destroy(new Fault('CLOUD_SILENT')));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > maxAnswerBytes) break;
  }
  return parseJson(Buffer.concat(chunks).toString('utf8'));
}

/** @returns undefined for a text that is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
