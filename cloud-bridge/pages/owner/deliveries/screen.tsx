/** Every delivery that is known: what is coming, and what was. */
import { useApp, useNow } from '../app.ts';
import type { Delivery } from '../home/known.ts';
import { Icon } from '../icon.tsx';
import { go } from '../route.ts';
import { saySpan } from '../times.ts';
import { useWords } from '../use-words.ts';
import { standingOf } from './steps.ts';
import { deliveryWords } from './words.ts';

function Row({ delivery, nowMs }: { readonly delivery: Delivery; readonly nowMs: number }) {
  const { known, code } = useApp();
  const says = useWords(deliveryWords);
  const { at, end } = standingOf(delivery);
  return (
    <li>
      <button type="button" data-delivery={delivery.state} onClick={() => go('delivery', delivery.delivery)}>
        <Icon of={delivery.parcels === 0 ? 'people' : 'parcel'} />
        <span>
          <strong>{known.carriers[delivery.carrier] ?? delivery.carrier}</strong>
          <br />
          <span class="quiet">
            {saySpan(code, delivery.from, delivery.until, nowMs)} · {at === 'end' ? says.ends[end] : says.steps[at]}
          </span>
        </span>
        <Icon of="next" />
      </button>
    </li>
  );
}

export function Screen() {
  const { known } = useApp();
  const says = useWords(deliveryWords);
  const now = useNow(30_000);
  const isPast = (one: Delivery): boolean => standingOf(one).isOver || one.until * 1000 < now - 86_400_000;
  const coming = known.deliveries.filter((one) => !isPast(one)).sort((a, b) => a.from - b.from);
  const past = known.deliveries.filter(isPast).sort((a, b) => b.from - a.from);
  return (
    <>
      <button type="button" class="plain" onClick={() => go('wishes')}>
        {says.wishes}
      </button>
      <h2 class="part">{says.coming}</h2>
      {coming.length === 0 && <p class="quiet">{says.nothing}</p>}
      <ul class="list">
        {coming.map((one) => (
          <Row key={one.delivery} delivery={one} nowMs={now} />
        ))}
      </ul>
      {past.length > 0 && (
        <>
          <h2 class="part">{says.past}</h2>
          <ul class="list">
            {past.map((one) => (
              <Row key={one.delivery} delivery={one} nowMs={now} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}
