/** The standing wishes: what is to be done with every delivery that nothing else is said of. They open no door. */
import { useEffect, useState } from 'preact/hooks';
import type { HolderView } from '../../../../wire/holder.ts';
import { photoKeepDays, type WishBook } from '../../../../wire/plan.ts';
import { useApp } from '../app.ts';
import { putWishes, readNeighbours, readWishes } from '../deliveries/client.ts';
import { allowDoorPhotos } from '../home/orders.ts';
import { readDoorPhotos } from '../home/retention.ts';
import { go } from '../route.ts';
import { Choice } from '../rules/fields.tsx';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { Boxes, type DetailProps, Drop, Garage, Lacks, Neighbours, PickUp, Text } from './details.tsx';
import { type Draft, freshDraft, type Missing, toDoorPhotos, toDraft, toWishes } from './draft.ts';
import { Order } from './order.tsx';
import { wishWords } from './words.ts';

const currencies = ['EUR', 'BGN', 'CHF', 'GBP', 'RON', 'TRY', 'USD'];
const waits = [0, 30, 60, 120, 300, 600];
const keeps = [1, 7, 14, 30, 90, 180, 365];

function Code({ draft, set, missing }: DetailProps) {
  const says = useWords(wishWords);
  const offered = currencies.includes(draft.currency) ? currencies : [draft.currency, ...currencies];
  return (
    <section class="card">
      <Choice name="code" label={says.code} value={draft.code} options={says.codes} choose={(code) => set({ code })} />
      {draft.code === 'by-value' && (
        <div class="pair">
          <Text id="code-from" label={says.from} isNumber value={draft.codeFrom} onText={(codeFrom) => set({ codeFrom })} />
          <div class="form-field">
            <label for="currency">{says.currency}</label>
            <select id="currency" value={draft.currency} onChange={({ currentTarget }) => set({ currency: currentTarget.value })}>
              {offered.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </div>
        </div>
      )}
      <Lacks missing={missing} of="code" />
      <Choice
        name="show-code"
        label={says.showCode}
        value={draft.showCode}
        options={says.shown}
        choose={(showCode) => set({ showCode })}
      />
    </section>
  );
}

interface LengthProps {
  readonly id: string;
  readonly label: string;
  readonly unit: 'second' | 'day';
  readonly value: number;
  /** Another value is offered, too, where it is the one that is set. */
  readonly offered: readonly number[];
  readonly choose: (value: number) => void;
}

function Length({ id, label, unit, value, offered, choose }: LengthProps) {
  const { code } = useApp();
  const format = new Intl.NumberFormat(code, { style: 'unit', unit, unitDisplay: 'long' });
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
        {[...new Set([...offered, value])]
          .sort((a, b) => a - b)
          .map((one) => (
            <option key={one} value={one}>
              {format.format(one)}
            </option>
          ))}
      </select>
    </div>
  );
}

