/**
 * The first screen, before anything else of the page is here: on a bad line the rest takes as long again. It knows what everybody sees who
 * opens a link that this phone has nothing of, and one button; `main.tsx` goes on from there. Nothing happens by opening it.
 */
import { readGuestFragment, readTaskFragment } from '../../../wire/visit-link.ts';
import { createHold, type Hold } from '../common/hold.ts';
import { firstLanguage } from '../common/kept-language.ts';
import { chooseLanguage, type LanguageCode } from '../common/language.ts';
import { askPreview } from './ask.ts';
import { hasBeenHere } from './been-here.ts';
import { firstStrokes } from './first-strokes.ts';
import { firstWords } from './first-words.ts';
import { type Language, loadLanguage } from './languages.ts';

/** The button of the first screen. */
export interface Begun {
  readonly hold: Hold;
  /** From now on the page listens to the button itself. @returns whether it has been held */
  letGo(): boolean;
}

/** What the rest of the page goes on from. */
export interface First {
  readonly language: Promise<Language>;
  /** What the cloud says of the task. */
  readonly preview?: Promise<Response | undefined> | undefined;
  /** Left out where there is no button: the link is none, or this phone keeps something. */
  readonly begun?: Begun;
  /** The browser gives no storage. */
  readonly isBroken?: boolean;
}

/** Before a part that did not come is asked for again. */
const restMs = 5_000;

const one = <E extends Element = HTMLElement>(selector: string): E => document.querySelector<E>(selector)!;
const say = (selector: string, text: string): void => {
  one(selector).textContent = text;
};

function speak(code: LanguageCode): void {
  document.documentElement.lang = code;
  one<HTMLSelectElement>('select').value = code;
  say('.language .sr', firstWords[code].language);
  say('h1', firstWords[code].loading);
}

/** What is offered to who opens a link. */
function offer(code: LanguageCode, isGuest: boolean): Begun {
  const { guest, hold: holdIt, again, task, ...visitor } = firstWords[code];
  const [title, { take, takeNote }] = isGuest ? [guest.invitedTitle, guest] : [task, visitor];
  const [button, drawing] = [one<HTMLButtonElement>('.hold button'), one<SVGElement>('.drawing')];
  let isHeld = false;
  const hold = createHold(
    () => {
      isHeld = true;
      button.disabled = true;
      button.ariaBusy = 'true';
    },
    ({ isHolding, isArmed }) => {
      button.toggleAttribute('data-holding', isHolding);
      say('.hold small', isArmed ? again : holdIt);
    },
  );
  const listening = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, listener: (event: HTMLElementEventMap[K]) => void): void =>
    button.addEventListener(name, listener, listening);
  on('pointerdown', (event) => hold.down(event.button));
  for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const) on(name, hold.release);
  on('contextmenu', (event) => event.preventDefault());
  on('click', hold.click);

  say('h1', title);
  say('.screen > p', takeNote);
  say('.hold span', take);
  say('.hold small', holdIt);
  drawing.setAttribute('class', 'drawing');
  one('.drawing path').setAttribute('d', firstStrokes[isGuest ? 'guest' : 'door']);
  Object.assign(one('.screen').dataset, { at: 'new', tone: 'act' });
  one('.screen').ariaBusy = 'false';
  one('.hold').hidden = false;
  button.disabled = false;
  return {
    hold,
    letGo: () => {
      listening.abort();
      return isHeld;
    },
  };
}

function begin(): First {
  try {
    const code = firstLanguage();
    speak(code);
    const language = loadLanguage(code);
    const task = readTaskFragment(location.hash);
    const guest = task === undefined ? readGuestFragment(location.hash) : undefined;
    const preview = task && askPreview(task);
    if ((task ?? guest) === undefined || hasBeenHere()) return { language, preview };
    return { language, preview, begun: offer(code, guest !== undefined) };
  } catch {
    const code = chooseLanguage(navigator.languages);
    return { language: loadLanguage(code), isBroken: true };
  }
}

/** A part that did not come is not asked for twice by every browser: the page starts anew. */
const startAnew = (): void => {
  addEventListener('online', () => location.reload());
  setTimeout(() => location.reload(), restMs);
};

addEventListener('hashchange', () => location.reload());
const first = begin();
import('./main.tsx').then(({ goOn }) => goOn(first)).catch(startAnew);
