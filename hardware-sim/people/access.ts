/** A carrier's access token: asked for when it is needed, kept while it is good, replaced when it is refused. */
import * as v from 'valibot';
import type { Call, HttpClient, Reply } from './http.ts';

const Token = v.object({ access_token: v.string(), expires_in: v.number() });
/** A token is not used in its last minute, ms: the request takes its time. */
const marginMs = 60_000;

export interface ClientCredentials {
  /** The carrier's id. */
  readonly carrier: string;
  readonly clientSecret: string;
}

export class Access {
  readonly #http: HttpClient;
  readonly #client: ClientCredentials;
  #token: { readonly text: string; readonly untilMs: number } | undefined;
  #asking: Promise<Reply<string>> | undefined;

  constructor(http: HttpClient, client: ClientCredentials) {
    this.#http = http;
    this.#client = client;
  }

  /** @returns a token that is good for another minute */
  token(): Promise<Reply<string>> {
    const kept = this.#token;
    if (kept !== undefined && this.#http.clock.now() < kept.untilMs - marginMs) {
      return Promise.resolve({ ok: true, status: 200, value: kept.text });
    }
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** The token was refused: the next is a new one. */
  forget(): void {
    this.#token = undefined;
  }

  /** Sends a request with a token; once more with a new one when the service knows the old one no more. */
  async call<S extends v.GenericSchema>(call: Call, schema: S): Promise<Reply<v.InferOutput<S>>> {
    const first = await this.#send(call, schema);
    if (first.ok || first.code !== 'UNAUTHENTICATED') return first;
    this.forget();
    return this.#send(call, schema);
  }

  async #send<S extends v.GenericSchema>(call: Call, schema: S): Promise<Reply<v.InferOutput<S>>> {
    const token = await this.token();
    return token.ok ? this.#http.call({ ...call, bearer: token.value }, schema) : token;
  }

  async #ask(): Promise<Reply<string>> {
    const { carrier, clientSecret } = this.#client;
    const reply = await this.#http.call(
      {
        method: 'POST',
        path: '/oauth/token',
        form: { grant_type: 'client_credentials' },
        basic: [carrier, clientSecret],
      },
      Token,
    );
    if (!reply.ok) return reply;
    const { access_token: text, expires_in } = reply.value;
    this.#token = { text, untilMs: this.#http.clock.now() + expires_in * 1000 };
    return { ...reply, value: text };
  }
}
