/** Who could open my door? Now and in the next seven days, by which means, how to stop it, and by when that is certain. */
import { useState } from 'preact/hooks';
import type { FaultCode } from '../../../../wire/faults.ts';
import type { Window } from '../../../../wire/occurrences.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { lettersOf } from '../device/letters.ts';
import { useApp, useNow } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { go } from '../route.ts';
import { Certainty } from '../rules/certainty.tsx';
import { end } from '../rules/change.ts';
import { namesOf } from '../rules/people.ts';
import { useStanding } from '../rules/use-standing.ts';
import { ruleWords } from '../rules/words.ts';
import { sayMoment, saySpan } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { lookAheadS, whoCouldOpen } from './could-open.ts';
import { gather } from './gather.ts';
import type { KnownLock } from './known.ts';
import type { Opening } from './opening.ts';
import { orderAtLock, readLock } from './read-lock.ts';
import { covers } from './spans.ts';
import { whoWords } from './words.ts';

/** Times that are shown of one way in; the others are counted. */
const mostShown = 3;

export function Screen() {
  const says = useWords(whoWords);
  const ruled = useWords(ruleWords);
  const { known, course } = useApp();
  const stands = useStanding();
  const [locks, keep] = useState<readonly KnownLock[]>([]);
  const nowS = Math.floor(useNow(30_000) / 1000);
  const { place } = course;
  if (stands.standing === undefined || place === undefined) return <p class="quiet wait">{ruled.loading}</p>;
  const openings = whoCouldOpen(gather(known, place.home.owners, stands.standing, locks, nowS));
  const read = async (door: string): Promise<void> => {
    const lock = await stands.act((at) => readLock(at, door));
    if (lock !== undefined) keep((before) => [...before.filter((one) => one.door !== door), lock]);
  };
  const stop = async ({ stop: how }: Opening): Promise<void> => {
    if (how.by === 'revocation') await stands.act((at, diary) => end(at, diary, how.ends));
    if (how.by !== 'lock') return;
    await stands.act((at) => orderAtLock(at, how.door, how.order));
    await read(how.door);
  };
  const seen = openings.filter(({ who }) => who.kind !== 'unknown');
  const now = seen.filter(({ windows }) => covers(windows, nowS));
  const later = seen.filter(({ windows }) => !covers(windows, nowS));
  const unseen = openings.filter(({ who }) => who.kind === 'unknown');
  const cards = (some: readonly Opening[], none: string) =>
    some.length === 0 ? (
      <p class="quiet">{none}</p>
    ) : (
      <ul class="cards">
        {some.map((one) => (
          <Card
            key={JSON.stringify([one.who, one.door, one.by, one.rule, one.stop])}
            opening={one}
            nowS={nowS}
            isBusy={stands.isBusy}
            onStop={() => void stop(one)}
            onRead={(door) => void read(door)}
          />
        ))}
      </ul>
    );
  return (
    <>
      <p class="quiet">{says.intro}</p>
      {stands.trouble !== undefined && <Trouble code={stands.trouble} />}
      <section class="group" data-when="now">
        <h2>{says.now}</h2>
        {cards(now, says.nobody)}
      </section>
      <section class="group" data-when="later">
        <h2>{says.later}</h2>
        {cards(later, says.nobody)}
      </section>
      <section class="group" data-when="unseen">
        <h2>{says.unseenTitle}</h2>
        {cards(unseen, says.nobody)}
      </section>
    </>
  );
}

function Trouble({ code }: { readonly code: FaultCode }) {
  const ruled = useWords(ruleWords);
  return (
    <p class="trouble" role="alert">
      {fill(ruled.refused, { code })}
    </p>
  );
}

interface CardProps {
  readonly opening: Opening;
  readonly nowS: number;
  readonly isBusy: boolean;
  readonly onStop: () => void;
  readonly onRead: (door: string) => void;
}

