/** The guests: invited, accepted, revoked; and by when a revocation is certain. */
import { useEffect, useState } from 'preact/hooks';
import type { GuestEntry } from '../../../../wire/guest.ts';
import type { Rule } from '../../../../wire/rule-book.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { changeNotes, maxNameChars } from '../home/notes.ts';
import { go } from '../route.ts';
import { Certainty } from '../rules/certainty.tsx';
import { end, livingRules } from '../rules/change.ts';
import { endInDiary, type HubWord } from '../rules/hub-word.ts';
import { homeZone, namesOf } from '../rules/people.ts';
import { sayRule } from '../rules/sentence.ts';
import { newestOf } from '../rules/held.ts';
import { type Stands, useStanding } from '../rules/use-standing.ts';
import { ruleWords } from '../rules/words.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { type Invitation, invitationOf, inviteGuest, listGuests } from './guests.ts';
import { InvitationCard } from './invitation.tsx';
import { guestWords } from './words.ts';

const againMs = 3_000;
const isPast = ({ state, ending }: GuestEntry): boolean =>
  state === 'dead' || state === 'expired' || (state === 'ended' && ending?.confirmed === true);

function useGuests(): { readonly guests: readonly GuestEntry[] | undefined; readonly reload: () => Promise<void> } {
  const { course } = useApp();
  const [guests, show] = useState<readonly GuestEntry[] | undefined>(undefined);
  const { place } = course;
  const reload = async (): Promise<void> => {
    const listed = place && (await listGuests(place));
    if (listed?.ok) show(listed.value);
  };
  useEffect(() => {
    void reload();
    const reading = setInterval(() => !document.hidden && void reload(), againMs);
    return () => clearInterval(reading);
  }, [place?.path]);
  return { guests, reload };
}

export function Screen() {
  const says = useWords(guestWords);
  const ruled = useWords(ruleWords);
  const { known, code, course } = useApp();
  const stands = useStanding();
  const { guests, reload } = useGuests();
  const [shown, show] = useState<Invitation | undefined>(undefined);
  const names = namesOf(known, code);
  const nameOf = (guest: string): string => names.party({ kind: 'guest', id: guest });
  if (guests === undefined || stands.standing === undefined) return <p class="quiet wait">{ruled.loading}</p>;
  if (shown !== undefined) {
    return <InvitationCard invitation={shown} who={nameOf(shown.guest)} onDone={() => show(undefined)} />;
  }
  const revoke = async (guest: string): Promise<void> => {
    await stands.act((place, diary) => end(place, diary, { kind: 'guest', id: guest }));
    await reload();
  };
  const { place } = course;
  const showAgain = async (entry: GuestEntry): Promise<void> => {
    if (place !== undefined) show(await invitationOf(place, entry));
  };
  const cards = (some: readonly GuestEntry[]) => (
    <ul class="cards">
      {some.map((entry) => (
        <GuestCard
          key={entry.guest}
          {...{ entry, stands, who: nameOf(entry.guest) }}
          onRevoke={() => void revoke(entry.guest)}
          onShow={() => void showAgain(entry)}
        />
      ))}
    </ul>
  );
  const past = guests.filter(isPast);
  const present = guests.filter((one) => !isPast(one));
  return (
    <>
      <p class="quiet">{says.intro}</p>
      <Invite stands={stands} onInvited={show} />
      {stands.trouble !== undefined && (
        <p class="trouble" role="alert">
          {fill(ruled.refused, { code: stands.trouble })}
        </p>
      )}
      {present.length === 0 ? <p class="quiet wait">{says.none}</p> : cards(present)}
      {past.length > 0 && (
        <details class="past">
          <summary>{says.past}</summary>
          {cards(past)}
        </details>
      )}
    </>
  );
}

