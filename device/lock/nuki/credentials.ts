/** What pairing with one lock leaves behind, and how it is kept as one secret. */
import { Fault } from '../../../wire/faults.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Variant } from './advert.ts';

/** Never in a log, a journal or an error. */
export interface Credentials {
  readonly variant: Variant;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly authorizationId: number;
  /** Ours, random: pairing again under it replaces the entry in the lock. 1..2^32 - 1 */
  readonly appId: number;
  /** 16 bytes, the lock's. */
  readonly uuid: Uint8Array;
  /** Security PIN, 4 or 6 digits as a number. Without it the lock can be driven but not administered. */
  readonly pin?: number;
  /** The lock takes down its flag for a bridge alone. */
  readonly as: 'app' | 'bridge';
}

const version = 1;
const keyBytes = 32;

export function encodeCredentials({ key, uuid, ...rest }: Credentials): Uint8Array {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return new TextEncoder().encode(JSON.stringify({ v: version, ...rest, key: hex(key), uuid: hex(uuid) }));
}

/** @throws Fault SECRET_MISSING when they are damaged; nothing of them is in the error */
export function decodeCredentials(bytes: Uint8Array): Credentials {
  let read: Record<string, unknown> | undefined;
  try {
    read = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    read = undefined;
  }
  const bytesOf = (name: string): Uint8Array => new Uint8Array(Buffer.from(String(read?.[name] ?? ''), 'hex'));
  const [key, uuid] = [bytesOf('key'), bytesOf('uuid')];
  const { variant, authorizationId, appId, pin, as } = read ?? {};
  const fits =
    read?.v === version &&
    key.length === keyBytes &&
    (variant === 'older' || variant === 'newer') &&
    (as === 'app' || as === 'bridge') &&
    Number.isInteger(authorizationId) &&
    Number.isInteger(appId) &&
    (pin === undefined || Number.isInteger(pin));
  if (!fits) throw new Fault('SECRET_MISSING', { why: 'the stored key of a Nuki lock is damaged: pair it again' });
  const whole = { authorizationId: authorizationId as number, appId: appId as number };
  return { variant, as, key, uuid, ...whole, ...(pin === undefined ? {} : { pin: pin as number }) };
}

/** The credentials of one lock in the hub's store: those in use, and those whose pairing was not seen to end. */
export interface CredentialStore {
  current(): Promise<Credentials | undefined>;
  pending(): Promise<Credentials | undefined>;
  /** Before the lock is told that we have them. */
  keepPending(credentials: Credentials): Promise<void>;
  /** They work: they are `current` now. */
  keepProven(credentials: Credentials): Promise<void>;
  forgetPending(): Promise<void>;
  forget(): Promise<void>;
}

/** @param address  of the lock, `aa:bb:cc:dd:ee:ff` */
export function credentialStore(secrets: Secrets, address: string): CredentialStore {
  const name = `nuki-${address.replaceAll(':', '').toLowerCase()}`;
  const get = async (which: string): Promise<Credentials | undefined> => {
    const bytes = await secrets.get(which);
    return bytes && decodeCredentials(bytes);
  };
  return {
    current: () => get(name),
    pending: () => get(`${name}.pending`),
    keepPending: (credentials) => secrets.put(`${name}.pending`, encodeCredentials(credentials)),
    keepProven: async (credentials) => {
      await secrets.put(name, encodeCredentials(credentials));
      await secrets.remove(`${name}.pending`);
    },
    forgetPending: () => secrets.remove(`${name}.pending`),
    forget: async () => {
      await secrets.remove(`${name}.pending`);
      await secrets.remove(name);
    },
  };
}
