/** The hub's secrets in one sealed file. */
import { Fault } from '../../wire/faults.ts';
import { credentialKey, firstKey, type KeySources, keyFiles, keyFor, type WrappingKey } from './keys.ts';
import { replaceWhole } from './own-folder.ts';
import { openSealed, sealedBy, sealSecrets } from './seal.ts';
import type { KeptBy, Secrets } from './secrets.ts';

const nameForm = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
const storeFile = 'sealed';
const keyNames: readonly string[] = Object.values(keyFiles);
const reserved = [storeFile, ...keyNames];

export interface SealedSecrets extends Secrets {
  keptBy(): Promise<KeptBy | undefined>;
  /**
   * Seals what an older hub kept as plain files, one each, and seals again under a credential where there is one now. What was there
   * before goes only when the sealed file is on the disk. Safe to repeat after an interruption.
   * @throws Fault SECRETS_KEY_MISSING, SECRETS_KEY_WRONG, SECRETS_DAMAGED, SECRET_MISSING when the disk refuses it
   */
  takeOver(): Promise<void>;
}

interface Held {
  readonly key: WrappingKey;
  readonly all: Map<string, Uint8Array>;
}

/**
 * Reading changes nothing: what an older hub kept is read as it lies there. The first write takes it over.
 *
 * Nothing is made anew in place of what cannot be read.
 * @throws Fault (from its methods) SECRET_MISSING, SECRETS_KEY_MISSING, SECRETS_KEY_WRONG, SECRETS_DAMAGED
 */
export function sealedSecrets(sources: KeySources): SealedSecrets {
  const { folder } = sources;
  /** Writes read first what is there: one after the other. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };

  const read = async (): Promise<Held | undefined> => {
    const file = await folder.read(storeFile);
    if (file === undefined) return undefined;
    const key = await keyFor(sealedBy(file), sources);
    return { key, all: openSealed(file, key.bytes) };
  };
  const write = ({ all, key }: Held): Promise<void> =>
    replaceWhole(folder, storeFile, sealSecrets(all, key.by, key.bytes));
  const plainNames = async (): Promise<string[]> =>
    (await folder.names()).filter((name) => nameForm.test(name) && !reserved.includes(name));

  const sealPlain = async (): Promise<Held | undefined> => {
    const names = await plainNames();
    if (names.length === 0) return undefined;
    const all = new Map<string, Uint8Array>();
    for (const name of names) {
      const bytes = await folder.read(name);
      if (bytes !== undefined) all.set(name, bytes);
    }
    const held = { key: await firstKey(sources), all };
    await write(held);
    return held;
  };

  const sealBetter = async (held: Held): Promise<Held> => {
    const key = held.key.by === 'credential' ? undefined : await credentialKey(sources);
    if (key === undefined) return held;
    const better = { key, all: held.all };
    await write(better);
    return better;
  };

  const takeOver = async (): Promise<Held | undefined> => {
    const before = (await read()) ?? (await sealPlain());
    if (before === undefined) return undefined;
    const held = await sealBetter(before);
    const isStale = (name: string): boolean =>
      held.all.has(name) || isDraft(name) || (held.key.by === 'credential' && keyNames.includes(name));
    const stale = (await folder.names()).filter(isStale);
    for (const name of stale) await folder.remove(name);
    if (stale.length > 0) await folder.sync();
    return held;
  };

  const change = (name: string, how: (all: Map<string, Uint8Array>) => boolean): Promise<void> => {
    checkName(name);
    return inTurn(async () => {
      const held = (await takeOver()) ?? { key: await firstKey(sources), all: new Map() };
      if (how(held.all)) await write(held);
    });
  };

  return {
    get: async (name) => {
      checkName(name);
      const held = await read();
      return held === undefined ? folder.read(name) : held.all.get(name);
    },
    put: async (name, bytes) => change(name, (all) => all.set(name, Uint8Array.from(bytes)).has(name)),
    remove: async (name) => change(name, (all) => all.delete(name)),
    keptBy: async () => {
      const file = await folder.read(storeFile);
      if (file !== undefined) return sealedBy(file);
      return (await plainNames()).length > 0 ? 'plain' : undefined;
    },
    takeOver: () => inTurn(async () => void (await takeOver())),
  };
}

/** What an interrupted write left: sealed, and not in force. */
const isDraft = (name: string): boolean => reserved.some((one) => name.startsWith(`.${one}.`));

/** A name is one plain word: nothing that leaves the folder, nothing hidden. */
function checkName(name: string): void {
  if (nameForm.test(name) && !reserved.includes(name)) return;
  throw new Fault('SECRET_MISSING', { why: 'a name is 1 to 64 of A-Z a-z 0-9 . _ -' });
}
