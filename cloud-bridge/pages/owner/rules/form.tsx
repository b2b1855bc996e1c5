/** The form of one rule: a new one, one to be made anew, or the first one of a guest who waits. What is signed is the sentence below it. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { maxLeaseSeconds, type Party, type Rule } from '../../../../wire/rule-book.ts';
import { weekdays } from '../../../../wire/recurrence.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { keyLetters } from '../guests/key-letters.ts';
import { Newcomer, useNewcomer } from '../guests/newcomer.tsx';
import { go } from '../route.ts';
import { sayMoment } from '../times.ts';
import { useWords } from '../use-words.ts';
import { count, fill } from '../words.ts';
import { changeRules, newRuleId } from './change.ts';
import { type Draft, emptyDraft, mostWeeks, toDraft, toRule, type Weekday } from './draft.ts';
import { Choice, Complaint, Days, Field } from './fields.tsx';
import { homeZone, namesOf } from './people.ts';
import { noEndS, sayRule } from './sentence.ts';
import { sentenceWords } from './sentence-words.ts';
import { newestOf, type Standing } from './held.ts';
import { useStanding } from './use-standing.ts';
import { whatWidens, worstCase } from './widening.ts';
import { ruleWords } from './words.ts';

const guestPrefix = 'guest:';

export function Screen() {
  const says = useWords(ruleWords);
  const { known, course, route } = useApp();
  const stands = useStanding();
  const { about } = route;
  const guestId = about?.startsWith(guestPrefix) ? about.slice(guestPrefix.length) : undefined;
  const found = useNewcomer(guestId);
  const id = useMemo(newRuleId, []);
  const { standing } = stands;
  if (standing === undefined || course.place === undefined || found === 'loading' || known.doors.length === 0) {
    return <p class="quiet wait">{says.loading}</p>;
  }
  const rules = newestOf(standing)?.claims.rules ?? [];
  // one who is pinned already needs no proof again
  const pinned = rules.find(({ party }) => party.kind === 'guest' && party.id === guestId)?.party;
  const guest = pinned === undefined ? found : undefined;
  if (guest !== undefined && guest.is !== 'genuine') return <Newcomer guest={guest} />;
  const old = rules.find((rule) => rule.id === about);
  const parties = partiesOf(standing, pinned ?? guest?.party);
  return (
    <>
      {guest !== undefined && <Newcomer guest={guest} />}
      <Form key={about ?? ''} id={id} old={old} parties={parties} isAccepting={guest !== undefined} {...stands} />
    </>
  );
}

/** Whom a rule can be for: carriers, service companies, and guests whose key is pinned by a rule already. */
function partiesOf(standing: Standing, newcomer: Party | undefined): readonly Party[] {
  if (newcomer !== undefined) return [newcomer];
  const named = (newestOf(standing)?.claims.rules ?? []).map(({ party }) => party);
  const carriers = standing.carriers.map(({ carrier, kind, jwk }): Party => ({ kind, id: carrier, jwk }));
  const all = [...carriers, ...named.filter(({ kind }) => kind === 'guest')];
  return all.filter((one, index) => all.findIndex(({ id }) => id === one.id) === index);
}

interface FormProps extends Pick<ReturnType<typeof useStanding>, 'trouble' | 'isBusy' | 'act' | 'standing'> {
  readonly id: string;
  readonly old: Rule | undefined;
  readonly parties: readonly Party[];
  readonly isAccepting: boolean;
}

