/**
 * Serves the pages, from an origin of their own: whoever serves a page could misuse the keys that it uses (R10), so this process
 * has no database, no key and no cookie, reads nothing that a visitor sends but the path, and serves only files that it read and
 * hashed when it started.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { apiNames, headersFor, moved, places } from './headers.ts';

export interface PagesConfig {
  /** Folder that `npm run build` made: one folder a page, each with index, hashes and files. */
  readonly folder: string;
  /** The API that the page may talk to, no path; its WebSocket is at the same host. */
  readonly api: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface Pages {
  /** No path. The owner's page is at `/viewer/`, the visitor's at `/visit/`. */
  readonly url: string;
  /** Path -> SHA-256, base64. */
  readonly hashes: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** What browsers take, the smallest first; '' is as it is. */
const encodings = ['br', 'gzip', ''] as const;
type Encoding = (typeof encodings)[number];

interface Served {
  readonly as: Readonly<Record<Encoding, Buffer>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Compressed once, as tightly as it goes: phones come over bad lines. */
const served = (bytes: Buffer, headers: Served['headers']): Served => ({
  as: { br: brotliCompressSync(bytes), gzip: gzipSync(bytes, { level: 9 }), '': bytes },
  headers: { ...headers, vary: 'Accept-Encoding' },
});

function encodingFor(accepted: string | undefined): Encoding {
  const names = (accepted ?? '').split(',').map((one) => one.trim().toLowerCase());
  // `br;q=0` is a no like none at all.
  return encodings.find((one) => names.includes(one)) ?? '';
}

const Hashes = v.record(v.pipe(v.string(), v.regex(/^[\w-]+\.\w+$/)), v.string());

/** Reads every file once. @throws Fault CONFIG_INVALID when one is missing or is not what its `hashes.json` says */
async function load(folder: string, api: string) {
  const names = apiNames(api);
  const files = new Map<string, Served>();
  const hashes: Record<string, string> = {};
  for (const [page, place] of Object.entries(places)) {
    let list: Buffer;
    try {
      list = await readFile(join(folder, page, 'hashes.json'));
    } catch (cause) {
      throw new Fault('CONFIG_INVALID', { folder, why: 'the pages are not built' }, { cause });
    }
    for (const [name, hash] of Object.entries(v.parse(Hashes, JSON.parse(list.toString('utf8'))))) {
      const bytes = await readFile(join(folder, page, name)).catch(() => Buffer.alloc(0));
      if (createHash('sha256').update(bytes).digest('base64') !== hash) {
        throw new Fault('CONFIG_INVALID', { folder, why: `${page}/${name} is not what was built` });
      }
      hashes[`${place}${name}`] = hash;
      files.set(`${place}${name}`, served(bytes, headersFor(names, name)));
    }
    files.set(place, files.get(`${place}index.html`)!);
    files.set(`${place}hashes.json`, served(list, headersFor(names, 'hashes.json')));
  }
  return { files, hashes };
}

function answer(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { 'content-length': '0', 'x-content-type-options': 'nosniff', ...headers }).end();
}

/**
 * Starts to serve.
 * @throws Fault CONFIG_INVALID when the pages are not built, or were changed since; USAGE for an API that is no origin
 */
export async function servePages({ folder, api, host, port }: PagesConfig): Promise<Pages> {
  if (!/^https?:\/\/[^\s/?#;,']+$/.test(api) || !URL.canParse(api)) {
    throw new Fault('USAGE', { why: '--api is http(s)://host[:port], no path' });
  }
  const { files, hashes } = await load(folder, api);
  const server: Server = createServer({ requestTimeout: 10_000, maxHeaderSize: 8_192 }, (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, { allow: 'GET, HEAD' });
    const location = moved[path];
    if (location !== undefined) return answer(response, 308, { location });
    const found = files.get(path);
    if (found === undefined) return answer(response, 404, {});
    const encoding = encodingFor(request.headers['accept-encoding']?.toString());
    const bytes = found.as[encoding];
    const encoded = encoding === '' ? {} : { 'content-encoding': encoding };
    response.writeHead(200, { ...found.headers, ...encoded, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Fault('CONFIG_INVALID', { setting: 'port', why: 'cannot listen' }, { cause })),
    );
    server.listen(port, host, resolve);
  });
  const at = server.address() as AddressInfo;
  return {
    url: `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`,
    hashes,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
