/** The order of the places, set with buttons: no dragging, so that every hand and every reader can. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../../../../wire/plan.ts';
import { deliveryWords } from '../deliveries/words.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { added, moved, notChosen, removed } from './draft.ts';
import { wishWords } from './words.ts';

interface OrderProps {
  readonly order: readonly Place[];
  readonly set: (order: readonly Place[]) => void;
}

export function Order({ order, set }: OrderProps) {
  const says = useWords(wishWords);
  const { places } = useWords(deliveryWords);
  const [said, say] = useState('');
  /** The row moved under the finger: it keeps the focus. */
  const [focus, keepFocus] = useState<{ readonly place: Place; readonly by: number }>();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (focus === undefined) return;
    const buttons = list.current?.querySelectorAll<HTMLButtonElement>(`[data-row="${focus.place}"] button:not(:disabled)`);
    const wanted = [...(buttons ?? [])].find((one) => one.dataset.by === String(focus.by));
    (wanted ?? buttons?.[0])?.focus();
  }, [focus]);

  const move = (place: Place, by: -1 | 1): void => {
    const next = moved(order, place, by);
    if (next === undefined) return;
    set(next);
    keepFocus({ place, by });
    say(fill(says.isAt, { place: places[place], n: next.indexOf(place) + 1, of: next.length }));
  };
  return (
    <section class="card">
      <p class="quiet">{says.intro}</p>
      <h2>{says.chosen}</h2>
      <ol class="ordered" ref={list}>
        {order.map((place) => (
          <li key={place} data-row={place}>
            <span>{places[place]}</span>
            {([[-1, '↑', says.up], [1, '↓', says.down]] as const).map(([by, sign, label]) => (
              <button
                key={by}
                type="button"
                class="plain small"
                data-by={by}
                aria-label={fill(label, { place: places[place] })}
                disabled={moved(order, place, by) === undefined}
                onClick={() => move(place, by)}
              >
                {sign}
              </button>
            ))}
            <button
              type="button"
              class="plain small"
              aria-label={fill(says.remove, { place: places[place] })}
              onClick={() => set(removed(order, place))}
            >
              ×
            </button>
          </li>
        ))}
      </ol>
      <p class="sr" role="status">
        {said}
      </p>
      <h2>{says.never}</h2>
      <ul class="ordered">
        {notChosen(order).map((place) => (
          <li key={place} data-never={place}>
            <span>{places[place]}</span>
            <button type="button" class="plain small" aria-label={`${says.choose}: ${places[place]}`} onClick={() => set(added(order, place))}>
              {says.choose}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
