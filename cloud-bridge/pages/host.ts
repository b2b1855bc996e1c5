/**
 * Serves the pages, from an origin of their own: whoever serves a page could misuse the keys that it uses (R10), so this process
 * has no database, no key and no cookie, reads nothing that a visitor sends but the path, and serves only files that it read and
 * hashed when it started.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { apiNames } from '../../wire/api-names.ts';
import { Fault } from '../../wire/faults.ts';
import { manifestPath } from '../../wire/pages-manifest.ts';
import { type BuiltFile, readBuilt } from './built.ts';
import { headersFor, moved } from './headers.ts';

export interface PagesConfig {
  /** Folder that `npm run build` made: one folder a page, each with index, hashes and files. */
  readonly folder: string;
  /** What the release key signed of that folder; left out where nobody did. */
  readonly manifest?: string | undefined;
  /** The API that the page may talk to, no path; its WebSocket is at the same host. */
  readonly api: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface Pages {
  /** No path. The owner's app is at `/app/`, the visitor's page at `/visit/`, the support's at `/support/`. */
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

const served = (bytes: Buffer, br: Buffer, headers: Served['headers']): Served => ({
  as: { br, gzip: gzipSync(bytes, { level: 9 }), '': bytes },
  headers: { ...headers, vary: 'Accept-Encoding' },
});

function encodingFor(accepted: string | undefined): Encoding {
  const names = (accepted ?? '').split(',').map((one) => one.trim().toLowerCase());
  // `br;q=0` is a no like none at all.
  return encodings.find((one) => names.includes(one)) ?? '';
}

/** As the build lists them: by name, without the list itself. */
const listed = ({ path, name }: BuiltFile): boolean => path.endsWith(name) && name !== 'hashes.json';

/** @throws Fault CONFIG_INVALID */
const readManifest = (path: string): Promise<Buffer> =>
  readFile(path).catch((cause: unknown) => {
    throw new Fault('CONFIG_INVALID', { path, why: 'there is no manifest' }, { cause });
  });

function answer(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { 'content-length': '0', 'x-content-type-options': 'nosniff', ...headers }).end();
}

/**
 * Starts to serve.
 * @throws Fault CONFIG_INVALID when the pages are not built, or were changed since; USAGE for an API that is no origin
 */
export async function servePages({ folder, manifest, api, host, port }: PagesConfig): Promise<Pages> {
  if (!/^https?:\/\/[^\s/?#;,']+$/.test(api) || !URL.canParse(api)) {
    throw new Fault('USAGE', { why: '--api is http(s)://host[:port], no path' });
  }
  const names = apiNames(api);
  const built = await readBuilt(folder);
  const files = new Map(
    built.map(({ path, name, bytes, br, allowed }) => [path, served(bytes, br, headersFor(names, name, allowed))]),
  );
  if (manifest !== undefined) {
    const bytes = await readManifest(manifest);
    files.set(manifestPath, served(bytes, brotliCompressSync(bytes), headersFor(names, 'pages.jws')));
  }
  const hashes = Object.fromEntries(built.filter(listed).map(({ path, sha256 }) => [path, sha256]));
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
