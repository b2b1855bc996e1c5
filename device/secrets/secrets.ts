/** Where the hub keeps its keys: one small store, so that another can take its place. */

/**
 * What the key comes from that the secrets are sealed under: a credential that systemd hands to the service, a TPM, a file beside
 * them. `plain`: they are not sealed yet, because the disk refused it.
 */
export type KeptBy = 'credential' | 'tpm' | 'file' | 'plain';

/** In words, after "sealed under". */
export const keySays: Readonly<Record<KeptBy, string>> = {
  credential: 'the system credential doorward-key',
  tpm: 'a key that only the TPM of this machine opens',
  file: 'a key file beside them (0600): whoever copies the disk has them',
  plain: 'nothing: they are plain files, because the disk refused to take the sealed one',
};

export interface Secrets {
  /** @returns the bytes, or undefined when there is no such secret */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Durable before it resolves; replaces whole or not at all. @throws Fault SECRET_MISSING when the store cannot be written */
  put(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Brings what is there into its best form, where it is not: see `sealed.ts`. */
  takeOver?(): Promise<void>;
  /** Absent in a store that has no key of its own. @returns undefined while there is no secret */
  keptBy?(): Promise<KeptBy | undefined>;
}
