/** What a visitor's phone keeps, in IndexedDB: one row a task, so that a phone that slept, reloaded or fell goes on where it was. */
import type { TaskKey } from './sign.ts';

/** One task on this phone. */
export interface KeptTask {
  readonly token: string;
  readonly key: TaskKey;
  /** The drop instruction and the camera's notice were read. */
  readonly hasAgreed?: boolean;
  /** The visit, once the hub has seen the grant. */
  readonly visit?: string;
  /** What a knock names. */
  readonly target?: { readonly hub: string; readonly grantHash: string };
  /** The hub's signed word on how it ended. */
  readonly receipt?: string;
}

export interface TaskStore {
  get(token: string): Promise<KeptTask | undefined>;
  /** Durable before it resolves. */
  put(task: KeptTask): Promise<void>;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @throws DOMException where the browser gives no storage, as in some private windows */
export async function openTaskStore(): Promise<TaskStore> {
  const opening = indexedDB.open('doorward-visit', 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore('task', { keyPath: 'token' });
  const db = await done(opening);
  return {
    get: async (token) => done(db.transaction('task').objectStore('task').get(token)),
    put: (task) =>
      new Promise((resolve, reject) => {
        const change = db.transaction('task', 'readwrite', { durability: 'strict' });
        change.objectStore('task').put(task);
        change.oncomplete = () => resolve();
        change.onerror = () => reject(change.error);
      }),
  };
}
