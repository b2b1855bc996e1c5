/** The file in which an owner's phone keeps its keys and what it has pinned. */
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { Rule } from '../../wire/rule-book.ts';
import { Count, Hash, HubId, Id, OkpJwk, Slug } from '../../wire/shapes.ts';
import { parseJson } from './http.ts';
import { SavedKeys } from './keys.ts';
import { SavedJournal } from './owner-journal.ts';

/** The home that a phone is pinned in, and the hub's key that it pinned. */
export const Pinned = v.strictObject({
  home: Id,
  hub: HubId,
  hubKey: OkpJwk,
  /** Newest version of the owner list that the hub signed. */
  ownerList: Count,
});
export type Pinned = v.InferOutput<typeof Pinned>;

export const OwnerState = v.strictObject({
  doorward: v.literal('owner-1'),
  keys: SavedKeys,
  pinned: v.optional(Pinned),
  ruleBook: v.strictObject({ version: Count, rules: v.array(Rule) }),
  /** Guest -> the secret of the link, which only this phone has. */
  guests: v.optional(v.record(Slug, Hash)),
  journal: v.optional(SavedJournal),
  lastEventId: v.optional(v.string()),
});
export type OwnerState = v.InferOutput<typeof OwnerState>;

/** What a phone that belongs to nobody yet starts with. */
export const emptyState = (keys: SavedKeys): OwnerState => ({
  doorward: 'owner-1',
  keys,
  ruleBook: { version: 0, rules: [] },
});

/** Writes the state as one file, replaced whole, mode 0600: it holds private keys. */
export async function writeOwnerState(path: string, state: OwnerState): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, `${JSON.stringify(v.parse(OwnerState, state), undefined, 2)}\n`, { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, path);
}

/** Reads what `writeOwnerState` wrote. @throws Fault CONFIG_MISSING or CONFIG_INVALID */
export async function readOwnerState(path: string): Promise<OwnerState> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Fault('CONFIG_MISSING', {}, { cause });
  }
  const parsed = v.safeParse(OwnerState, parseJson(text));
  if (parsed.success) return parsed.output;
  throw new Fault('CONFIG_INVALID', { where: v.getDotPath(parsed.issues[0]) ?? '' });
}
