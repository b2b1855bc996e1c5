/**
 * The part of the worker that shows what was pushed, and leads to the app on a press. What is shown was worded by the cloud: it is help,
 * no evidence. The same telling is shown once, however often it comes.
 */

/** As much of a worker as is needed; the types of the page are not those of a worker. */
export interface PushWorker {
  readonly location: Location;
  readonly registration: {
    showNotification(title: string, options: object): Promise<void>;
  };
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly Window[]>;
    openWindow(url: string): Promise<unknown>;
  };
  addEventListener(type: 'push', listener: (event: Pushed) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: Pressed) => void): void;
}
interface Window {
  readonly url: string;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
}
interface Pushed {
  readonly data: { text(): string } | null;
  waitUntil(work: Promise<unknown>): void;
}
interface Pressed {
  readonly notification: { readonly data: unknown; close(): void };
  waitUntil(work: Promise<unknown>): void;
}

/** What is read of a `PushMessage` (`wire/notifications.ts`); the worker carries no schemas. */
interface Message {
  readonly id: string;
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly language: string;
  readonly loud: boolean;
  readonly stays: boolean;
  readonly at: number;
}

const shelf = 'doorward-told';
const keep = 64;

export function readPush(text: string | undefined): Message | undefined {
  try {
    const read = JSON.parse(text ?? '') as Record<string, unknown> | null;
    const texts = ['id', 'tag', 'title', 'body', 'language'].every((name) => typeof read?.[name] === 'string');
    const flags = ['loud', 'stays'].every((name) => typeof read?.[name] === 'boolean');
    return texts && flags && typeof read?.at === 'number' ? (read as unknown as Message) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns whether this telling was shown before; from now on it was */
async function wasShown(folder: URL, id: string): Promise<boolean> {
  const cache = await caches.open(shelf);
  const url = new URL(`told/${encodeURIComponent(id)}`, folder);
  if ((await cache.match(url)) !== undefined) return true;
  await cache.put(url, new Response(''));
  const known = await cache.keys();
  await Promise.all(known.slice(0, Math.max(0, known.length - keep)).map((one) => cache.delete(one)));
  return false;
}

async function show(worker: PushWorker, folder: URL, text: string | undefined): Promise<void> {
  const message = readPush(text);
  // Browsers want something to be shown for every push.
  if (message === undefined) return worker.registration.showNotification('Doorward', { tag: 'doorward', silent: true });
  const isRepeated = await wasShown(folder, message.id);
  const { title, body, tag, language, loud, stays, at, id } = message;
  const rings = loud && !isRepeated;
  await worker.registration.showNotification(title, {
    ...{ body, tag, lang: language, timestamp: at, renotify: rings, silent: !rings, requireInteraction: stays },
    icon: new URL('icon-192.png', folder).href,
    data: { id, to: stays ? '#/notifications' : '#/now' },
  });
}

async function lead(worker: PushWorker, folder: URL, data: unknown): Promise<void> {
  const { to } = (data ?? {}) as { readonly to?: unknown };
  const url = new URL(to === '#/notifications' ? to : '#/now', folder).href;
  const open = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const app = open.find((one) => one.url.startsWith(folder.href));
  if (app === undefined) return void (await worker.clients.openWindow(url));
  await app.focus();
  await app.navigate(url);
}

export function hearPushes(worker: PushWorker): void {
  const folder = new URL('./', worker.location.href);
  // One after the other: of two that come at once, the later one is what stays.
  let shown: Promise<void> = Promise.resolve();
  worker.addEventListener('push', (event) => {
    shown = shown.catch(() => undefined).then(() => show(worker, folder, event.data?.text()));
    event.waitUntil(shown);
  });
  worker.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(lead(worker, folder, event.notification.data));
  });
}