function Form({ id, old, parties, isAccepting, trouble, isBusy, act, standing }: FormProps) {
  const says = useWords(ruleWords);
  const { known, code } = useApp();
  const zone = homeZone();
  const [draft, write] = useState<Draft>(() => firstDraft(old, parties, known.doors[0]?.id ?? '', zone));
  const [isTried, tried] = useState(false);
  const nowS = Math.floor(Date.now() / 1000);
  const names = namesOf(known, code);
  const result = toRule(draft, { id, doors: known.doors, zone, nowS });
  const errors = isTried && !result.ok ? result.errors : [];
  const set = (change: Partial<Draft>): void => write((before) => ({ ...before, ...change }));

  const sign = async (): Promise<void> => {
    tried(true);
    if (!result.ok) return document.querySelector<HTMLElement>('[aria-invalid="true"], .error')?.focus();
    const { rule } = result;
    const taken = await act((place, diary) =>
      changeRules(place, diary, (rules) => [...rules.filter((one) => one.id !== old?.id), rule]),
    );
    if (taken !== undefined) go(isAccepting ? 'guests' : 'rules');
  };
  return (
    <form class="form" onSubmit={(event) => event.preventDefault()}>
      <Field name="party" label={says.who} errors={errors}>
        <select
          id="party"
          disabled={isAccepting}
          value={draft.party?.id ?? ''}
          onChange={({ currentTarget }) => set({ party: parties.find((one) => one.id === currentTarget.value) })}
        >
          <option value="">{says.choose}</option>
          {parties.map((party) => (
            <option key={party.id} value={party.id}>
              {names.party(party)}
            </option>
          ))}
        </select>
      </Field>
      <Field name="door" label={says.door} errors={errors}>
        <select id="door" value={draft.door} onChange={({ currentTarget }) => set({ door: currentTarget.value })}>
          {known.doors.map((one) => (
            <option key={one.id} value={one.id}>
              {names.door(one.id)}
            </option>
          ))}
        </select>
      </Field>
      <Choice
        name="when"
        label={says.when}
        value={draft.when}
        options={{ weekly: says.weekly, once: says.once, always: says.always }}
        choose={(when) => set({ when })}
      />
      {draft.when === 'weekly' && (
        <Days label={says.days} days={dayNames(code)} chosen={draft.days} choose={(days) => set({ days })}>
          <Complaint field="days" errors={errors} />
        </Days>
      )}
      {draft.when === 'weekly' && (
        <Field name="every" label={says.every} errors={[]}>
          <select
            id="every"
            value={draft.every}
            onChange={({ currentTarget }) => set({ every: Number(currentTarget.value) })}
          >
            {Array.from({ length: mostWeeks }, (_, index) => index + 1).map((n) => (
              <option key={n} value={n}>
                {count(code, sentenceWords[code].everyWeeks, n)}
              </option>
            ))}
          </select>
        </Field>
      )}
      {draft.when !== 'always' && (
        <div class="pair">
          <Field name="fromTime" field="time" label={says.fromTime} errors={errors}>
            <input
              id="fromTime"
              type="time"
              value={draft.fromTime}
              onInput={({ currentTarget }) => set({ fromTime: currentTarget.value })}
            />
          </Field>
          <Field name="untilTime" label={says.untilTime} errors={[]}>
            <input
              id="untilTime"
              type="time"
              value={draft.untilTime}
              onInput={({ currentTarget }) => set({ untilTime: currentTarget.value })}
            />
          </Field>
        </div>
      )}
      <div class="pair">
        <Field name="begins" label={draft.when === 'once' ? says.date : says.begins} errors={errors}>
          <input
            id="begins"
            type="date"
            value={draft.begins}
            onInput={({ currentTarget }) => set({ begins: currentTarget.value })}
          />
        </Field>
        {draft.when !== 'once' && (
          <Field name="ends" label={says.ends} errors={errors}>
            <input
              id="ends"
              type="date"
              value={draft.ends}
              onInput={({ currentTarget }) => set({ ends: currentTarget.value })}
            />
          </Field>
        )}
      </div>
      <Field name="visits" label={says.visits} errors={errors}>
        <input
          id="visits"
          type="number"
          inputMode="numeric"
          min="1"
          max="1000"
          value={draft.visits}
          onInput={({ currentTarget }) => set({ visits: currentTarget.value })}
        />
      </Field>
      <Choice
        name="camera"
        label={says.camera}
        value={draft.camera}
        options={{ recorded: says.recorded, watched: says.watched, off: says.off }}
        choose={(camera) => set({ camera })}
      >
        <Complaint field="camera" errors={errors} />
      </Choice>
      <Choice
        name="consent"
        label={says.consent}
        value={draft.consent}
        options={{ ask: says.ask, auto: says.auto }}
        choose={(consent) => set({ consent })}
      />
      <section class="card" aria-live="polite">
        <h2>{says.sentence}</h2>
        {result.ok ? (
          <Preview rule={result.rule} inForce={standing === undefined ? [] : (newestOf(standing)?.claims.rules ?? [])} />
        ) : (
          <p class="quiet">{says.unfinished}</p>
        )}
        {trouble !== undefined && (
          <p class="trouble" role="alert">
            {fill(says.refused, { code: trouble })}
          </p>
        )}
        <SignButton says={isAccepting ? says.acceptSign : says.sign} isBusy={isBusy} onHeld={() => void sign()} />
      </section>
    </form>
  );
}

const SignButton = (props: { readonly says: string; readonly isBusy: boolean; readonly onHeld: () => void }) => {
  const frame = useWords(frameWords);
  return <HoldButton kind="main" hint={frame.hold} again={frame.again} {...props} />;
};

/** The sentence, what it opens up, and its worst case (T38). */
function Preview({ rule, inForce }: { readonly rule: Rule; readonly inForce: readonly Rule[] }) {
  const says = useWords(ruleWords);
  const { known, code } = useApp();
  const [letters, spell] = useState('');
  const nowS = Math.floor(Date.now() / 1000);
  const names = namesOf(known, code);
  const who = names.party(rule.party);
  const worst = worstCase(rule, nowS + maxLeaseSeconds);
  const jwk = rule.party.kind === 'guest' ? undefined : rule.party.jwk;
  useEffect(() => {
    if (jwk !== undefined) void keyLetters(jwk).then(spell);
  }, [jwk?.x]);
  return (
    <>
      <p class="sentence">{sayRule(rule, { code, names, zone: homeZone(), nowS })}</p>
      <ul class="widens">
        {whatWidens(rule, inForce).map((one) => (
          <li key={one} data-widens={one}>
            {fill(says[one], { who })}
          </li>
        ))}
        {worst !== undefined && worst < noEndS && (
          <li data-worst={worst}>{fill(says.worst, { time: sayMoment(code, worst * 1000, Date.now()) })}</li>
        )}
        {jwk !== undefined && rule.consent === 'auto' && <li>{fill(says.key, { who, letters })}</li>}
      </ul>
    </>
  );
}

/** A new one for a guest who waits does not film, and asks nothing: the owner has just said yes to the person. */
function firstDraft(old: Rule | undefined, parties: readonly Party[], door: string, zone: string): Draft {
  const known = old && toDraft(old, zone);
  if (known !== undefined) return known;
  const only = parties.length === 1 ? parties[0] : undefined;
  const base = { ...emptyDraft(door), party: old?.party ?? only };
  return base.party?.kind === 'guest' ? { ...base, camera: 'off', consent: 'auto' } : base;
}

function dayNames(code: string): readonly (readonly [Weekday, string])[] {
  const format = new Intl.DateTimeFormat(code, { weekday: 'short', timeZone: 'UTC' });
  return weekdays.map((day, index) => [day, format.format(Date.UTC(2024, 0, 1 + index))]);
}
