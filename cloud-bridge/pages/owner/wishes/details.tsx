/** What must be said of each place that is chosen: which box and how big, which garage, where to put it down, which neighbours, which point. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { HolderView } from '../../../../wire/holder.ts';
import { useApp } from '../app.ts';
import { nameNeighbour } from '../deliveries/client.ts';
import { useDoorName } from '../names.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import type { BoxDraft, Draft, Missing } from './draft.ts';
import { wishWords } from './words.ts';

export interface DetailProps {
  readonly draft: Draft;
  readonly set: (fields: Partial<Draft>) => void;
  readonly missing: readonly Missing[];
}

interface TextProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly isNumber?: boolean;
  readonly longest?: number;
  readonly onText: (text: string) => void;
}

export const Text = ({ id, label, value, isNumber = false, longest = 120, onText }: TextProps) => (
  <div class="form-field">
    <label for={id}>{label}</label>
    <input
      id={id}
      type="text"
      inputMode={isNumber ? 'decimal' : 'text'}
      maxLength={longest}
      autocomplete="off"
      value={value}
      onInput={({ currentTarget }) => onText(currentTarget.value)}
    />
  </div>
);

/** @param of  what is missing where it stands */
export function Lacks({ missing, of }: { readonly missing: readonly Missing[]; readonly of: Missing }) {
  const says = useWords(wishWords);
  if (!missing.includes(of)) return null;
  return (
    <p class="error" role="alert" data-missing={of}>
      {says.missing[of]}
    </p>
  );
}

interface DoorProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onDoor: (door: string) => void;
}

function DoorField({ id, label, value, onDoor }: DoorProps) {
  const { known } = useApp();
  const says = useWords(wishWords);
  const nameOf = useDoorName();
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onDoor(currentTarget.value)}>
        <option value="">{says.none}</option>
        {known.doors.map((door) => (
          <option key={door.id} value={door.id}>
            {nameOf(door.id)}
          </option>
        ))}
      </select>
    </div>
  );
}

const emptyBox: BoxDraft = { door: '', cm: ['', '', ''] };

export function Boxes({ draft, set, missing }: DetailProps) {
  const says = useWords(wishWords);
  const edges = [says.width, says.height, says.depth];
  const change = (index: number, fields: Partial<BoxDraft>): void =>
    set({ boxes: draft.boxes.map((box, at) => (at === index ? { ...box, ...fields } : box)) });
  return (
    <section class="card">
      <h2>{says.boxes}</h2>
      <p class="quiet">{says.boxText}</p>
      {draft.boxes.map((box, index) => (
        <fieldset key={index} class="group">
          <legend class="sr">{`${says.boxes} ${index + 1}`}</legend>
          <DoorField id={`box-${index}`} label={says.door} value={box.door} onDoor={(door) => change(index, { door })} />
          <div class="pair">
            {edges.map((label, edge) => (
              <Text
                key={label}
                id={`box-${index}-${edge}`}
                label={label}
                isNumber
                value={box.cm[edge]!}
                onText={(text) => change(index, { cm: box.cm.map((one, at) => (at === edge ? text : one)) as never })}
              />
            ))}
          </div>
          <button
            type="button"
            class="plain small"
            onClick={() => set({ boxes: draft.boxes.filter((_, at) => at !== index) })}
          >
            {says.removeBox}
          </button>
        </fieldset>
      ))}
      <Lacks missing={missing} of="box" />
      <button type="button" class="plain" onClick={() => set({ boxes: [...draft.boxes, emptyBox] })}>
        {says.addBox}
      </button>
    </section>
  );
}

export function Garage({ draft, set, missing }: DetailProps) {
  const says = useWords(wishWords);
  return (
    <section class="card">
      <h2>{says.garage}</h2>
      <DoorField id="garage" label={says.door} value={draft.garage} onDoor={(garage) => set({ garage })} />
      <Lacks missing={missing} of="garage" />
    </section>
  );
}

export function Drop({ draft, set, missing }: DetailProps) {
  const says = useWords(wishWords);
  return (
    <section class="card">
      <h2>{says.drop}</h2>
      <Text id="drop" label={says.dropText} value={draft.drop} onText={(drop) => set({ drop })} />
      <Lacks missing={missing} of="drop" />
      <Text
        id="drop-up-to"
        label={`${says.dropUpTo}, ${draft.currency}`}
        isNumber
        value={draft.dropUpTo}
        onText={(dropUpTo) => set({ dropUpTo })}
      />
    </section>
  );
}

export function PickUp({ draft, set, missing }: DetailProps) {
  const says = useWords(wishWords);
  return (
    <section class="card">
      <h2>{says.pickUp}</h2>
      <Text id="point" label={says.point} value={draft.point} onText={(point) => set({ point })} />
      <Text id="metres" label={says.metres} isNumber value={draft.metres} onText={(metres) => set({ metres })} />
      <div class="choice">
        <label>
          <input type="checkbox" checked={draft.locker} onChange={({ currentTarget }) => set({ locker: currentTarget.checked })} />
          <span>{says.locker}</span>
        </label>
      </div>
      <Lacks missing={missing} of="pick-up" />
    </section>
  );
}

interface NeighbourProps extends DetailProps {
  readonly known: readonly HolderView[];
  /** Somebody was named. */
  readonly named: (holder: string) => void;
}

export function Neighbours({ draft, set, missing, known, named }: NeighbourProps) {
  const says = useWords(wishWords);
  const { course } = useApp();
  const [typed, type] = useState({ name: '', flat: '', note: '' });
  const [said, say] = useState('');
  const add = async (): Promise<void> => {
    const { place } = course;
    if (place === undefined || typed.name.trim() === '') return;
    const filled = Object.entries(typed).filter(([, text]) => text.trim() !== '');
    const reply = await nameNeighbour(place, Object.fromEntries(filled.map(([key, text]) => [key, text.trim()])) as never);
    if (!reply.ok) return say(fill(says.failed, { code: reply.code }));
    type({ name: '', flat: '', note: '' });
    say('');
    named(reply.value);
  };
  const check = (holder: string, isChosen: boolean): void =>
    set({ neighbours: isChosen ? [...draft.neighbours, holder] : draft.neighbours.filter((one) => one !== holder) });
  const line: ComponentChildren = known.map(({ holder, name, flat, note }) => (
    <label key={holder}>
      <input
        type="checkbox"
        checked={draft.neighbours.includes(holder)}
        onChange={({ currentTarget }) => check(holder, currentTarget.checked)}
      />
      <span>{[name, flat, note].filter((text) => text !== undefined).join(' · ')}</span>
    </label>
  ));
  return (
    <section class="card">
      <h2 id="neighbours">{says.neighbours}</h2>
      <p class="quiet">{says.neighboursText}</p>
      {known.length > 0 && (
        <fieldset class="choice" aria-labelledby="neighbours">
          {line}
        </fieldset>
      )}
      <Lacks missing={missing} of="neighbour" />
      <details class="past" open={known.length === 0}>
        <summary>{says.addNeighbour}</summary>
        <div class="group">
          <Text id="n-name" label={says.name} longest={60} value={typed.name} onText={(name) => type({ ...typed, name })} />
          <Text id="n-flat" label={says.flat} longest={60} value={typed.flat} onText={(flat) => type({ ...typed, flat })} />
          <Text id="n-note" label={says.find} value={typed.note} onText={(note) => type({ ...typed, note })} />
          <button type="button" class="plain" disabled={typed.name.trim() === ''} onClick={() => void add()}>
            {says.addNeighbour}
          </button>
        </div>
      </details>
      <p role="status">{said}</p>
    </section>
  );
}
