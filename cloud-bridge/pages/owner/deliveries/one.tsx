/** One delivery: how it stands, what was announced, where it is going, and what its owner can still say. */
import { useEffect, useState } from 'preact/hooks';
import type { PlanView } from '../../../../wire/plan.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp, useNow } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import type { Place } from '../home/course.ts';
import type { Delivery } from '../home/known.ts';
import { later } from '../later.tsx';
import { useDoorName } from '../names.ts';
import { saySpan } from '../times.ts';
import { isService } from '../today/say-state.ts';
import { todayWords } from '../today/words.ts';
import { useWords } from '../use-words.ts';
import { count, fill } from '../words.ts';
import { Change } from './change.tsx';
import { block, readNeighbours, readPlan } from './client.ts';
import { HandOver } from './code.tsx';
import { Photos } from './photo.tsx';
import { isNowhere, sayCode, sayMoney, sayStep } from './say.ts';
import { standingOf } from './steps.ts';
import { deliveryWords } from './words.ts';

function Standing({ delivery }: { readonly delivery: Delivery }) {
  const { known, code } = useApp();
  const says = useWords(deliveryWords);
  const now = useNow(30_000);
  const { steps, at, end } = standingOf(delivery);
  const reached = steps.indexOf(at);
  return (
    <section class="card" data-standing={at} data-end={at === 'end' ? end : undefined}>
      <h2>{known.carriers[delivery.carrier] ?? delivery.carrier}</h2>
      <p class="when">{saySpan(code, delivery.from, delivery.until, now)}</p>
      <ol class="progress">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={index === reached ? 'step' : undefined}
            data-reached={index <= reached ? '' : undefined}
          >
            {step === 'end' ? says.ends[end] : says.steps[step]}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Announced({ delivery, plan }: { readonly delivery: Delivery; readonly plan: PlanView }) {
  const { code } = useApp();
  const says = useWords(deliveryWords);
  const { parcels, work } = useWords(todayWords);
  const isWork = isService(delivery);
  const { parcel, coming, isTaken, kind } = plan;
  const { isOver } = standingOf(delivery);
  const [taken, notTaken] = isWork ? [says.sent, says.notSent] : [says.taken, says.notTaken];
  const saysWho = isTaken ? taken : notTaken;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [says.goods, parcel?.goods],
    [says.sender, parcel?.sender],
    [says.value, parcel?.value && sayMoney(code, parcel.value)],
    [says.amount, isWork ? undefined : count(code, parcels, delivery.parcels)],
    [says.note, parcel?.note],
    [says.who, coming ?? (isOver ? undefined : saysWho)],
  ];
  return (
    <section class="card">
      <h2>{says.what}</h2>
      {!isWork && parcel?.goods === undefined && parcel?.sender === undefined && <p class="quiet">{says.nothingSaid}</p>}
      {kind === 'gift' && <p>{says.gift}</p>}
      {isWork && <p>{work}</p>}
      <dl class="pairs">
        {rows.map(
          ([name, text]) =>
            text !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function WhereTo({ plan, holders }: { readonly plan: PlanView; readonly holders: ReadonlyMap<string, string> }) {
  const { code } = useApp();
  const says = useWords(deliveryWords);
  const door = useDoorName();
  const names = { door, holder: (id: string) => holders.get(id) ?? says.aNeighbour };
  const why = sayCode(says, plan);
  return (
    <section class="card" data-plan={plan.plan.map(({ place }) => place).join(' ')}>
      <h2>{says.whereTo}</h2>
      {isNowhere(plan.plan) ? (
        <p class="trouble">{says.nowhere}</p>
      ) : (
        <>
          <p class="quiet">{says.inThisOrder}</p>
          <ol class="plan">
            {plan.plan.map((step) => (
              <li key={step.place}>{sayStep(says, code, step, names)}</li>
            ))}
          </ol>
        </>
      )}
      {why !== undefined && <p class="quiet">{why}</p>}
      <details class="past" open={isNowhere(plan.plan)}>
        <summary>{says.whyNot}</summary>
        <ul class="widens">
          {plan.without.map((one) => (
            <li key={one.place} data-without={`${one.place} ${one.why}`}>
              {`${says.places[one.place]}: ${says.whys[one.why]}`}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

interface NotMineProps {
  readonly place: Place;
  readonly delivery: string;
}

function NotMine({ place, delivery }: NotMineProps) {
  const { course } = useApp();
  const says = useWords(deliveryWords);
  const frame = useWords(frameWords);
  const [state, tell] = useState<'' | 'busy' | { readonly code: string }>('');
  const press = async (): Promise<void> => {
    tell('busy');
    const blocked = await block(place, delivery);
    tell(blocked.ok ? '' : { code: blocked.code });
    course.refresh('deliveries', 'waiting');
  };
  return (
    <section class="card">
      <p>{says.notMineText}</p>
      <HoldButton
        says={says.notMine}
        hint={frame.hold}
        again={frame.again}
        isBusy={state === 'busy'}
        kind="small"
        onHeld={() => void press()}
      />
      <p role="status">{typeof state === 'object' ? fill(says.failed, { code: state.code }) : ''}</p>
    </section>
  );
}

/** Asked for again with every news of deliveries. */
function usePlan(place: Place | undefined, delivery: string, news: unknown) {
  const [plan, tell] = useState<PlanView>();
  useEffect(() => {
    let isMine = true;
    if (place !== undefined) void readPlan(place, delivery).then((read) => read.ok && isMine && tell(read.value));
    return () => {
      isMine = false;
    };
  }, [place, delivery, news]);
  return [plan, tell] as const;
}

function useNeighbours(place: Place | undefined): ReadonlyMap<string, string> {
  const [names, tell] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    if (place === undefined) return;
    void readNeighbours(place).then(
      (read) => read.ok && tell(new Map(read.value.map(({ holder, name }) => [holder, name]))),
    );
  }, [place]);
  return names;
}

/** What comes after the end: loaded where there was one. */
const After = later(async () => (await import('./evidence.tsx')).AfterAll);

export function Screen() {
  const says = useWords(deliveryWords);
  const { known, course, route } = useApp();
  const { place } = course;
  const delivery = known.deliveries.find((one) => one.delivery === route.about);
  const [plan, setPlan] = usePlan(place, route.about ?? '', known.deliveries);
  const holders = useNeighbours(place);
  const now = useNow(30_000);
  if (delivery === undefined) return <p class="quiet">{says.nothing}</p>;
  const { isOver, end } = standingOf(delivery);
  const isWork = isService(delivery);
  const isOpen = plan !== undefined && place !== undefined && !isOver;
  const isPast = isOver || delivery.until * 1000 < now;
  return (
    <>
      <div class="column">
        <Standing delivery={delivery} />
        {end === 'blocked' && <p role="status">{says.blocked}</p>}
        {place !== undefined && !isOver && !isWork && (
          <HandOver place={place} delivery={delivery.delivery} news={known.deliveries} />
        )}
        {place !== undefined && (
          <Photos key={`photos ${delivery.delivery}`} place={place} delivery={delivery.delivery} news={known.deliveries} />
        )}
        {isPast && !isWork && <After key={delivery.delivery} delivery={delivery} />}
      </div>
      <div class="column">
        {isOpen && !isWork && <WhereTo plan={plan} holders={holders} />}
        {plan !== undefined && <Announced delivery={delivery} plan={plan} />}
        {isOpen && !isWork && plan.isFixed && <p class="quiet">{says.fixed}</p>}
        {isOpen && !isWork && !plan.isFixed && <Change key={plan.delivery} place={place} plan={plan} changed={setPlan} />}
        {isOpen && <NotMine place={place} delivery={delivery.delivery} />}
      </div>
    </>
  );
}
