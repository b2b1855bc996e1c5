/** How visitors find a door: which one it is, where the parcel goes, a photo of it from outside; and where the home is. */
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import { DoorHint, doorPlaces, Instruction, maxInstruction } from '../../../../wire/door-hint.ts';
import { useApp } from '../app.ts';
import { useDoorName } from '../names.ts';
import { useWords } from '../use-words.ts';
import { encodePhoto, fromBase64, toBase64 } from './encode.ts';
import { HomePositionCard } from './home-position.tsx';
import { doorsWords } from './words.ts';

/** What stands in the form. */
interface Draft {
  readonly place: string;
  readonly instruction: string;
  /** Base64. */
  readonly photo: string | undefined;
}

const blank: Draft = { place: '', instruction: '', photo: undefined };
const toDraft = ({ place, instruction, photo }: DoorHint): Draft => ({
  place: place ?? '',
  instruction: instruction ?? '',
  photo,
});

/** @returns what the cloud keeps of it; undefined when nothing is left to tell */
function toHint({ place, instruction, photo }: Draft): DoorHint | undefined {
  const text = instruction.replace(/\s+/g, ' ').trim();
  const fields = {
    ...(place === '' ? {} : { place }),
    ...(v.is(Instruction, text) ? { instruction: text } : {}),
    ...(photo === undefined ? {} : { photo }),
  };
  const parsed = v.safeParse(DoorHint, fields);
  return parsed.success ? parsed.output : undefined;
}

/** A photo for as long as it is shown. */
function useShown(photo: string | undefined): string | undefined {
  const [url, tell] = useState<string>();
  useEffect(() => {
    if (photo === undefined) return tell(undefined);
    const made = URL.createObjectURL(new Blob([fromBase64(photo)], { type: 'image/jpeg' }));
    tell(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return url;
}

type Said = 'saved' | 'removed' | 'unreadable' | 'failed';

function Door({ id, name }: { readonly id: string; readonly name: string }) {
  const says = useWords(doorsWords);
  const { place: at } = useApp().course;
  const [draft, setDraft] = useState<Draft>(blank);
  const [said, say] = useState<Said>();
  const [isBusy, setBusy] = useState(false);
  const path = at && `${at.path}/doors/${id}/hint`;
  const change = (fields: Partial<Draft>): void => {
    say(undefined);
    setDraft((before) => ({ ...before, ...fields }));
  };
  useEffect(() => {
    if (at === undefined || path === undefined) return;
    void at.api.call({ method: 'GET', path }, DoorHint).then((reply) => reply.ok && setDraft(toDraft(reply.value)));
  }, [path]);
  const shown = useShown(draft.photo);

  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const bytes = await encodePhoto(file);
    if (bytes === undefined) return say('unreadable');
    change({ photo: toBase64(bytes) });
  };
  const save = async (): Promise<void> => {
    if (at === undefined || path === undefined) return say('failed');
    setBusy(true);
    const body = toHint(draft);
    const call = body === undefined ? ({ method: 'DELETE', path } as const) : ({ method: 'PUT', path, body } as const);
    const reply = await at.api.call(call, v.unknown());
    setBusy(false);
    say(reply.ok ? (body === undefined ? 'removed' : 'saved') : 'failed');
  };

  return (
    <form
      class="card hint"
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{name}</h2>
      {shown !== undefined && <img src={shown} alt={says.shot} />}
      <div class="row">
        <label class="plain file">
          <span>{draft.photo === undefined ? says.take : says.again}</span>
          <input
            class="sr"
            type="file"
            accept="image/*"
            capture="environment"
            aria-label={`${says.photo}, ${name}`}
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
        </label>
        {draft.photo !== undefined && (
          <button type="button" class="plain small" onClick={() => change({ photo: undefined })}>
            {says.noPhoto}
          </button>
        )}
      </div>
      <p class="quiet">{says.notSealed}</p>
      <label>
        <span>{says.place}</span>
        <select value={draft.place} onChange={(event) => change({ place: event.currentTarget.value })}>
          <option value="">{says.noPlace}</option>
          {doorPlaces.map((one) => (
            <option value={one} key={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{says.instruction}</span>
        <input
          type="text"
          dir="auto"
          maxLength={maxInstruction}
          placeholder={says.example}
          value={draft.instruction}
          onInput={(event) => change({ instruction: event.currentTarget.value })}
        />
      </label>
      <button type="submit" class="plain" aria-busy={isBusy} disabled={isBusy}>
        {says.save}
      </button>
      <p class="quiet" role="status">
        {said === undefined ? '' : says[said]}
      </p>
    </form>
  );
}

export function Screen() {
  const says = useWords(doorsWords);
  const { doors } = useApp().known;
  const nameOf = useDoorName();
  return (
    <>
      <p class="quiet">{says.intro}</p>
      {doors.map(({ id }) => (
        <Door key={id} id={id} name={nameOf(id)} />
      ))}
      <HomePositionCard />
    </>
  );
}
