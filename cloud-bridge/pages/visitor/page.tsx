/** The page as it stands for what is known: one screen, one big action. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { HoldButton } from '../common/hold-button.tsx';
import type { Hold } from '../common/hold.ts';
import { keepLanguage } from '../common/kept-language.ts';
import type { LanguageCode } from '../common/language.ts';
import { Languages } from '../common/languages.tsx';
import type { Course } from './course.ts';
import { isStaff, type Known, type Press } from './known.ts';
import { Drawing } from './pictogram.tsx';
import { endedAtOf, saveReceipt } from './receipt.ts';
import { type Screen, screenOf } from './story.ts';
import { GuestDoors } from './guest-doors.tsx';
import { type Language, loadLanguage, type Words } from './languages.ts';
import { countParcels, sayTime, sayWindow, wordsFor } from './words.ts';

interface ScreenProps {
  readonly known: Known;
  readonly course: Course;
  readonly language: Language;
  /** The first button, as it stands. */
  readonly begun?: Hold | undefined;
}

function Title({ screen, known, language, says }: ScreenProps & { readonly screen: Screen; readonly says: Words }) {
  const { preview } = known;
  if (screen.title !== undefined) return <>{says[screen.title]}</>;
  if (preview === undefined) return <>{says.task}</>;
  const what = isStaff(preview) ? language.staff.visit : countParcels(language, preview.parcels);
  return <>{`${preview.carrier} · ${what}`}</>;
}

function Body(props: ScreenProps) {
  const { known, course, language, begun } = props;
  const { code } = language;
  const screen = screenOf(known);
  const { preview } = known;
  const says = wordsFor(language, known.isGuest ?? false, isStaff(preview));
  const endedAt = known.view?.at === 'ended' && known.receipt !== undefined ? endedAtOf(known.receipt) : undefined;
  const heading = useRef<HTMLHeadingElement>(null);
  // What the cloud says of a task changes its picture, under the finger that is on the button: that is no new screen.
  const step = screen.title === undefined ? 'task' : `${screen.picture} ${screen.title}`;
  const first = useRef(step);
  // A new screen is read out from its title on.
  useEffect(() => {
    if (first.current !== step) heading.current?.focus();
    first.current = '';
  }, [step]);
  const hold = (what: Press, label: string, kind: 'main' | 'small', rule = '') => (
    <HoldButton
      key={`${what} ${rule}`}
      says={label}
      hint={kind === 'main' ? says.hold : ''}
      again={says.again}
      isBusy={known.doing !== undefined}
      kind={kind}
      begun={what === 'take' ? begun : undefined}
      onHeld={() => void course.press(what, rule)}
    />
  );
  return (
    <section class="screen" data-at={known.view?.at ?? known.at} data-tone={screen.tone} aria-busy={screen.isWaiting ?? false}>
      {screen.hint?.photo === undefined ? (
        <Drawing of={screen.picture} isMoving={screen.isWaiting ?? false} />
      ) : (
        <img class="photo" src={screen.hint.photo} alt={says.doorPhoto} />
      )}
      <h1 ref={heading} tabIndex={-1}>
        <Title {...props} screen={screen} says={says} />
      </h1>
      {preview !== undefined && known.at !== 'visit' && known.at !== 'over' && (
        <p class="window">{sayWindow(code, preview.from, preview.until, Date.now())}</p>
      )}
      {screen.hint?.place !== undefined && <p class="digits">{screen.hint.place}</p>}
      {screen.hint?.instruction !== undefined && (
        <p class="note" dir="auto">
          {screen.hint.instruction}
        </p>
      )}
      {screen.text !== undefined && <p>{says[screen.text]}</p>}
      {screen.digits !== undefined && <p class="digits">{screen.digits.replace(/^(...)/, '$1 ')}</p>}
      {screen.digits !== undefined && <p class="quiet">{says.waiting}</p>}
      {screen.camera !== undefined && (
        <p class="camera">
          {screen.camera !== 'unfilmed' && <i aria-hidden="true" />}
          {says[screen.camera]}
        </p>
      )}
      <p class="trouble" role="alert">
        {screen.trouble === undefined ? '' : says[screen.trouble]}
      </p>
      {screen.hasDoors && (
        <GuestDoors doors={known.doors ?? []} language={language} says={says} come={(rule) => hold('ask', says.come, 'main', rule)} />
      )}
      <div class="presses">
        {screen.press !== undefined && hold(screen.press.what, says[screen.press.says], 'main')}
        {screen.also.map((act) =>
          act === 'back' ? (
            <button type="button" class="plain" key="back" disabled={known.doing !== undefined} onClick={() => void course.press('back')}>
              {says.back}
            </button>
          ) : (
            hold(act, says[act], act === 'finish' && known.view?.at === 'open' ? 'main' : 'small')
          ),
        )}
        {screen.receipt !== undefined && known.view?.at === 'ended' && (
          <button type="button" class="plain" onClick={() => saveReceipt(screen.receipt!)}>
            {says.receipt}
          </button>
        )}
      </div>
      {endedAt !== undefined && <p class="quiet">{sayTime(code, endedAt)}</p>}
    </section>
  );
}

export function Page({ language: first, ...props }: ScreenProps) {
  const { known } = props;
  const [language, show] = useState(first);
  const { code, says } = language;
  useEffect(() => {
    keepLanguage(code);
  }, [code]);
  // One that does not come leaves the page as it is, and can be chosen again.
  const choose = (wanted: LanguageCode) => loadLanguage(wanted).then(show, () => show({ ...language }));
  return (
    <>
      <header>
        <span class="brand">Doorward</span>
        <Languages code={code} says={says.language} speak={(wanted) => void choose(wanted)} />
      </header>
      <main>
        {known.at === 'stop' && known.stop !== undefined ? (
          <known.stop.Screen known={known} stop={known.stop} language={language} />
        ) : (
          <Body {...props} language={language} />
        )}
      </main>
    </>
  );
}
