/** A server of pages as a cloud runs it, released with a key of its own, behind somebody who may change what it says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, get, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Pages, servePages } from '../../../cloud-bridge/pages/host.ts';
import { signRelease } from '../../../cloud-bridge/release/manifest.ts';
import { apiNames } from '../../../wire/api-names.ts';
import type { SignKey } from '../../../wire/jws.ts';
import { manifestPath } from '../../../wire/pages-manifest.ts';
import { pagesBuiltOnce } from '../../cloud-bridge/pages/built-once.ts';
import { newSignKey } from '../../support/keys.ts';

export const api = apiNames('https://api.doorward.example');
export const nowS = 1_790_000_000;

export interface Said {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Asking {
  readonly path: string;
  readonly query: string;
  readonly agent: string;
}

/** @returns what is said instead, nothing for what was said, or `taken` when it says something itself */
export type Tamper = (asking: Asking, said: Said, response: ServerResponse) => Partial<Said> | 'taken' | undefined;

/** Says otherwise at one path alone. */
export const at =
  (path: string, how: (said: Said, asking: Asking) => Partial<Said> | undefined): Tamper =>
  (asking, said) =>
    asking.path === path ? how(said, asking) : undefined;

/** The same with one header otherwise; undefined leaves it out. */
export const withHeader = (said: Said, name: string, value: string | undefined): Partial<Said> => ({
  headers: { ...said.headers, [name]: value },
});

export interface Site {
  readonly origin: string;
  /** Straight from the server, nobody between. */
  readonly straight: string;
  readonly key: SignKey;
  readonly folder: string;
  /** Path of a script of a page. */
  script(page?: string): string;
  /** From now on. */
  tamper(how: Tamper | undefined): void;
  /** Puts another manifest up. */
  release(version: number, change?: { key?: SignKey; days?: number; nowS?: number }): Promise<string>;
}

/** The pages are built once for all tests of a file. */
export async function openSite(t: Test): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-pages-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await pagesBuiltOnce(folder);
  const key = await newSignKey('EdDSA');
  const pages: Pages = await servePages({ folder, api: api.origin, host: '127.0.0.1', port: 0 });
  t.teardown(() => pages.stop());
  let manifest = '';
  let how: Tamper | undefined;
  const server = createServer((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const asking = { path, query, agent: request.headers['user-agent'] ?? '' };
    const pass = (said: Said): void => {
      const instead = how?.(asking, said, response);
      if (instead === 'taken') return;
      const { status, headers, body } = { ...said, ...instead };
      const given = Object.entries(headers).filter(([name, value]) => value !== undefined && name !== 'content-length');
      response.writeHead(status, Object.fromEntries(given) as Record<string, string>).end(body);
    };
    if (path === manifestPath) return pass({ status: 200, headers: {}, body: Buffer.from(manifest) });
    get(`${pages.url}${request.url}`, async (upstream) => {
      const body = Buffer.concat(await upstream.toArray());
      const { connection: _, 'keep-alive': __, ...headers } = upstream.headers;
      pass({ status: upstream.statusCode ?? 0, headers, body });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const site: Site = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    straight: pages.url,
    key,
    folder,
    script: (page = '/app/') =>
      Object.keys(pages.hashes).find((path) => path.startsWith(page) && path.endsWith('.js')) ?? '',
    tamper: (next) => {
      how = next;
    },
    release: async (version, change = {}) => {
      const wish = { folder, version, product: '0.1.0', nowS: change.nowS ?? nowS, days: change.days ?? 90 };
      manifest = await signRelease(wish, change.key ?? key);
      return manifest;
    },
  };
  await site.release(2);
  return site;
}
