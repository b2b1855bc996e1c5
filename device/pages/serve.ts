/**
 * Serves the hub's own page in the network of the home: read only, without a script, a cookie or a question to anybody. It tells how the
 * cloud's pages were found and nothing of the home (S048).
 */
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { Fault } from '../../wire/faults.ts';
import { renderPage, style } from './page.ts';
import type { PagesView } from './watch.ts';
import { languageFor } from './words.ts';

export interface HubPageParts {
  /** IP address of this machine. */
  readonly address: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Of the cloud's pages. */
  readonly url: string;
  readonly view: () => PagesView;
}

export interface HubPage {
  readonly url: string;
  close(): Promise<void>;
}

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** A name that only the home's own network resolves, or an address: a page of the internet that calls itself by this address is turned away. */
function isOurs(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const name = hostname.replace(/^\[|\]$/g, '');
  return isIP(name) !== 0 || !name.includes('.') || /\.(local|lan|home|internal|home\.arpa|fritz\.box)$/.test(name);
}

const send = (response: ServerResponse, status: number, type: string, text: string, isHead: boolean): void => {
  response.writeHead(status, { ...headers, 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(isHead ? undefined : text);
};

/** @throws Fault CONFIG_INVALID when it cannot listen there */
export async function serveHubPage({ address, port, url, view }: HubPageParts): Promise<HubPage> {
  const server = createServer(
    { requestTimeout: 5_000, headersTimeout: 5_000, maxHeaderSize: 8_192 },
    (request, response) => {
      const isHead = request.method === 'HEAD';
      if (request.method !== 'GET' && !isHead) return send(response, 405, 'text/plain', '', isHead);
      if (!isOurs(request.headers.host)) return send(response, 421, 'text/plain', '', isHead);
      if (request.url === '/style.css') return send(response, 200, 'text/css; charset=utf-8', style, isHead);
      if (request.url !== '/') return send(response, 404, 'text/plain', '', isHead);
      const text = renderPage(view(), url, languageFor(request.headers['accept-language']));
      send(response, 200, 'text/html; charset=utf-8', text, isHead);
    },
  );
  server.maxConnections = 16;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Fault('CONFIG_INVALID', { setting: 'pages.page', why: 'cannot listen there' }, { cause })),
    );
    server.listen(port, address, resolve);
  });
  const at = server.address() as AddressInfo;
  return {
    url: `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