function Rest({ draft, set }: DetailProps) {
  const { known } = useApp();
  const says = useWords(wishWords);
  const hasDoorCamera = known.doors.some(({ hasDoorstep }) => hasDoorstep);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set([draft.zone, here])];
  const switches = [
    ['photos', says.takePhotos],
    ...(hasDoorCamera ? ([['doorPhotos', says.doorPhotos]] as const) : []),
    ['isConfidential', says.confidential],
  ] as const;
  return (
    <section class="card">
      <fieldset class="choice">
        <legend>{says.photos}</legend>
        {switches.map(([name, label]) => (
          <label key={name}>
            <input type="checkbox" checked={draft[name]} onChange={({ currentTarget }) => set({ [name]: currentTarget.checked })} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <Length
        id="photo-days"
        label={says.photoDays}
        unit="day"
        value={draft.photoDays ?? photoKeepDays}
        offered={keeps}
        choose={(photoDays) => set({ photoDays })}
      />
      <Length
        id="wait"
        label={says.wait}
        unit="second"
        value={draft.waitSeconds}
        offered={waits}
        choose={(waitSeconds) => set({ waitSeconds })}
      />
      <div class="form-field">
        <label for="zone">{says.zone}</label>
        <select id="zone" value={draft.zone} onChange={({ currentTarget }) => set({ zone: currentTarget.value })}>
          {zones.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <p class="quiet">{says.zoneText}</p>
      </div>
    </section>
  );
}

interface FormProps {
  readonly book: WishBook;
  /** As the hub was told last; undefined where that is not known. */
  readonly doorPhotos: boolean | undefined;
  readonly neighbours: readonly HolderView[];
  readonly again: () => Promise<void>;
  readonly said: string;
  readonly say: (text: string) => void;
}

function Form({ book, doorPhotos, neighbours, again, said, say }: FormProps) {
  const { course, known } = useApp();
  const says = useWords(wishWords);
  const [draft, tell] = useState<Draft>(() =>
    book.wishes === null ? freshDraft(book.zone, doorPhotos) : toDraft(book.wishes, doorPhotos),
  );
  const [missing, lack] = useState<readonly Missing[]>([]);
  const set = (fields: Partial<Draft>): void => {
    say('');
    tell((before) => ({ ...before, ...fields }));
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { place } = course;
    // Somebody who was taken back meanwhile is asked no more.
    const living = draft.neighbours.filter((id) => neighbours.some(({ holder }) => holder === id));
    const made = toWishes({ ...draft, neighbours: living });
    lack(made.ok ? [] : made.missing);
    if (!made.ok || place === undefined) return made.ok || made.missing.length > 0 ? undefined : say(fill(says.failed, { code: 'WISHES_UNFIT' }));
    const isWanted = toDoorPhotos(draft);
    const isNews = doorPhotos === undefined ? !isWanted && known.doors.some(({ hasDoorstep }) => hasDoorstep) : doorPhotos !== isWanted;
    if (isNews) {
      const told = await allowDoorPhotos(place, isWanted);
      if (!told.ok) return say(fill(says.failed, { code: told.code }));
    }
    const put = await putWishes(place, book.version + 1, made.wishes);
    await again();
    say(put.ok ? says.saved : put.code === 'WISHES_OLD' ? says.old : fill(says.failed, { code: put.code }));
  };
  const details: DetailProps = { draft, set, missing };
  const isChosen = (place: Draft['order'][number]): boolean => draft.order.includes(place);
  const isBySupport = book.by === 'support' && book.wishes?.alwaysCode === true;
  return (
    <form class="cards wishes" onSubmit={(event) => void save(event)} noValidate>
      {isBySupport && <p class="line">{says.bySupport}</p>}
      <div class="column">
        <Order order={draft.order} set={(order) => set({ order })} />
        <Lacks missing={missing} of="place" />
        {isChosen('box') && <Boxes {...details} />}
        {isChosen('garage') && <Garage {...details} />}
        {isChosen('neighbour') && (
          <Neighbours
            {...details}
            known={neighbours}
            named={(holder) => {
              set({ neighbours: [...draft.neighbours, holder] });
              void again();
            }}
          />
        )}
        {isChosen('drop') && <Drop {...details} />}
        {isChosen('pick-up') && <PickUp {...details} />}
      </div>
      <div class="column">
        <Code {...details} />
        <Rest {...details} />
      </div>
      <p class="quiet">{says.opensNothing}</p>
      <p class="quiet">{says.uncovered}</p>
      <p role="status">{said}</p>
      <div class="buttons">
        <button type="submit" class="plain main">
          {says.save}
        </button>
        <button type="button" class="plain" onClick={() => go('rules')}>
          {says.rules}
        </button>
      </div>
    </form>
  );
}

export function Screen() {
  const { course } = useApp();
  const { place } = course;
  const [book, tell] = useState<WishBook>();
  const [doorPhotos, allow] = useState<boolean>();
  const [neighbours, setNeighbours] = useState<readonly HolderView[]>([]);
  const [said, say] = useState('');
  const read = async (): Promise<void> => {
    if (place === undefined) return;
    const [wishes, holders, isAllowed] = await Promise.all([readWishes(place), readNeighbours(place), readDoorPhotos(place)]);
    allow(isAllowed);
    if (holders.ok) setNeighbours(holders.value);
    if (wishes.ok) tell(wishes.value);
  };
  useEffect(() => void read(), [place]);
  if (book === undefined) return <p class="quiet wait">…</p>;
  return <Form key={`${book.version} ${doorPhotos}`} book={book} doorPhotos={doorPhotos} neighbours={neighbours} again={read} said={said} say={say} />;
}
