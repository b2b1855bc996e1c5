/** The settings: language, names of the doors, how long recordings are kept, and whatever other screens bring here. */
import { useState } from 'preact/hooks';
import { defaultKeepHours } from '../../../../wire/video.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { changeNotes, maxNameChars } from '../home/notes.ts';
import { keepRecordings } from '../home/orders.ts';
import { Languages } from '../languages.tsx';
import { ScreenList } from '../more/screen.tsx';
import { useDoorName } from '../names.ts';
import { useWords } from '../use-words.ts';
import { count, fill } from '../words.ts';
import { settingsWords } from './words.ts';

const choices = [24, 72, 168, 336, 720] as const;

function Keep() {
  const { course, code } = useApp();
  const says = useWords(settingsWords);
  const frame = useWords(frameWords);
  const [hours, choose] = useState<number>(defaultKeepHours);
  const [state, tell] = useState<'' | 'busy' | 'signed' | 'signedLater' | { readonly code: string }>('');
  const sign = async (): Promise<void> => {
    const { place } = course;
    if (place === undefined) return tell({ code: 'CLOUD_SILENT' });
    tell('busy');
    const reply = await keepRecordings(place, hours);
    tell(!reply.ok ? { code: reply.code } : reply.value.pending ? 'signedLater' : 'signed');
  };
  const note = typeof state === 'object' ? fill(says.failed, { code: state.code }) : state === '' || state === 'busy' ? '' : says[state];
  return (
    <section class="card">
      <h2 id="keep">{says.keep}</h2>
      <p class="quiet">{says.keepText}</p>
      <select aria-labelledby="keep" value={hours} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {choices.map((one) => (
          <option key={one} value={one}>
            {count(code, says.days, one / 24)}
          </option>
        ))}
      </select>
      <HoldButton says={says.sign} hint={says.keepHint} again={frame.again} isBusy={state === 'busy'} kind="small" onHeld={() => void sign()} />
      <p class="quiet" role="status">
        {note}
      </p>
    </section>
  );
}

function Names() {
  const { course, known } = useApp();
  const says = useWords(settingsWords);
  const nameOf = useDoorName();
  const [typed, type] = useState<Readonly<Record<string, string>>>({});
  const [note, tell] = useState('');
  const save = async (): Promise<void> => {
    const { place } = course;
    if (place === undefined) return tell(fill(says.failed, { code: 'CLOUD_SILENT' }));
    const changed = await changeNotes(place, (notes) => {
      const names = Object.entries({ ...notes.names, ...typed }).map(([door, name]) => [door, name.trim()] as const);
      return { ...notes, names: Object.fromEntries(names.filter(([, name]) => name !== '')) };
    });
    tell(changed.ok ? says.saved : fill(says.failed, { code: changed.code }));
    course.refresh('notes');
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{says.names}</h2>
      <p class="quiet">{says.namesText}</p>
      {known.doors.map(({ id }) => (
        <label class="field" key={id}>
          <span>{nameOf(id)}</span>
          <input
            type="text"
            maxLength={maxNameChars}
            autocomplete="off"
            value={typed[id] ?? known.names[id] ?? ''}
            onInput={(event) => {
              tell('');
              type({ ...typed, [id]: event.currentTarget.value });
            }}
          />
        </label>
      ))}
      <button type="submit" class="plain">
        {says.save}
      </button>
      <p class="quiet" role="status">
        {note}
      </p>
    </form>
  );
}

export function Screen() {
  const says = useWords(settingsWords);
  const version = document.querySelector('meta[name="build"]')?.getAttribute('content') ?? '';
  return (
    <>
      <section class="card">
        <div class="row">
          <h2>{says.language}</h2>
          <Languages />
        </div>
      </section>
      <ScreenList place="settings" />
      <Names />
      <Keep />
      <section class="card">
        <h2>{says.about}</h2>
        <p class="quiet">
          {fill(says.build, { version })} · <a href="hashes.json">{says.check}</a>
        </p>
      </section>
    </>
  );
}
