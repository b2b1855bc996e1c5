/** What stands around every screen: where one is, where one can go, and whether the home is heard. */
import type { ComponentType, FunctionComponent } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { keepLanguage } from '../common/kept-language.ts';
import type { LanguageCode } from '../common/language.ts';
import { type App, AppContext, useApp, useNow } from './app.ts';
import { frameWords } from './frame-words.ts';
import type { Course } from './home/course.ts';
import type { Known } from './home/known.ts';
import { Icon } from './icon.tsx';
import { onNewApp, takeNewApp } from './install.ts';
import { currentRoute, go, onRoute } from './route.ts';
import { useRenewal } from './rules/use-renewal.ts';
import { type ScreenName, type ScreenRow, screens } from './screens.ts';
import { sayAge } from './times.ts';
import { Welcome } from './welcome/welcome.tsx';
import { useWords } from './use-words.ts';
import { fill } from './words.ts';

const rowOf = (name: ScreenName): ScreenRow => screens.find((one) => one.name === name)!;
const loaded = new Map<string, ComponentType>();

/** A screen, loaded when it is first shown. */
function Loaded({ row }: { readonly row: ScreenRow }) {
  const says = useWords(frameWords);
  const [state, tell] = useState<'loading' | 'here' | 'failed'>(loaded.has(row.name) ? 'here' : 'loading');
  const [attempt, again] = useState(0);
  useEffect(() => {
    let isMine = true;
    if (loaded.has(row.name)) tell('here');
    else {
      tell('loading');
      row.load().then(
        ({ Screen }) => {
          loaded.set(row.name, Screen);
          if (isMine) tell('here');
        },
        () => isMine && tell('failed'),
      );
    }
    return () => {
      isMine = false;
    };
  }, [row, attempt]);
  const Screen = loaded.get(row.name) as FunctionComponent | undefined;
  if (Screen !== undefined) return <Screen />;
  if (state !== 'failed') return <p class="quiet wait">{says.loading}</p>;
  return (
    <div class="card">
      <p>{says.notLoaded}</p>
      <button type="button" class="plain" onClick={() => again(attempt + 1)}>
        {says.tryAgain}
      </button>
    </div>
  );
}

/** What is asked on every screen. It is rare, and nothing that a first look should wait for. */
const cards = {
  newcomer: () => import('./devices/newcomer.tsx').then(({ NewcomerCard }) => NewcomerCard),
  veto: () => import('./recovery/veto-card.tsx').then(({ VetoCards }) => VetoCards),
} as const satisfies Readonly<Record<string, () => Promise<ComponentType>>>;

/** @param isWanted  from the first time on that it is, the card says by itself whether it shows */
function Asked({ name, isWanted }: { readonly name: keyof typeof cards; readonly isWanted: boolean }) {
  const { known } = useApp();
  const [, changed] = useState(0);
  useEffect(() => {
    if (!isWanted || loaded.has(name)) return;
    cards[name]().then(
      (card) => {
        loaded.set(name, card);
        changed((n) => n + 1);
      },
      () => undefined, // tried again when the line is back
    );
  }, [isWanted, known.line]);
  const Card = loaded.get(name) as FunctionComponent | undefined;
  return Card === undefined ? null : <Card />;
}

const Link = ({ row, isHere }: { readonly row: ScreenRow; readonly isHere: boolean }) => {
  const { code } = useApp();
  return (
    <a
      href={`#/${row.name}`}
      aria-current={isHere ? 'page' : undefined}
      onClick={(event) => {
        event.preventDefault();
        go(row.name as ScreenName);
      }}
    >
      <Icon of={row.picture} />
      <span>{row.label[code]}</span>
    </a>
  );
};

/** Said while nothing comes: how old all that is shown is. */
function Line() {
  const says = useWords(frameWords);
  const { known, code, course } = useApp();
  const now = useNow(1_000);
  if (known.line !== 'lost') return null;
  const age = known.heardMs === undefined ? undefined : sayAge(code, now - known.heardMs);
  return (
    <p class="line" role="status">
      <Icon of="cloud" />
      <span>{age === undefined ? says.offlineNever : fill(says.offline, { age })}</span>
      <button type="button" class="plain small" onClick={() => course.wake()}>
        {says.tryAgain}
      </button>
    </p>
  );
}

function Update() {
  const says = useWords(frameWords);
  const [, changed] = useState(0);
  const isNew = onNewApp(() => changed((n) => n + 1));
  if (!isNew) return null;
  return (
    <p class="line">
      <span>{says.newApp}</span>
      <button type="button" class="plain small" onClick={takeNewApp}>
        {says.takeNewApp}
      </button>
    </p>
  );
}

function Inside() {
  const { known, route, code } = useApp();
  const says = useWords(frameWords);
  const row = rowOf(route.name);
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(route);
  useEffect(() => {
    document.title = `${row.label[code]} · Doorward`;
    // A new screen is read out from its title on; the first is read from the top by itself.
    if (first.current !== route) heading.current?.focus();
  }, [route]);
  const bar = screens.filter(({ place }) => place === 'bar') as readonly ScreenRow[];
  const others = (screens as readonly ScreenRow[]).filter(({ place }) => place === 'more');
  const isInBar = row.place === 'bar';
  // While the hub is away it raises no alarm, and the cloud is asked.
  const isRecovering = !known.hubOnline || known.diary.alarms.some((alarm) => alarm.code === 'RECOVERY_ASKED');
  return (
    <div class="frame">
      <nav aria-label={says.screens}>
        <span class="brand">
          <Icon of="door" />
          Doorward
        </span>
        {bar.map((one) => (
          <Link key={one.name} row={one} isHere={one === row || (one.name === 'more' && !isInBar)} />
        ))}
        <div class="others">
          {others.map((one) => (
            <Link key={one.name} row={one} isHere={one.name === (row.under ?? row.name)} />
          ))}
        </div>
      </nav>
      <main>
        <header data-place={row.place}>
          {!isInBar && (
            <button type="button" class="back" aria-label={says.back} onClick={() => history.back()}>
              <Icon of="back" />
            </button>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {row.label[code]}
          </h1>
        </header>
        <Line />
        <Update />
        <Asked key={route.name} name="newcomer" isWanted={known.newcomer !== undefined} />
        <Asked name="veto" isWanted={isRecovering} />
        <Loaded key={row.name} row={row} />
      </main>
    </div>
  );
}

export interface FrameProps {
  readonly known: Known;
  readonly course: Course;
  readonly first: LanguageCode;
}

export function Frame({ known, course, first }: FrameProps) {
  const [code, setCode] = useState(first);
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => onRoute(setRoute), []);
  useEffect(() => keepLanguage(code), [code]);
  useRenewal(known, course);
  const app = useMemo<App>(() => ({ known, course, route, code, speak: setCode }), [known, course, route, code]);
  const isOpen = known.stage.at === 'home' || rowOf(route.name).needs === 'nothing';
  return <AppContext.Provider value={app}>{isOpen ? <Inside /> : <Welcome />}</AppContext.Provider>;
}
