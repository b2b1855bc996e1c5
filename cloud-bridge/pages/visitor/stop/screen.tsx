/** A stop, one screen at a time, with one big press: here, ringing, handing over; or the next place of the plan; or leaving. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { leaveReasons, StopEnd } from '../../../../wire/stop.ts';
import { count } from '../../common/counted.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { sayDistance } from '../../common/say-distance.ts';
import { LazyPhoto } from '../photo/lazy-photo.tsx';
import type { Known } from '../known.ts';
import type { Language } from '../languages.ts';
import { Holders, holdersOf, TypeCode } from './hand-over.tsx';
import { Ring } from './ring.tsx';
import { goodEnds, type Step, stepOf, type Wanted } from './story.ts';
import { troubleOf } from './trouble.ts';
import type { StopKnown, Wish } from './way.ts';
import { loadStopWords, type StopLanguage, type StopWord } from './words.ts';

const strokes = {
  pin: 'M32 58S12 40 12 25a20 20 0 0140 0c0 15-20 33-20 33zM32 33a8 8 0 100-16 8 8 0 000 16z',
  bell: 'M14 46h36c-5-5-5-10-5-18a13 13 0 00-26 0c0 8 0 13-5 18zM27 52a5 5 0 0010 0M52 14c3 3 5 7 5 12M12 14c-3 3-5 7-5 12',
  hands: 'M8 20l24-10 24 10v16L32 46 8 36zM8 20l24 10 24-10M32 30v16M6 52c8 6 44 6 52 0',
  people: 'M22 28a9 9 0 100-18 9 9 0 000 18zM6 52c1-11 8-17 16-17s15 6 16 17M44 30a7 7 0 100-14M42 36c9 0 15 6 16 16',
  door: 'M14 58V8h36v50M6 58h52M42 32v6',
  done: 'M32 6a26 26 0 100 52 26 26 0 000-52zM20 33l9 9 16-19',
  away: 'M8 24l18-9 18 9v18l-18 9-18-9zM8 24l18 9 18-9M26 33v18M46 32h14m0 0l-6-6m6 6l-6 6',
} as const;

const reasons: Readonly<Record<(typeof leaveReasons)[number], StopWord>> = {
  ...{ nobody: 'nobody', refused: 'refused', 'not-found': 'notFound' },
  ...{ unsafe: 'unsafe', damaged: 'damaged', other: 'other' },
};

const endTitles: Readonly<Record<StopEnd, StopWord>> = {
  ...{ 'handed-over': 'handedOver', put: 'putDown', inside: 'broughtIn', 'picked-up-later': 'atPoint' },
  ...{ 'tries-used': 'triesUsed', left: 'left', 'day-over': 'dayOver', blocked: 'blocked', cancelled: 'cancelled' },
};
/** Said below the end; nothing below one that is good. */
const endTexts: Partial<Record<StopEnd, StopWord>> = {
  ...{ left: 'leftText', 'tries-used': 'leftAgain', 'day-over': 'leftAgain', blocked: 'takeBack', cancelled: 'takeBack' },
};

const openSays = { inside: 'openInside', garage: 'openGarage', box: 'openBox' } as const;

const pictures: Readonly<Record<Step, keyof typeof strokes>> = {
  ...{ find: 'pin', arrive: 'pin', ring: 'bell', wait: 'door', who: 'people', code: 'hands', leave: 'away', end: 'done' },
};
const titles: Readonly<Record<Exclude<Step, 'end' | 'find' | 'wait'>, StopWord>> = {
  ...{ arrive: 'hereTitle', ring: 'ringTitle', who: 'whoTitle', code: 'codeTitle', leave: 'leaveTitle' },
};
const texts: Readonly<Record<Exclude<Step, 'end' | 'find' | 'who'>, StopWord>> = {
  ...{ arrive: 'hereText', ring: 'ringText', wait: 'waitText', code: 'codeText', leave: 'leaveText' },
};

export interface StopScreenProps {
  readonly known: Known;
  readonly stop: StopKnown;
  readonly language: Language;
}

