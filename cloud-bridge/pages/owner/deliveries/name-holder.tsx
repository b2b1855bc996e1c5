/** Lets somebody else receive one delivery: a neighbour, somebody of the household, or the one whom it is for. */
import { useState } from 'preact/hooks';
import type { HolderWish } from '../../../../wire/holder.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { nameHolder } from './hand-over-client.ts';
import { handOverWords } from './hand-over-words.ts';

const kinds = ['neighbour', 'household', 'gift'] as const;
const empty = { name: '', flat: '', note: '', sender: '', contact: '' };
type Draft = typeof empty;
const longest: Readonly<Record<keyof Draft, number>> = { name: 60, flat: 60, note: 120, sender: 60, contact: 254 };

export interface NameHolderProps {
  readonly place: Place;
  readonly delivery: string;
  readonly changed: () => void;
}

export function NameHolder({ place, delivery, changed }: NameHolderProps) {
  const says = useWords(handOverWords);
  const { code } = useApp();
  const [kind, setKind] = useState<(typeof kinds)[number]>('neighbour');
  const [draft, setDraft] = useState<Draft>(empty);
  const [state, say] = useState('');
  const labels: Readonly<Record<keyof Draft, string>> = {
    ...{ name: says.called, flat: says.flat, note: says.note, sender: says.sender, contact: says.mail },
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const said = Object.entries(draft).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]]));
    const wish = { kind, language: code, ...Object.fromEntries(said) } as HolderWish;
    const named = await nameHolder(place, delivery, wish);
    say(named.ok ? fill(says.added, { name: draft.name.trim() }) : fill(says.failed, { code: named.code }));
    if (!named.ok) return;
    setDraft(empty);
    changed();
  };
  return (
    <details class="past" data-name-holder>
      <summary>{says.name}</summary>
      <form onSubmit={(event) => void save(event)}>
        <div class="form-field">
          <label for="holder-kind">{says.kind}</label>
          <select
            id="holder-kind"
            value={kind}
            onChange={({ currentTarget }) => setKind(currentTarget.value as typeof kind)}
          >
            {kinds.map((one) => (
              <option value={one} key={one}>
                {says.kinds[one]}
              </option>
            ))}
          </select>
        </div>
        {(Object.keys(empty) as (keyof Draft)[]).map((field) => (
          <div class="form-field" key={field}>
            <label for={`holder-${field}`}>{labels[field]}</label>
            <input
              id={`holder-${field}`}
              type="text"
              inputMode={field === 'contact' ? 'email' : 'text'}
              maxLength={longest[field]}
              required={field === 'name'}
              autocomplete="off"
              value={draft[field]}
              onInput={({ currentTarget }) => setDraft({ ...draft, [field]: currentTarget.value })}
            />
          </div>
        ))}
        <button type="submit" class="plain">
          {says.add}
        </button>
      </form>
      <p role="status">{state}</p>
    </details>
  );
}
