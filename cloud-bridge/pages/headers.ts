/** Where each page is served, and the headers that every file of it comes with. */
import type { ApiNames } from '../../wire/api-names.ts';

/** Folder of a page -> where it is served. A path that people see is short. */
export const places = {
  visitor: '/visit/',
  owner: '/app/',
  support: '/support/',
  receive: '/receive/',
  evidence: '/evidence/',
} as const;
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
  '/receive': '/receive/',
  '/evidence': '/evidence/',
};

/** What an index may do beyond the others. */
export interface Allowed {
  /** SHA-256, base64, of the import map in it: data, not code. */
  readonly importMap?: string;
  /** The same of a style in it. */
  readonly style?: string;
  /** The script that it begins with: the browser fetches it while the index is still on its way. */
  readonly first?: { readonly script: string; readonly integrity: string };
  /** It may be installed: it has a manifest, and one script that goes on without it. */
  readonly isApp?: boolean;
  /** It is one file, to be kept: the policy that it holds itself. */
  readonly alone?: string;
}

/** What a page of one file may do: run this script and have this style, each as CSP names its hash. */
export const aloneOf = (script: string, style: string): string =>
  [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** What the page may do: run the files that its index pins, show what it decoded itself, and talk to one API. */
export function policyFor({ origin, socket }: ApiNames, { importMap, style, isApp = false }: Allowed = {}): string {
  const hashed = (sha256: string | undefined): string => (sha256 === undefined ? '' : ` 'sha256-${sha256}'`);
  return [
    "default-src 'none'",
    `script-src 'self'${hashed(importMap)}`,
    `style-src 'self'${hashed(style)}`,
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
/** A file that somebody opens by itself does nothing. */
const filePolicy = "default-src 'none'; frame-ancestors 'none'";

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

/** What an index has the browser do before it is read: connect to the API, and fetch the script that it begins with. */
const linksOf = ({ origin }: ApiNames, { first }: Allowed): string =>
  [
    `<${origin}>; rel=preconnect; crossorigin`,
    // A module is fetched as with `crossorigin`. No `modulepreload`: where that comes before the import map, some browsers ignore the map.
    ...(first ? [`<${first.script}>; rel=preload; as=script; crossorigin; integrity="${first.integrity}"`] : []),
  ].join(', ');

/** What only counts for what runs by itself: an index, a worker, a picture that somebody opens. */
const documentHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': [
    'camera=(self), microphone=(), geolocation=(self), display-capture=(), payment=(), usb=()',
    'publickey-credentials-get=(self), publickey-credentials-create=(self)',
  ].join(', '),
} as const;

/** A script or style that is part of a page: on a bad line each header costs time. */
const isPart = (name: string): boolean => /\.(?:js|css)$/.test(name) && name !== workerName;

const policyOf = (api: ApiNames, name: string, allowed?: Allowed): string => {
  if (allowed?.alone !== undefined) return `${allowed.alone}; frame-ancestors 'none'`;
  if (name === 'index.html') return policyFor(api, allowed);
  return name === workerName ? workerPolicy : filePolicy;
};

/**
 * @param api   an index lets the browser connect to it while the script is on its way
 * @param name  of the file, without its folder
 * @param allowed  of the page that it is part of; only an index asks for it
 */
export const headersFor = (api: ApiNames, name: string, allowed: Allowed = {}): Readonly<Record<string, string>> => ({
  ...(name === 'index.html' && allowed.alone === undefined && { link: linksOf(api, allowed) }),
  ...(allowed.alone !== undefined && { 'content-disposition': 'attachment; filename="doorward-evidence.html"' }),
  'content-security-policy': policyOf(api, name, allowed),
  'content-type': types[name.split('.').at(-1)!] ?? 'application/octet-stream',
  'cache-control': /-[0-9a-f]{16}\.\w+$/.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
  ...(isPart(name) ? {} : documentHeaders),
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});
