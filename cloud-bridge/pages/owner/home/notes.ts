/** What the household keeps for its own devices alone: the names of its doors. Sealed here for every device in the hub's list. */
import * as v from 'valibot';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { openSealed, sealFor } from '../../../../wire/seal.ts';
import type { Place } from './course.ts';

const Answer = v.object({ version: v.number(), sealed: v.nullable(v.string()) });
const Put = v.object({ version: v.number() });
/** The name of a door: a line that people read. */
export const maxNameChars = 40;
const Notes = v.object({ names: v.record(v.string(), v.pipe(v.string(), v.maxLength(maxNameChars))) });
export type Notes = v.InferOutput<typeof Notes>;

export interface ReadNotes {
  readonly version: number;
  readonly notes: Notes;
}

const none: Notes = { names: {} };

/** @returns no names where this device cannot open them: another device that can saves them anew for all */
export async function readNotes({ api, path, home }: Place): Promise<Verdict<ReadNotes>> {
  const reply = await api.call({ method: 'GET', path: `${path}/notes` }, Answer);
  if (!reply.ok) return reply;
  const { version, sealed } = reply.value;
  if (sealed === null) return accept({ version, notes: none });
  try {
    const text = new TextDecoder().decode(await openSealed(sealed, home.seal.privateKey));
    const parsed = v.safeParse(Notes, JSON.parse(text));
    return accept({ version, notes: parsed.success ? parsed.output : none });
  } catch {
    return accept({ version, notes: none });
  }
}

/** Changes the newest notes; tries again when another device was quicker. */
export async function changeNotes(place: Place, change: (notes: Notes) => Notes): Promise<Verdict<Notes>> {
  for (let attempt = 1; ; attempt += 1) {
    const read = await readNotes(place);
    if (!read.ok) return read;
    const notes = change(read.value.notes);
    const plain = new TextEncoder().encode(JSON.stringify(notes));
    const sealed = await sealFor(
      place.home.devices.map(({ seal }) => seal),
      plain,
    );
    const body = { version: read.value.version + 1, sealed };
    const put = await place.api.call({ method: 'PUT', path: `${place.path}/notes`, body }, Put);
    if (put.ok) return accept(notes);
    if (put.code !== 'HOME_NOTES_OLD' || attempt === 3) return put;
  }
}
