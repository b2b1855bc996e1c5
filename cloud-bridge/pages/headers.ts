/** Where each page is served, and the headers that every file of it comes with. */
import type { ApiNames } from '../../wire/api-names.ts';

/** Folder of a page -> where it is served. A path that people see is short. */
export const places = { viewer: '/viewer/', visitor: '/visit/' } as const;

/** Where somebody who left out the last stroke wanted to go. */
export const moved: Readonly<Record<string, string>> = { '/': '/viewer/', '/viewer': '/viewer/', '/visit': '/visit/' };

/** What the page may do: run the files that its index pins, show what it decoded itself, and talk to one API. */
export function policyFor({ origin, socket }: ApiNames): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    `connect-src ${origin} ${socket}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
  jws: 'application/jose',
};

/**
 * @param api   an index lets the browser connect to it while the script is on its way
 * @param name  of the file, without its folder
 */
export const headersFor = (api: ApiNames, name: string): Readonly<Record<string, string>> => ({
  ...(name === 'index.html' && { link: `<${api.origin}>; rel=preconnect; crossorigin` }),
  'content-security-policy': policyFor(api),
  'content-type': types[name.split('.').at(-1)!] ?? 'application/octet-stream',
  'cache-control': /-[0-9a-f]{16}\.\w+$/.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});
