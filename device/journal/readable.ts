/** Whether the other end could read an entry: what is plainly fine passes at once, the schema judges the rest. */
import * as v from 'valibot';
import { Entry, type EntryBody, type EntryKind, kinds } from '../../wire/journal.ts';
import { DoorId, Id, Millis } from '../../wire/shapes.ts';
import type { Draft } from './journal.ts';

/** Strings that were accepted, so that nobody need look at them again; forgotten when there are too many. */
function remembering(accepts: (text: string) => boolean): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => {
    if (seen.has(text)) return true;
    if (!accepts(text)) return false;
    if (seen.size >= 1024) seen.clear();
    seen.add(text);
    return true;
  };
}

const isDoor = remembering((text) => v.is(DoorId, text));
const isVisit = remembering((text) => v.is(Id, text));
const isFactName = remembering((text) => v.is(Entry.entries.body, { [text]: true }));

/** Below every limit of the schema: longer strings and fuller bodies are for the schema itself. */
const plainChars = 256;
const plainFacts = 16;

/** @returns false for a draft that would become an entry which its schema refuses */
export function isReadable(draft: Draft): boolean {
  return (
    v.is(Millis, draft.at) &&
    Object.hasOwn(kinds, draft.kind satisfies EntryKind) &&
    (draft.door === undefined || isDoor(draft.door)) &&
    (draft.visit === undefined || isVisit(draft.visit)) &&
    (isPlain(draft.body) || v.is(Entry.entries.body, draft.body))
  );
}

function isPlain(body: EntryBody): boolean {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return false;
  let count = 0;
  for (const name in body) {
    count += 1;
    if (count > plainFacts || !isFactName(name) || !isPlainFact(body[name])) return false;
  }
  return true;
}

function isPlainFact(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= plainChars;
  return typeof value === 'boolean' || Number.isFinite(value);
}
