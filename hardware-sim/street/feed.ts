/** One stream of server-sent events a browser: everything at first, then each part of it that is another than before. */
import type { ServerResponse } from 'node:http';
import type { StreetTold } from './told.ts';

/** How often it is looked at what has changed, ms. */
const lookEveryMs = 100;
/** Something is said at least so often, ms: a browser learns that nobody is there any more. */
const aliveEveryMs = 5_000;

export class Feed {
  readonly #look: () => StreetTold;
  readonly #timer: NodeJS.Timeout;
  readonly #responses = new Set<ServerResponse>();
  #before = new Map<string, string>();
  #saidMs = 0;

  constructor(look: () => StreetTold) {
    this.#look = look;
    this.#timer = setInterval(() => this.#tell(), lookEveryMs);
  }

  get viewers(): number {
    return this.#responses.size;
  }

  join(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    // Whoever came before has heard everything up to here; whoever comes now hears it whole.
    this.#tell();
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    response.write(`retry: 500\ndata: ${JSON.stringify(this.#look())}\n\n`);
    this.#responses.add(response);
    response.on('close', () => this.#responses.delete(response));
  }

  close(): void {
    clearInterval(this.#timer);
    for (const one of this.#responses) one.end();
  }

  #tell(): void {
    if (this.#responses.size === 0) {
      this.#before.clear();
      return;
    }
    const now = new Map(Object.entries(this.#look()).map(([part, value]) => [part, JSON.stringify(value)]));
    const gone = [...this.#before.keys()].filter((part) => !now.has(part)).map((part) => [part, 'null'] as const);
    const others = [...now].filter(([part, text]) => this.#before.get(part) !== text);
    this.#before = now;
    const isQuiet = others.length + gone.length === 0;
    if (isQuiet && performance.now() - this.#saidMs < aliveEveryMs) return;
    this.#saidMs = performance.now();
    const text = [...others, ...gone].map(([part, value]) => `${JSON.stringify(part)}:${value}`).join(',');
    for (const one of this.#responses) one.write(`data: {${text}}\n\n`);
  }
}
