/** Where each page is served, and the headers that every file of it comes with. */
import type { ApiNames } from '../../wire/api-names.ts';

/** Folder of a page -> where it is served. A path that people see is short. */
export const places = { visitor: '/visit/', owner: '/app/', support: '/support/' } as const;
export type PageName = keyof typeof places;

/** Where somebody who left out the last stroke wanted to go; and the page of before that the app has taken the place of, invitations included. */
export const moved: Readonly<Record<string, string>> = {
  '/': '/app/',
  '/app': '/app/',
  '/viewer': '/app/',
  '/viewer/': '/app/',
  '/viewer/index.html': '/app/',
  '/visit': '/visit/',
  '/support': '/support/',
};

/** What an index may do beyond the others. */
export interface Allowed {
  /** SHA-256, base64, of the import map in it: data, not code. */
  readonly importMap?: string;
  /** It may be installed: it has a manifest, and one script that goes on without it. */
  readonly isApp?: boolean;
}

/** What the page may do: run the files that its index pins, show what it decoded itself, and talk to one API. */
export function policyFor({ origin, socket }: ApiNames, { importMap, isApp = false }: Allowed = {}): string {
  return [
    "default-src 'none'",
    `script-src 'self'${importMap === undefined ? '' : ` 'sha256-${importMap}'`}`,
    "style-src 'self'",
    "img-src 'self' blob:",
    `connect-src ${origin} ${socket}`,
    ...(isApp ? ["worker-src 'self'", "manifest-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // The one URL of a script that the app hands to the browser itself: that of its worker.
    `trusted-types ${isApp ? 'doorward-worker' : "'none'"}`,
  ].join('; ');
}

/** The worker of an app fetches the files of its page, and nothing else. */
const workerName = 'worker.js';
const workerPolicy = "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
  png: 'image/png',
  webmanifest: 'application/manifest+json',
  jws: 'application/jose',
};

/**
 * @param api   an index lets the browser connect to it while the script is on its way
 * @param name  of the file, without its folder
 * @param allowed  of the page that it is part of; only an index asks for it
 */
export const headersFor = (api: ApiNames, name: string, allowed?: Allowed): Readonly<Record<string, string>> => ({
  ...(name === 'index.html' && { link: `<${api.origin}>; rel=preconnect; crossorigin` }),
  'content-security-policy': name === workerName ? workerPolicy : policyFor(api, allowed),
  'content-type': types[name.split('.').at(-1)!] ?? 'application/octet-stream',
  'cache-control': /-(?:[0-9a-f]{16}|[0-9A-Z]{8})\.\w+$/.test(name)
    ? 'public, max-age=31536000, immutable'
    : 'no-cache',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': [
    'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()',
    'publickey-credentials-get=(self), publickey-credentials-create=(self)',
  ].join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});
