/** A carrier's server: takes what is posted, and answers as it is told. It checks signatures by code of its own. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Got {
  readonly id: string;
  readonly attempt: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { readonly type: string; readonly sequence: number; readonly data: Record<string, unknown> };
  /** Seconds. */
  readonly timestamp: number;
}

export type Answer = (response: ServerResponse, got: Got) => void;

export interface Receiver {
  readonly url: string;
  readonly got: Got[];
  /** What the next ones are answered; 204 unless told. */
  answer: Answer;
  close(): void;
}

export const status =
  (code: number, headers: Record<string, string> = {}, text = ''): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(text);

export async function openReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const { headers } = request;
    const got: Got = {
      id: String(headers['webhook-id']),
      attempt: Number(headers['doorward-attempt']),
      timestamp: Number(headers['webhook-timestamp']),
      headers,
      text,
      body: JSON.parse(text),
    };
    receiver.got.push(got);
    receiver.answer(response, got);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    got: [],
    answer: status(204),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
}

/** @returns which of these secrets have signed it */
export function signedBy({ id, timestamp, text, headers }: Got, secrets: readonly string[]): string[] {
  const given = String(headers['webhook-signature']).split(' ');
  const sign = (secret: string): string =>
    `v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
      .update(`${id}.${timestamp}.${text}`)
      .digest('base64')}`;
  return secrets.filter((secret) => given.includes(sign(secret)));
}
