/** Reads server-sent events over a real connection. */
import { request } from 'node:http';

export interface StreamEvent {
  readonly id: number;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every type
  readonly data: any;
}

export interface OpenStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly events: StreamEvent[];
  readonly closed: () => boolean;
  close(): void;
}

export function openStream(url: string, headers: Record<string, string>): Promise<OpenStream> {
  return new Promise((resolve, reject) => {
    const events: StreamEvent[] = [];
    let closed = false;
    const outgoing = request(url, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
          const id = field('id');
          if (id !== undefined) {
            events.push({ id: Number(id), event: field('event') ?? '', data: JSON.parse(field('data') ?? 'null') });
          }
        }
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        closed = true;
      });
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        closed: () => closed,
        close: () => outgoing.destroy(),
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
