/** Where the hub keeps its keys: one small store, so that a TPM or a system credential can take its place. */
export interface Secrets {
  /** @returns the bytes, or undefined when there is no such secret */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Durable before it resolves; replaces whole or not at all. @throws Fault SECRET_MISSING when the store cannot be written */
  put(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}