function Card({ opening, nowS, isBusy, onStop, onRead }: CardProps) {
  const says = useWords(whoWords);
  const frame = useWords(frameWords);
  const { known, code } = useApp();
  const { who, door, by, is, camera, windows, stop, lastS } = opening;
  const called = useCalled(opening);
  const means = { ...says, 'owner-device': says.ownerDevice } as const;
  return (
    <li class="card" data-who={'id' in who ? who.id : who.kind} data-by={by} data-is={is}>
      <div class="row">
        <h3>{called}</h3>
        <span class="chip">{door === undefined ? says.everyDoor : namesOf(known, code).door(door)}</span>
      </div>
      {is === 'waiting' && <p class="standing">{says.waiting}</p>}
      {is === 'ending' && <Certainty word={undefined} lastS={lastS} />}
      <p>
        {means[by]}
        {camera === undefined ? '' : ` (${says[camera]})`}
      </p>
      {who.kind !== 'unknown' && <Times windows={windows} nowS={nowS} />}
      {who.kind === 'unknown' && who.unread && door !== undefined && (
        <>
          <p class="quiet">{says.unread}</p>
          <button type="button" class="plain small" disabled={isBusy} onClick={() => onRead(door)}>
            {says.read}
          </button>
        </>
      )}
      {stop.by === 'hand' && <p class="quiet">{says.byHand}</p>}
      {(stop.by === 'lock' || (who.kind === 'unknown' && who.unread)) && (
        <button type="button" class="plain small" onClick={() => go('codes', door)}>
          {says.toCodes}
        </button>
      )}
      {stop.by === 'devices' && (
        <button type="button" class="plain small" onClick={() => go('devices')}>
          {says.toDevices}
        </button>
      )}
      {(stop.by === 'revocation' || stop.by === 'lock') && is !== 'ending' && (
        <HoldButton
          kind="small"
          says={who.kind === 'recovery' ? says.veto : fill(says.stop, { who: called })}
          hint={certainOf(lastS, nowS, says, (s) => sayMoment(code, s * 1000, nowS * 1000))}
          again={frame.again}
          isBusy={isBusy}
          onHeld={onStop}
        />
      )}
    </li>
  );
}

/** By when a stop would be certain (T06). */
function certainOf(
  lastS: number | undefined,
  nowS: number,
  says: Readonly<Record<'certainNow' | 'certainBy' | 'certainNever', string>>,
  say: (s: number) => string,
): string {
  if (lastS === undefined) return says.certainNever;
  return lastS <= nowS ? says.certainNow : fill(says.certainBy, { time: say(lastS) });
}

/** When: always, or the next times, soonest first. */
function Times({ windows, nowS }: { readonly windows: readonly Window[]; readonly nowS: number }) {
  const says = useWords(whoWords);
  const { code } = useApp();
  const [first] = windows;
  if (windows.length === 1 && first!.from <= nowS && first!.until >= nowS + lookAheadS - 60) {
    return <p class="times">{says.always}</p>;
  }
  const say = ({ from, until }: Window): string =>
    from <= nowS
      ? `${says.now}, ${fill(says.until, { time: sayMoment(code, until * 1000, nowS * 1000) })}`
      : saySpan(code, from, until, nowS * 1000);
  return (
    <ul class="times">
      {windows.slice(0, mostShown).map((one) => (
        <li key={one.from}>{say(one)}</li>
      ))}
      {windows.length > mostShown && <li class="quiet">{fill(says.more, { n: windows.length - mostShown })}</li>}
    </ul>
  );
}

/** What it is called here. */
function useCalled({ who }: Opening): string {
  const says = useWords(whoWords);
  const { known, code, course } = useApp();
  switch (who.kind) {
    case 'carrier':
    case 'company':
    case 'guest':
      return namesOf(known, code).party(who);
    case 'device': {
      const letters = lettersOf(who.kid);
      const isMine = who.kid === course.place?.signer.key.kid;
      return known.names[who.kid] ?? (isMine ? says.thisDevice : fill(says.device, { letters }));
    }
    case 'recovery':
      return says.recovery;
    case 'code':
      return fill(says.codeName, { name: who.name });
    case 'lock-user':
      return fill(says.userName, { kind: who.is === 'keypad' ? says.keypadUser : says[who.is], name: who.name });
    case 'unknown':
      return says.unknown;
  }
}
