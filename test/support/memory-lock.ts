/** A lock that holds codes and users in memory: for tests of what stands before a lock, never of a lock. */
import type { LockAdministration, LockCode, LockUser } from '../../device/lock/administration.ts';
import { Fault, type FaultCode } from '../../wire/faults.ts';

/** A lock that holds codes and users in memory, and does to the letter what its interface says. */
export class MemoryLock implements LockAdministration {
  readonly held = { codes: new Map<number, LockCode>(), users: new Map<number, LockUser>() };
  readonly digits = new Map<number, string>();
  /** Every call that reached it. */
  readonly calls: string[] = [];
  /** Thrown by the next call. */
  fails: FaultCode | undefined;
  /** Each call waits for it. */
  gate: Promise<unknown> = Promise.resolve();
  #next = 1;

  async #call(name: string): Promise<void> {
    this.calls.push(name);
    await this.gate;
    const code = this.fails;
    if (code !== undefined) throw new Fault(code, { secret: '345678' });
  }
  async codes(): Promise<readonly LockCode[]> {
    await this.#call('codes');
    return [...this.held.codes.values()].reverse();
  }
  async addCode({ digits, name, times }: Parameters<LockAdministration['addCode']>[0]): Promise<{ id: number }> {
    await this.#call('addCode');
    const id = this.#next++;
    this.digits.set(id, digits);
    this.held.codes.set(id, { id, name, enabled: true, uses: 0, ...(times === undefined ? {} : { times }) });
    return { id };
  }
  async removeCode(id: number): Promise<void> {
    await this.#call('removeCode');
    this.held.codes.delete(id);
  }
  async users(): Promise<readonly LockUser[]> {
    await this.#call('users');
    return [...this.held.users.values()];
  }
  async addUser(asked: Parameters<LockAdministration['addUser']>[0]): Promise<{ id: number; key: Uint8Array }> {
    await this.#call('addUser');
    const id = this.#next++;
    const { name, kind, mayActFromAfar } = asked;
    this.held.users.set(id, { id, name, enabled: true, uses: 0, kind, isHub: false, mayActFromAfar });
    return { id, key: new Uint8Array(32).fill(id) };
  }
  async removeUser(id: number): Promise<void> {
    await this.#call('removeUser');
    if (this.held.users.get(id)?.isHub) throw new Fault('LOCK_REFUSED');
    this.held.users.delete(id);
  }
}