/** @returns the words of the language that is chosen now; until they are here, those before */
function useStopWords(first: StopLanguage, { code }: Language): StopLanguage {
  const [words, show] = useState(first);
  useEffect(() => {
    void loadStopWords(code).then(show, () => undefined);
  }, [code]);
  return words;
}

/** Ticks while the wait goes on, so that what comes after it is offered when it is over. */
function useNow(until: number | undefined, aheadMs: number): number {
  const [now, tick] = useState(() => Date.now() + aheadMs);
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now() + aheadMs), 500);
    return () => clearInterval(timer);
  }, [until, aheadMs]);
  return now;
}

export function StopScreen({ known, stop: told, language }: StopScreenProps) {
  const words = useStopWords(told.words, language);
  const stop: StopKnown = { ...told, words };
  const { view } = stop;
  const { says, tries } = words;
  const [wanted, want] = useState<Wanted>(view.named === undefined ? undefined : 'hand');
  const now = useNow(view.waitUntil, stop.aheadMs);
  const hasWaited = view.waitUntil !== undefined && now >= view.waitUntil;
  const step = stepOf(view, wanted, known.hint);
  const hint = step === 'find' ? known.hint : undefined;
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef<string>(step);
  useEffect(() => {
    if (first.current !== step) heading.current?.focus();
    first.current = '';
  }, [step]);
  const isBusy = known.doing !== undefined;
  const { hold, again, offline, findTitle, found, doorPhoto } = language.says;
  const holders = holdersOf(stop);
  const say = (n: number): string =>
    count(language.code, tries, n);
  const big = (label: string, onHeld: () => void, key: string) => (
    <HoldButton key={key} says={label} hint={hold} again={again} isBusy={isBusy} onHeld={onHeld} />
  );
  const small = (label: string, onHeld: () => void, key: string) => (
    <HoldButton key={key} kind="small" says={label} hint="" again={again} isBusy={isBusy} onHeld={onHeld} />
  );
  const plain = (label: string, onClick: () => void) => (
    <button type="button" class="plain" disabled={isBusy} onClick={onClick}>
      {label}
    </button>
  );
  const act = (wish: Wish): void => void stop.act(wish);
  const photoOf = (place: 'drop' | 'in-person') => (
    <LazyPhoto
      {...{ ask: stop.ask, token: stop.token, delivery: view.delivery, attempt: view.attempt }}
      {...{ language: language.code, aheadMs: stop.aheadMs, doorCamera: view.doorCamera === true }}
      onSent={(photo) => act({ act: 'put', place, ...(photo === undefined ? {} : { photo }) })}
    />
  );
  const isGood = view.end !== undefined && goodEnds.includes(view.end);
  const word = (at: Exclude<Step, 'find'>): StopWord =>
    at === 'end' ? endTitles[view.end!] : at === 'wait' ? (hasWaited ? 'waitedTitle' : 'waitTitle') : titles[at];
  const title = step === 'find' ? findTitle : says[word(step)];
  const text = step === 'end' ? view.end && endTexts[view.end] : step === 'who' || step === 'find' ? undefined : texts[step];
  const wrong = troubleOf(view, stop.refusal);
  const trouble = known.isOffline ? offline : wrong && says[wrong];
  // Where the hub could hear that the courier is there, the number goes with the code.
  const isNumbered = step === 'ring' || step === 'wait' || (step === 'code' && !view.isSure);
  const toHand = (): void => {
    want('hand');
    if (holders.length === 1 && view.named === undefined) act({ act: 'name', holder: holders[0]!.holder });
  };
  const drop = view.plan.find(({ place }) => place === 'drop');
  const point = view.plan.find(({ place }) => place === 'pick-up');
  const confirms = view.plan.some(({ place, holders: who }) => place === 'in-person' && who === undefined);
  return (
    <section class="screen stop" data-at={`stop-${step}`} data-tone={step === 'end' ? (isGood ? 'good' : 'calm') : 'act'} aria-busy={isBusy}>
      {step === 'wait' && view.waitUntil !== undefined ? (
        <Ring now={now} until={view.waitUntil} />
      ) : hint?.photo !== undefined ? (
        <img class="photo" src={hint.photo} alt={doorPhoto} />
      ) : (
        <svg class="drawing" viewBox="0 0 64 64" aria-hidden="true">
          <path d={strokes[step === 'end' && !isGood ? 'away' : pictures[step]]} />
        </svg>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {hint?.place !== undefined && <p class="digits">{hint.place}</p>}
      {hint?.instruction !== undefined && (
        <p class="note" dir="auto">
          {hint.instruction}
        </p>
      )}
      {text !== undefined && <p>{says[text]}</p>}
      {step === 'arrive' && known.check !== undefined && (
        <p class="quiet">
          {says.dispatch} <b>{known.check.replace(/^(...)/, '$1 ')}</b>
        </p>
      )}
      {view.doorNumber !== undefined && isNumbered && (
        <>
          <p>{says.number}</p>
          <p class="digits">{view.doorNumber}</p>
        </>
      )}
      {view.note !== undefined && (step === 'ring' || step === 'wait') && (
        <p class="note" dir="auto">
          {view.note}
        </p>
      )}
      {step === 'wait' && confirms && <p>{says.confirm}</p>}
      <p class="trouble" role="alert">
        {trouble ?? ''}
      </p>
      {step === 'who' && <Holders stop={stop} isBusy={isBusy} onNamed={() => want('hand')} />}
      <div class="presses">
        {step === 'find' && big(found, () => void stop.found(), 'found')}
        {step === 'arrive' && big(says.arrive, () => void stop.arrive(true), 'arrive')}
        {step === 'ring' && big(says.ring, () => act({ act: 'ring' }), 'ring')}
        {(step === 'ring' || step === 'wait') && holders.length > 0 && (step === 'wait' ? big : small)(says.handOver, toHand, 'hand')}
        {step === 'code' && <TypeCode stop={stop} isBusy={isBusy} hold={hold} again={again} say={say} />}
        {step === 'code' && !view.isSure && small(says.share, () => void stop.arrive(true), 'share')}
        {step === 'wait' &&
          hasWaited &&
          view.plan.map(
            ({ place, door }) =>
              door !== undefined &&
              (place === 'inside' || place === 'garage' || place === 'box') &&
              big(says[openSays[place]], () => void stop.open(door), `open ${door}`),
          )}
        {step === 'wait' && hasWaited && drop !== undefined && (
          <>
            <p class="note" dir="auto">
              {says.dropTitle} {drop.text}
            </p>
            {view.photo ? photoOf('drop') : small(says.put, () => act({ act: 'put', place: 'drop' }), 'put')}
            {(view.presence === 'said' || view.presence === 'someone') &&
              small(says.share, () => void stop.arrive(true), 'share')}
          </>
        )}
        {step === 'wait' && hasWaited && drop === undefined && confirms && view.photo && (
          <>
            <p>{says.orPhoto}</p>
            {photoOf('in-person')}
          </>
        )}
        {step === 'wait' && hasWaited && point !== undefined && (
          <p class="note" dir="auto">
            {says.pickUp} {point.text}
            {point.metres !== undefined && `, ${sayDistance(language.code, point.metres)}`}
          </p>
        )}
        {step === 'leave' &&
          (view.state === 'expected' ? (['not-found', 'unsafe', 'damaged', 'other'] as const) : leaveOrder)
            .filter((reason) => reason !== 'nobody' || hasWaited)
            .map((reason) => small(says[reasons[reason]], () => act({ act: 'leave', reason }), reason))}
        {(step === 'leave' || step === 'who' || step === 'code') &&
          plain(says.back, () => want(step === 'code' && holders.length > 1 ? 'who' : undefined))}
        {(step === 'find' || step === 'arrive' || step === 'ring' || step === 'wait') && plain(says.leave, () => want('leave'))}
      </div>
    </section>
  );
}

const leaveOrder = ['nobody', 'refused', 'not-found', 'unsafe', 'damaged', 'other'] as const;
