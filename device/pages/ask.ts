/** One question to the server of the pages: bounded in size and time, followed nowhere, through no proxy. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

export interface Answer {
  readonly status: number;
  /** In small letters; what came several times is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without its compression. */
  readonly body: Buffer;
}

/** Nothing was learnt: `slow`, `unreachable` with what the network said, or `unreadable`. `too big` is an answer: it is not what was released. */
export type Asked =
  | { readonly at: 'answered'; readonly answer: Answer }
  | { readonly at: 'too big' }
  | { readonly at: 'slow' | 'unreadable' }
  | { readonly at: 'unreachable'; readonly why: string };

export interface Asker {
  /** @param mostBytes  the longest body to read, before and after its compression */
  ask(path: string, headers: Readonly<Record<string, string>>, mostBytes: number): Promise<Asked>;
  close(): void;
}

/** A small file may grow a little when it is compressed. */
const packingBytes = 1024;

const unpack: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  br: promisify(brotliDecompress),
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  identity: async (bytes) => bytes,
};

/**
 * @param origin    of the pages: scheme, host, port
 * @param withinMs  what a whole answer may take
 */
export function askerAt(origin: string, withinMs: number): Asker {
  const isSecure = new URL(origin).protocol === 'https:';
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const open = isSecure ? httpsRequest : httpRequest;
  const ask: Asker['ask'] = (path, headers, mostBytes) =>
    new Promise((resolve) => {
      const signal = AbortSignal.timeout(withinMs);
      const failed = (error: NodeJS.ErrnoException): void =>
        resolve(signal.aborted ? { at: 'slow' } : { at: 'unreachable', why: error.code ?? error.name });
      const options = { agent, headers, signal, maxHeaderSize: 16_384 };
      const outgoing = open(new URL(path, origin), options, (response) => {
        read(response, mostBytes).then(resolve, failed);
      });
      outgoing.on('error', failed);
      outgoing.end();
    });
  return { ask, close: () => agent.destroy() };
}

async function read(response: IncomingMessage, mostBytes: number): Promise<Asked> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop ends the connection: what is endless ends here.
    if (length > mostBytes + packingBytes) return { at: 'too big' };
    chunks.push(chunk);
  }
  const headers = joined(response);
  const decode = unpack[headers['content-encoding'] ?? 'identity'];
  if (decode === undefined) return { at: 'unreadable' };
  try {
    const body = await decode(Buffer.concat(chunks), { maxOutputLength: mostBytes + 1 });
    if (body.length > mostBytes) return { at: 'too big' };
    return { at: 'answered', answer: { status: response.statusCode ?? 0, headers, body } };
  } catch (error) {
    return { at: (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too big' : 'unreadable' };
  }
}

const joined = ({ headersDistinct }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(', ')]));
