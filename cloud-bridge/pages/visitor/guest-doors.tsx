/** A guest's doors: when each may be entered, and where one may be entered now, the press for it. */
import type { ComponentChildren } from 'preact';
import type { GuestDoor } from '../../../wire/guest.ts';
import type { Language, Words } from './languages.ts';
import { countVisits, otherZone, sayTime, sayWindow } from './words.ts';

const cameraSays = { recorded: 'recorded', watched: 'watched', off: 'unfilmed' } as const;
/** Fewer visits than this are counted for the guest. */
const fewVisits = 10;
/** A window that is longer than this is told by its end, seconds. */
const longS = 36 * 3_600;
/** One that ends later than this has no end that matters, seconds. */
const endlessS = 400 * 86_400;

interface DoorsProps {
  readonly doors: readonly GuestDoor[];
  readonly language: Language;
  readonly says: Words;
  /** The press for one rule. */
  readonly come: (rule: string) => ComponentChildren;
}

/** Doors have no names here: those of one kind are numbered. */
function namesOf(doors: readonly GuestDoor[], says: Words): readonly string[] {
  const wordOf = ({ kind }: GuestDoor) => (kind === 'barrier' ? says.garage : says.door);
  const places = [...new Set(doors.map(({ door }) => door))];
  const kindOf = new Map(doors.map((one) => [one.door, wordOf(one)]));
  return doors.map((one) => {
    const alike = places.filter((place) => kindOf.get(place) === wordOf(one));
    return alike.length === 1 ? wordOf(one) : `${wordOf(one)} ${alike.indexOf(one.door) + 1}`;
  });
}

export const GuestDoors = ({ doors, language, says, come }: DoorsProps) => (
  <>
    <ul class="doors">
      {doors.map((one, index) => (
        <li key={one.rule}>
          <Door door={one} name={namesOf(doors, says)[index]!} language={language} says={says} come={come} />
        </li>
      ))}
    </ul>
    {doors.some(({ windows }) => windows.length > 0) && <p class="quiet">{says.keepPage}</p>}
  </>
);

function Door({ door, name, language, says, come }: Omit<DoorsProps, 'doors'> & { readonly door: GuestDoor; readonly name: string }) {
  const nowMs = Date.now();
  const { code } = language;
  const { windows, zone, left, rule, consent, camera } = door;
  const [first, ...later] = windows;
  if (first === undefined) {
    return (
      <>
        <h2>{name}</h2>
        <p class="quiet">{left === 0 ? says.usedUp : says.allOver}</p>
      </>
    );
  }
  const isNow = first.from * 1000 <= nowMs;
  const other = zone === undefined ? undefined : otherZone(code, zone, first.from * 1000);
  const say = ({ from, until }: typeof first): string => {
    if (until - from <= longS) return sayWindow(code, from, until, nowMs, { timeZone: zone });
    const isEndless = until * 1000 - nowMs > endlessS * 1000;
    return isEndless ? says.always : says.until.replace('{time}', sayTime(code, until * 1000, { timeZone: zone }));
  };
  return (
    <>
      <h2>{name}</h2>
      <p class="window">
        {isNow ? says.now : says.next}: {say(first)}
      </p>
      {later.slice(0, 2).map((one) => (
        <p class="quiet" key={one.from}>
          {say(one)}
        </p>
      ))}
      {other !== undefined && <p class="quiet">{says.homeTime.replace('{zone}', other)}</p>}
      {left < fewVisits && <p class="quiet">{countVisits(language, left)}</p>}
      <p class="camera">
        {camera !== 'off' && <i aria-hidden="true" />}
        {says[cameraSays[camera]]}
      </p>
      {consent === 'ask' && <p class="quiet">{says.asksOwner}</p>}
      {isNow && come(rule)}
    </>
  );
}
