/** What an owner changes for one delivery: where to, with a code or without, on which day, and what the courier should know. */
import { useState } from 'preact/hooks';
import { addDays, dayOf } from '../../../../wire/local-day.ts';
import { type DeliveryWishes, mostDaysAhead, type Place as Where, type PlanView } from '../../../../wire/plan.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { go } from '../route.ts';
import { sayDay } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { changeWords } from './change-words.ts';
import { changePlan } from './client.ts';
import { deliveryWords } from './words.ts';

const always = 'always';
const longestNote = 280;

/** What may be chosen alone. */
function choices({ possible, without }: PlanView): readonly Where[] {
  // Without a code it may be put down.
  const waived = without.filter(({ why }) => why === 'code-demanded').map(({ place }) => place);
  return [...possible, ...waived].filter((place) => place !== 'tomorrow');
}

interface ChangeProps {
  readonly place: Place;
  readonly plan: PlanView;
  readonly changed: (plan: PlanView) => void;
}

export function Change({ place, plan, changed }: ChangeProps) {
  const { code } = useApp();
  const says = useWords(changeWords);
  const { failed, places: placeWords } = useWords(deliveryWords);
  const { forThisOne, zone, day } = plan;
  const first = forThisOne.order?.[0];
  const [where, setWhere] = useState<string>(first ?? always);
  const [withCode, setWithCode] = useState(forThisOne.code === undefined ? always : String(forThisOne.code));
  const [onDay, setDay] = useState(day ?? '');
  const [note, setNote] = useState(forThisOne.note ?? '');
  const [said, say] = useState('');
  const today = dayOf(zone, Date.now());
  const ahead = Array.from({ length: mostDaysAhead + 1 }, (_, n) => addDays(today, n));
  // One that is over already is shown as long as it is the delivery's.
  const days = day === undefined || ahead.includes(day) ? ahead : [day, ...ahead];
  const places = choices(plan);
  const offered = first === undefined || places.includes(first) ? places : [first, ...places];

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wish: DeliveryWishes = {
      ...(forThisOne.photos === undefined ? {} : { photos: forThisOne.photos }),
      ...(where === always ? {} : { order: where === first ? forThisOne.order! : [where as Where, 'tomorrow'] }),
      ...(withCode === always ? {} : { code: withCode === 'true' }),
      ...(onDay === day ? {} : { day: onDay }),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
    };
    const reply = await changePlan(place, plan.delivery, wish);
    if (reply.ok) changed(reply.value);
    const why = says.refusals[(reply.ok ? '' : reply.code) as keyof typeof says.refusals];
    say(reply.ok ? says.saved : (why ?? fill(failed, { code: reply.code })));
  };

  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <h2>{says.change}</h2>
      <div class="form-field">
        <label for="plan-where">{says.where}</label>
        <select id="plan-where" value={where} onChange={({ currentTarget }) => setWhere(currentTarget.value)}>
          <option value={always}>{says.asAlways}</option>
          {offered.map((one) => (
            <option key={one} value={one}>
              {fill(says.only, { place: placeWords[one] })}
            </option>
          ))}
        </select>
      </div>
      <div class="form-field">
        <label for="plan-code">{says.code}</label>
        <select id="plan-code" value={withCode} onChange={({ currentTarget }) => setWithCode(currentTarget.value)}>
          <option value={always}>{says.asAlways}</option>
          <option value="true">{says.codeAsk}</option>
          <option value="false">{says.codeWaive}</option>
        </select>
      </div>
      <div class="form-field">
        <label for="plan-day">{says.day}</label>
        <select id="plan-day" value={onDay} onChange={({ currentTarget }) => setDay(currentTarget.value)}>
          {days.map((one) => (
            <option key={one} value={one}>
              {sayDay(code, Date.parse(`${one}T12:00:00`))}
            </option>
          ))}
        </select>
      </div>
      <div class="form-field">
        <label for="plan-note">{says.noteToCourier}</label>
        <input
          id="plan-note"
          type="text"
          maxLength={longestNote}
          autocomplete="off"
          value={note}
          onInput={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </div>
      <div class="buttons">
        <button type="submit" class="plain main">
          {says.save}
        </button>
        <button type="button" class="plain" onClick={() => go('wishes')}>
          {says.forAll}
        </button>
      </div>
      <p role="status">{said}</p>
    </form>
  );
}
