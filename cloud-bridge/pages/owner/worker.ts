/**
 * Keeps the files of the app, so that it opens without a network. It holds each against the hash that it was built with before it keeps
 * it, serves nothing else, and never touches the API: what the home says is kept by the app itself, sealed.
 */

import { hearPushes, type PushWorker } from './notifications/push.ts';

/** Put in by the build: what every file of the page is to be. */
declare const BUILD: { readonly version: string; readonly hashes: Readonly<Record<string, string>> };

/** As much of a worker as is needed; the types of the page are not those of a worker. */
interface Worker {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as Worker;
const prefix = 'doorward-app-';
const shelf = `${prefix}${BUILD.version}`;
const folder = new URL('./', worker.location.href);

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** @throws TypeError when a file is not what was built: then nothing of this build is kept */
async function keep(): Promise<void> {
  const cache = await caches.open(shelf);
  await Promise.all(
    Object.entries(BUILD.hashes).map(async ([name, hash]) => {
      const url = new URL(name, folder);
      const response = await fetch(url, { cache: 'no-cache' });
      const bytes = await response.clone().arrayBuffer();
      if (base64(await crypto.subtle.digest('SHA-256', bytes)) !== hash) throw new TypeError(name);
      await cache.put(url, response);
    }),
  );
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((one) => one.startsWith(prefix) && one !== shelf).map((one) => caches.delete(one)));
}

async function answer(request: Request, name: string): Promise<Response> {
  const kept = await (await caches.open(shelf)).match(new URL(name, folder));
  return kept ?? fetch(request);
}

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(forgetOthers().then(() => worker.clients.claim())));
worker.addEventListener('message', ({ data }) => {
  if (data === 'take over') void worker.skipWaiting();
});
worker.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== folder.origin || !pathname.startsWith(folder.pathname)) return;
  const name = pathname.slice(folder.pathname.length) || 'index.html';
  if (Object.hasOwn(BUILD.hashes, name)) event.respondWith(answer(event.request, name));
});
hearPushes(globalThis as unknown as PushWorker);
