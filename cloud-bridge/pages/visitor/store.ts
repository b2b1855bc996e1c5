/** What a visitor's phone keeps, in IndexedDB: one row a task, so that a phone that slept, reloaded or fell goes on where it was. */
import { openTable } from '../common/table.ts';
import { noteBeenHere } from './been-here.ts';
import type { TaskKey } from './sign.ts';

/** One task on this phone. */
export interface KeptTask {
  readonly token: string;
  readonly key: TaskKey;
  /** The drop instruction and the camera's notice were read. */
  readonly hasAgreed?: boolean;
  /** The visit, once the hub has seen the grant. */
  readonly visit?: string | undefined;
  /** What a knock names. */
  readonly target?: { readonly hub: string; readonly grantHash: string } | undefined;
  /** The hub's signed word on how it ended. */
  readonly receipt?: string | undefined;
  /** What a guest has asked for: until when it may come of something, seconds. */
  readonly asked?: { readonly until: number } | undefined;
  /** The cloud has said once that it has a stop. */
  readonly hasStop?: boolean;
  /** Door of the plan that the courier goes through. */
  readonly opens?: string | undefined;
  /** A guest's visit before. */
  readonly after?: string | undefined;
}

export interface TaskStore {
  get(token: string): Promise<KeptTask | undefined>;
  /** Durable before it resolves. */
  put(task: KeptTask): Promise<void>;
}

/** @throws DOMException where the browser gives no storage, as in some private windows */
export async function openTaskStore(): Promise<TaskStore> {
  const table = await openTable('doorward-visit', 'task', { keyPath: 'token' });
  return {
    get: async (token) => (await table.get(token)) as KeptTask | undefined,
    put: (task) => {
      noteBeenHere();
      return table.put(task);
    },
  };
}
