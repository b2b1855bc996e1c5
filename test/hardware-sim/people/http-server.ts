/** A small server on the loopback for tests: routes, problem documents, event streams. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { proofForm } from '../../../hardware-sim/people/proof.ts';
import { type FaultCode, faults } from '../../../wire/faults.ts';
import { peek, toVerifyKey, verifyPeeked } from '../../../wire/jws.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  readonly form?: URLSearchParams;
  /** Thumbprint of the device whose proof came with it and verified. */
  readonly jkt?: string;
  readonly response: ServerResponse;
}

/** What a route answers: a body, a refusal, or nothing because it wrote the answer itself. */
export type Answered = { readonly status: number; readonly json: unknown } | { readonly code: FaultCode } | 'written';

export const ok = (json: unknown, status = 200): Answered => ({ status, json });
export const no = (code: FaultCode): Answered => ({ code });

export interface TestServer {
  readonly base: string;
  readonly asked: Asked[];
  close(): void;
}

/** Serves `route` on a free port. Proofs are verified as RFC 9449 says, and each is taken once. */
export async function serve(route: (asked: Asked) => Promise<Answered> | Answered): Promise<TestServer> {
  const asked: Asked[] = [];
  const proofs = new Set<string>();
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', base);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    const jkt = await readProof(request, `${base}${url.pathname}`, proofs);
    const one: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' || isForm ? {} : (JSON.parse(text) as Record<string, unknown>),
      ...(isForm ? { form: new URLSearchParams(text) } : {}),
      ...(typeof jkt === 'string' ? { jkt } : {}),
      response,
    };
    asked.push(one);
    const answered = jkt === false ? no('UNAUTHENTICATED') : await route(one);
    if (answered === 'written') return;
    const [status, type, json] =
      'code' in answered
        ? [faults[answered.code].http, 'application/problem+json', problem(answered.code)]
        : [answered.status, 'application/json', answered.json];
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(json));
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const problem = (code: FaultCode) => ({
  type: `https://doorward.example/problems/${code}`,
  title: faults[code].says,
  status: faults[code].http,
  code,
  detail: {},
});

/** @returns the device's thumbprint; undefined without a proof; false for a wrong one */
async function readProof(
  request: IncomingMessage,
  htu: string,
  used: Set<string>,
): Promise<string | undefined | false> {
  const jws = request.headers.dpop;
  if (typeof jws !== 'string') return undefined;
  const peeked = peek(proofForm, jws);
  if (!peeked.ok || peeked.value.jwk === undefined) return false;
  const key = await toVerifyKey(peeked.value.jwk);
  const verified = await verifyPeeked(proofForm, jws, peeked.value, key);
  if (!verified.ok) return false;
  const { htm, jti, iat } = verified.value;
  if (htm !== request.method || verified.value.htu !== htu || used.has(jti)) return false;
  if (Math.abs(iat - Date.now() / 1000) > 60) return false;
  used.add(jti);
  return key.kid;
}

/** An event stream that keeps what it said, so that `Last-Event-ID` goes on. */
export class TestStream {
  readonly #events: { type: string; data: unknown }[] = [];
  readonly #open = new Set<ServerResponse>();

  say(type: string, data: unknown): void {
    this.#events.push({ type, data });
    for (const response of this.#open) this.#write(response, this.#events.length);
  }

  serve(asked: Asked): Answered {
    const last = Number(asked.headers['last-event-id'] ?? 0);
    asked.response.writeHead(200, { 'content-type': 'text/event-stream' });
    asked.response.write(': hello\n\n');
    for (let id = last + 1; id <= this.#events.length; id += 1) this.#write(asked.response, id);
    this.#open.add(asked.response);
    asked.response.on('close', () => this.#open.delete(asked.response));
    return 'written';
  }

  /** Tears every open stream. */
  cut(): void {
    for (const response of this.#open) response.destroy();
  }

  get listeners(): number {
    return this.#open.size;
  }

  #write(response: ServerResponse, id: number): void {
    const { type, data } = this.#events[id - 1]!;
    response.write(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
