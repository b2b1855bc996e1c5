/** A TPM, by way of `systemd-creds`: what it seals is opened on this machine only. */
import { access, constants } from 'node:fs/promises';

export interface Tpm {
  /** Rejects where there is none, or this user may not use it. */
  seal(key: Uint8Array): Promise<Uint8Array>;
  open(sealed: Uint8Array): Promise<Uint8Array>;
}

/** What may differ: a test seals with the key of the host instead. */
export interface TpmOptions {
  /** Device file; it is looked at before any program is started. */
  readonly device?: string;
  readonly withKey?: 'tpm2' | 'host';
  readonly env?: Readonly<Record<string, string>>;
}

const withinMs = 30_000;

/** @see systemd-creds(1), `encrypt`, `decrypt`: standard input to standard output, the name authenticated */
export function systemdTpm({ device = '/dev/tpmrm0', withKey = 'tpm2', env }: TpmOptions = {}): Tpm {
  const run = async (args: readonly string[], input: Uint8Array): Promise<Uint8Array> => {
    await access(device, constants.R_OK | constants.W_OK);
    // Loaded where there is a TPM: the hub starts nothing else here.
    const { execFile } = await import('node:child_process');
    return new Promise((resolve, reject) => {
      const options = { encoding: 'buffer' as const, timeout: withinMs, ...(env === undefined ? {} : { env }) };
      const child = execFile('systemd-creds', [...args, '--name=doorward-key', '-', '-'], options, (error, out) =>
        error === null ? resolve(out) : reject(error),
      );
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  };
  /** A TPM takes its time, and a hub asks for the same key for each of its secrets. */
  let opened: { readonly sealed: Buffer; readonly key: Uint8Array } | undefined;
  return {
    seal: (key) => run(['encrypt', `--with-key=${withKey}`], key),
    open: async (sealed) => {
      if (opened?.sealed.equals(sealed) !== true)
        opened = { sealed: Buffer.from(sealed), key: await run(['decrypt'], sealed) };
      return opened.key;
    },
  };
}

/** @returns undefined when it fails */
export const unlessThere = <T>(work: () => Promise<T>): Promise<T | undefined> => work().catch(() => undefined);