/** A name that only the owner's devices can read, and a link. */
function Invite({ stands, onInvited }: { readonly stands: Stands; readonly onInvited: (made: Invitation) => void }) {
  const says = useWords(guestWords);
  const { course } = useApp();
  const [name, write] = useState('');
  const invite = async (): Promise<void> => {
    const made = await stands.act((place) => inviteGuest(place));
    if (made === undefined) return;
    onInvited(made);
    const called = name.trim();
    if (called !== '') {
      await stands.act((place) =>
        changeNotes(place, (notes) => ({ ...notes, names: { ...notes.names, [made.guest]: called } })),
      );
      course.refresh('notes');
    }
    write('');
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      <div class="form-field">
        <label for="guest-name">{says.name}</label>
        <input
          id="guest-name"
          type="text"
          autoComplete="off"
          maxLength={maxNameChars}
          aria-describedby="guest-name-note"
          value={name}
          onInput={({ currentTarget }) => write(currentTarget.value)}
        />
        <small id="guest-name-note" class="quiet">
          {says.nameNote}
        </small>
      </div>
      <button type="submit" class="plain main" disabled={stands.isBusy}>
        {says.invite}
      </button>
    </form>
  );
}

interface CardProps {
  readonly entry: GuestEntry;
  readonly stands: Stands;
  readonly who: string;
  readonly onRevoke: () => void;
  readonly onShow: () => void;
}

function GuestCard({ entry, stands, who, onRevoke, onShow }: CardProps) {
  const says = useWords(guestWords);
  const frame = useWords(frameWords);
  const { known, code } = useApp();
  const { guest, state, ending } = entry;
  const nowS = Math.floor(Date.now() / 1000);
  const scene = { code, names: namesOf(known, code), zone: homeZone(), nowS };
  const rules = rulesOf(stands, guest, nowS);
  const isOver = state === 'ended' || state === 'dead' || state === 'expired';
  const word = wordOf(entry, known.diary);
  const status = {
    open: says.open,
    claimed: says.claimed,
    accepted: rules.length === 0 ? says.noRule : says.accepted,
    ended: word?.is === 'signed' ? says.ended : says.ending,
    dead: says.dead,
    expired: says.expired,
  }[state];
  return (
    <li class={isOver ? 'card is-over' : 'card'} data-guest={guest} data-state={state}>
      <h2>{who}</h2>
      <p class="standing">{status}</p>
      {!isOver && rules.map((rule) => <p class="sentence" key={rule.id}>{sayRule(rule, scene)}</p>)}
      {ending !== undefined && <Certainty word={word} lastS={ending.certainBy} />}
      {!isOver && (
        <div class="buttons">
          {state === 'open' && (
            <button type="button" class="plain small" onClick={onShow}>
              {says.show}
            </button>
          )}
          {state === 'claimed' && (
            <button type="button" class="plain small" onClick={() => go('rule', `guest:${guest}`)}>
              {says.accept}
            </button>
          )}
          {state === 'accepted' && (
            <button type="button" class="plain small" onClick={() => go('rule', `guest:${guest}`)}>
              {says.rule}
            </button>
          )}
          <HoldButton
            kind="small"
            says={state === 'accepted' ? fill(says.revoke, { who }) : says.withdraw}
            hint={frame.hold}
            again={frame.again}
            isBusy={stands.isBusy}
            onHeld={onRevoke}
          />
        </div>
      )}
    </li>
  );
}

function rulesOf({ standing }: Stands, guest: string, nowS: number): readonly Rule[] {
  if (standing === undefined) return [];
  const rules = newestOf(standing)?.claims.rules ?? [];
  const living = livingRules({ rules, endings: standing.endings }, nowS);
  return living.filter(({ party }) => party.kind === 'guest' && party.id === guest);
}

/** What shows that the hub has the end of this guest. */
function wordOf({ guest, ending }: GuestEntry, diary: Parameters<typeof endInDiary>[0]): HubWord | undefined {
  if (ending === undefined) return undefined;
  return endInDiary(diary, { kind: 'guest', id: guest }) ?? (ending.confirmed ? { is: 'said' } : undefined);
}
