/** What a page keeps in its browser: one table of IndexedDB. */

export interface Table {
  get(key: string): Promise<unknown>;
  /** Durable before it resolves. @param key  left out where the row brings its own */
  put(row: unknown, key?: string): Promise<void>;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @throws DOMException where the browser gives no storage, as in some private windows */
export async function openTable(
  database: string,
  name: string,
  options: IDBObjectStoreParameters = {},
): Promise<Table> {
  const opening = indexedDB.open(database, 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore(name, options);
  const db = await done(opening);
  return {
    get: (key) => done(db.transaction(name).objectStore(name).get(key)),
    put: (row, key) =>
      new Promise((resolve, reject) => {
        const change = db.transaction(name, 'readwrite', { durability: 'strict' });
        change.objectStore(name).put(row, key);
        change.oncomplete = () => resolve();
        change.onerror = () => reject(change.error);
      }),
  };
}
