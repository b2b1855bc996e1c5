/** What the rest of the hub records with: seals what is the household's own, keeps the order of calls. */
import { dayOf, isHousehold, toHouseholdText } from '../../wire/household.ts';
import type { EntryBody } from '../../wire/journal.ts';
import { thumbprintOf } from '../../wire/jws.ts';
import { sealFor } from '../../wire/seal.ts';
import type { EcJwk } from '../../wire/shapes.ts';
import type { Draft, Journal, NumberKept, Use, Written } from './journal.ts';

export interface Recorder {
  /**
   * Makes entries durable in the order of the calls, all or nothing for each call. What is the
   * household's own is sealed first, and written as `household`: its kind, time, door and visit go into what is sealed (S048).
   * With nothing sealed ahead of it a call without any of it is on disk before this returns.
   * @throws Fault (as a rejection) as `Journal.append`; calls behind it go on
   */
  record(drafts: readonly Draft[], use?: Use, number?: NumberKept): Promise<readonly Written[]>;
}

/** Owner devices that one entry is sealed for: with more, its text would pass its limit, so that further entries follow. */
const devicesAnEntry = 4;
/** Longest sealed text: the limit of a value in a body. */
const maxSealedChars = 3072;

/**
 * @param parts.ownerSealKeys  the pinned owner devices' seal keys now; with none, a household entry says nothing (`{}`): whose it
 *   was to know is not known yet, and it must not leave the home in clear (S048)
 */
export function makeRecorder(parts: {
  readonly journal: Journal;
  readonly ownerSealKeys: () => readonly EcJwk[];
}): Recorder {
  let pending = 0;
  let last: Promise<unknown> = Promise.resolve();

  return {
    record: (drafts, use, number) => {
      const isPrivate = drafts.some(isHousehold);
      if (pending === 0 && !isPrivate) return settle(() => parts.journal.append(drafts, use, number));

      // Sealing starts now, beside that of earlier calls; only the appends wait for each other.
      const sealed = isPrivate ? sealDrafts(drafts, parts.ownerSealKeys()) : Promise.resolve(drafts);
      pending += 1;
      const written = last.then(async () => {
        try {
          const ready = await sealed;
          return parts.journal.append(ready, use, number);
        } finally {
          pending -= 1;
        }
      });
      last = written.catch(() => undefined);
      return written;
    },
  };
}

/** The outcome of a call as a promise that is settled already. */
function settle<T>(call: () => T): Promise<T> {
  try {
    return Promise.resolve(call());
  } catch (error) {
    return Promise.reject(error);
  }
}

async function sealDrafts(drafts: readonly Draft[], keys: readonly EcJwk[]): Promise<readonly Draft[]> {
  const sealed = await Promise.all(
    drafts.map(async (draft) => {
      if (!isHousehold(draft)) return [draft];
      const { to } = draft;
      const readers = to === undefined ? keys : keys.filter((key) => to.includes(thumbprintOf(key)));
      const bodies = await sealNote(draft, readers);
      return bodies.map((body): Draft => ({ at: dayOf(draft.at), kind: 'household', body }));
    }),
  );
  return sealed.flat();
}

/** One body for each four owner devices: `{ sealed }`; `{}` without devices. */
async function sealNote(draft: Draft, keys: readonly EcJwk[]): Promise<EntryBody[]> {
  if (keys.length === 0) return [{}];
  const plaintext = Buffer.from(toHouseholdText(draft));
  const groups: EcJwk[][] = [];
  for (let at = 0; at < keys.length; at += devicesAnEntry) groups.push(keys.slice(at, at + devicesAnEntry));
  return Promise.all(groups.map((group) => sealGroup(group, plaintext)));
}

/** That something happened is worth more than its facts: what cannot be sealed is recorded without them. */
async function sealGroup(group: readonly EcJwk[], plaintext: Uint8Array): Promise<EntryBody> {
  try {
    const sealed = await sealFor(group, plaintext);
    return sealed.length <= maxSealedChars ? { sealed } : { unsealed: true };
  } catch {
    return { unsealed: true };
  }
}
