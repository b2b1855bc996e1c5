/** A client for the carrier's API: tokens, idempotency keys, repeats, events that go on where they stopped. No dependencies. */
import { type Events, type Operations, operations, type ProblemCode } from './api.ts';
import { EventReader } from './event-reader.ts';

export interface DoorwardOptions {
  /** `https://…`, no path. */
  readonly base: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Left out: all. */
  readonly scopes?: readonly string[];
  /** Tries of one call; 4 unless told. */
  readonly tries?: number;
  /** In place of the platform's own. */
  readonly fetch?: typeof fetch;
}

type Fields<T> = T extends Record<string, never> ? unknown : T extends undefined ? unknown : T;
type Needs<K extends string, T> = T extends undefined | Record<string, never>
  ? { readonly [P in K]?: undefined }
  : Record<string, never> extends T
    ? { readonly [P in K]?: T }
    : Partial<T> extends T
      ? { readonly [P in K]?: T }
      : { readonly [P in K]: Fields<T> };

/** What an operation is called with. */
export type Input<O extends keyof Operations> = Needs<'params', Operations[O]['params']> &
  Needs<'query', Operations[O]['query']> &
  Needs<'body', Operations[O]['body']> & {
    /** Idempotency-Key: keep it if you may have to ask again after a crash. Made for each call where it is left out. */
    readonly once?: string;
  };
export type Answer<O extends keyof Operations> = Operations[O]['answer'];

/** A refusal: problem details (RFC 9457), with the code to decide by. */
export class DoorwardProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly retry: 'never' | 'later' | 'fresh';
  readonly detail: Readonly<Record<string, unknown>>;
  constructor(status: number, problem: { code?: unknown; title?: unknown; retry?: unknown; detail?: unknown }) {
    super(`${String(problem.code ?? status)}: ${String(problem.title ?? 'refused')}`);
    this.name = 'DoorwardProblem';
    this.status = status;
    this.code = (problem.code ?? 'INTERNAL') as ProblemCode;
    this.retry = (problem.retry ?? (status >= 500 ? 'later' : 'never')) as 'never' | 'later' | 'fresh';
    this.detail = (problem.detail ?? {}) as Readonly<Record<string, unknown>>;
  }
}

/** One event of the stream. */
export type DoorwardEvent = {
  readonly [T in keyof Events]: { readonly id: number; readonly type: T; readonly data: Events[T] };
}[keyof Events];

/** A token is not used in its last minute, ms. */
const marginMs = 60_000;
const firstWaitMs = 300;
const longestWaitMs = 20_000;

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Doubles, with jitter; longer where the service says so in Retry-After, seconds. */
function waitMs(tried: number, retryAfter: string | null): number {
  const backOff = Math.min(firstWaitMs * 2 ** (tried - 1), longestWaitMs) * (0.5 + Math.random() / 2);
  return Math.max(backOff, Math.min(Number(retryAfter ?? 0) || 0, 60) * 1000);
}

async function toProblem(response: Response): Promise<DoorwardProblem> {
  const problem = await response.json().catch(() => ({}));
  return new DoorwardProblem(response.status, problem as object);
}

export class Doorward {
  readonly #options: DoorwardOptions;
  readonly #fetch: typeof fetch;
  #token: Promise<{ readonly text: string; readonly untilMs: number }> | undefined;

  constructor(options: DoorwardOptions) {
    this.#options = { ...options, base: options.base.replace(/\/$/, '') };
    this.#fetch = options.fetch ?? fetch;
  }

  /**
   * Calls one operation. Lost answers and refusals that pass are tried again, under the same Idempotency-Key.
   * @throws DoorwardProblem with its code; whatever `fetch` throws when nothing answers
   */
  async call<O extends keyof Operations>(
    operation: O,
    ...[input = {} as Input<O>]: Record<string, never> extends Input<O> ? [Input<O>?] : [Input<O>]
  ): Promise<Answer<O>> {
    const { method, path, once } = operations[operation];
    const {
      params = {},
      query = {},
      body,
      once: key,
    } = input as {
      params?: Record<string, string>;
      query?: Record<string, string | number>;
      body?: unknown;
      once?: string;
    };
    const url = new URL(
      this.#options.base + path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? '')),
    );
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = once ? { 'idempotency-key': key ?? crypto.randomUUID() } : {};
    const hasBody = method === 'POST' || method === 'PUT';
    if (hasBody) headers['content-type'] = 'application/json';
    const response = await this.#send(url, {
      method,
      headers,
      ...(hasBody ? { body: JSON.stringify(body ?? {}) } : {}),
    });
    return (await response.json()) as Answer<O>;
  }

  /**
   * Your events, in order, each once, for ever: a broken line is taken up where it broke.
   * @param after   number of the last event that you have done; 0 for all; left out: from now
   * @param signal  ends it
   */
  async *events({ after, signal }: { after?: number; signal?: AbortSignal } = {}): AsyncGenerator<DoorwardEvent, void> {
    let last = after;
    for (let failed = 0; !signal?.aborted; ) {
      try {
        const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': String(last) };
        const url = new URL(`${this.#options.base}/v1/carrier/events`);
        const response = await this.#send(url, { headers, ...(signal === undefined ? {} : { signal }) });
        const reader = new EventReader();
        for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
          failed = 0;
          for (const event of reader.push(text)) {
            yield { id: event.id, type: event.type, data: JSON.parse(event.data) } as DoorwardEvent;
            last = event.id;
          }
        }
      } catch (error) {
        if (signal?.aborted) return;
        if (error instanceof DoorwardProblem && error.retry === 'never') throw error;
      }
      failed += 1;
      await pause(waitMs(failed, null), signal);
    }
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const { tries = 4 } = this.#options;
    for (let tried = 1; ; tried += 1) {
      let retryAfter: string | null = null;
      try {
        const authorization = `Bearer ${await this.#access()}`;
        const response = await this.#fetch(url, { ...init, headers: { ...init.headers, authorization } });
        if (response.ok) return response;
        const problem = await toProblem(response);
        if (response.status === 401) this.#token = undefined;
        const mayPass = response.status === 401 ? tried === 1 : response.status === 429 || response.status >= 500;
        if (!mayPass || tried >= tries) throw problem;
        retryAfter = response.headers.get('retry-after');
      } catch (error) {
        if (error instanceof DoorwardProblem || init.signal?.aborted || tried >= tries) throw error;
      }
      await pause(waitMs(tried, retryAfter));
    }
  }

  /** @returns a token that is good for another minute */
  async #access(): Promise<string> {
    const kept = await this.#token?.catch(() => undefined);
    if (kept === undefined || Date.now() > kept.untilMs - marginMs) this.#token = this.#askToken();
    return (await this.#token!).text;
  }

  async #askToken(): Promise<{ text: string; untilMs: number }> {
    const { base, clientId, clientSecret, scopes } = this.#options;
    const basic = btoa([clientId, clientSecret].map(encodeURIComponent).join(':'));
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scopes === undefined ? {} : { scope: scopes.join(' ') }),
    });
    const init = { method: 'POST', headers: { authorization: `Basic ${basic}` }, body: form };
    const response = await this.#fetch(`${base}/oauth/token`, init);
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) {
      const code =
        response.status === 401 ? 'CLIENT_UNKNOWN' : response.status === 429 ? 'RATE_LIMITED' : 'BODY_MALFORMED';
      throw new DoorwardProblem(response.status, { code, title: answer.error_description, retry: 'never' });
    }
    return { text: String(answer.access_token), untilMs: Date.now() + Number(answer.expires_in) * 1000 };
  }
}
