/** The form of a new code for the household. Its digits stand nowhere but in this form, and not there once they were sent. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { HoldButton } from '../../common/hold-button.tsx';
import { lettersOf } from '../device/letters.ts';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { Choice } from '../rules/fields.tsx';
import { homeZone } from '../rules/people.ts';
import { ruleWords } from '../rules/words.ts';
import { useWords } from '../use-words.ts';
import { whoWords } from '../who/words.ts';
import { fill } from '../words.ts';
import { addCode } from './add-code.ts';
import { type CodeDraft, type CodeError, type CodeField, emptyCode, toCode } from './draft.ts';
import { clocksChange, offsetAt } from './lock-hours.ts';
import { sayMinute, sayTimes, sayWeekday } from './say-times.ts';
import type { LockInUse } from './use-lock.ts';
import { codeWords } from './words.ts';

interface NewCodeProps {
  readonly door: string;
  readonly isBusy: boolean;
  readonly change: LockInUse['change'];
}

export function NewCode({ door, isBusy, change }: NewCodeProps) {
  const says = useWords(codeWords);
  const ruled = useWords(ruleWords);
  const frame = useWords(frameWords);
  const { code, course } = useApp();
  const owners = course.place?.home.owners ?? [];
  const mine = course.place?.signer.key.kid ?? '';
  const [draft, write] = useState<CodeDraft>(() => emptyCode(mine));
  const [isTried, tried] = useState(false);
  const zone = homeZone();
  const nowS = Math.floor(Date.now() / 1000);
  const made = toCode(draft, { zone, nowS, devices: owners.map(({ kid }) => kid) });
  const errors = isTried && !made.ok ? made.errors : [];
  const set = (change: Partial<CodeDraft>): void => write((before) => ({ ...before, ...change }));

  const give = async (): Promise<void> => {
    tried(true);
    if (!made.ok) return document.querySelector<HTMLElement>('.error')?.focus();
    const asked = made.code;
    const refused = await change('adding', fill(says.added, { name: asked.name }), (place) => addCode(place, door, asked));
    // nothing was sent: only then the same digits are of use again
    if (refused === 'PASSKEY_CANCELLED') return;
    tried(false);
    if (refused === undefined) write(emptyCode(mine));
    else set({ digits: '' });
  };
  return (
    <form class="form" data-new-code autocomplete="off" onSubmit={(event) => event.preventDefault()}>
      <h2>{says.add}</h2>
      <p class="warn">{says.forWhom}</p>
      <Text id="code-name" label={says.name} value={draft.name} put={(name) => set({ name })}>
        <Wrong field="name" errors={errors} />
      </Text>
      <Text id="code-digits" label={says.digits} value={draft.digits} put={(digits) => set({ digits })} isDigits>
        <small class="quiet" id="code-digits-hint">
          {says.digitsHint}
        </small>
        <Wrong field="digits" errors={errors} />
      </Text>
      <Choice
        name="code-when"
        label={ruled.when}
        value={draft.when}
        options={{ always: ruled.always, span: says.span, weekly: ruled.weekly }}
        choose={(when) => set({ when })}
      />
      {draft.when !== 'always' && <Times draft={draft} set={set} errors={errors} />}
      {draft.when === 'weekly' && clocksChange(zone, nowS) && <p class="quiet">{says.lockClock}</p>}
      <fieldset class="choice">
        <legend>{says.duress}</legend>
        <p class="quiet" id="duress-text">
          {says.duressText}
        </p>
        <Tick
          says={says.duress}
          about="duress-text"
          name="duress"
          isTicked={draft.isDuress}
          tick={(isDuress) => set({ isDuress })}
        />
      </fieldset>
      {draft.isDuress && <NotFor draft={draft} set={set} errors={errors} />}
      <section class="card" aria-live="polite">
        {made.ok && (
          <>
            <h3>{made.code.name}</h3>
            <p class="sentence">{sayTimes(made.code.times, { code, zone, nowS, says })}</p>
          </>
        )}
        <ul class="widens">
          <li>{says.opens}</li>
        </ul>
        <HoldButton
          kind="main"
          says={says.sign}
          hint={frame.hold}
          again={frame.again}
          isBusy={isBusy}
          onHeld={() => void give()}
        />
      </section>
    </form>
  );
}

interface PartProps {
  readonly draft: CodeDraft;
  readonly set: (change: Partial<CodeDraft>) => void;
  readonly errors: readonly CodeError[];
}

function Times({ draft, set, errors }: PartProps) {
  const says = useWords(codeWords);
  const ruled = useWords(ruleWords);
  const { code } = useApp();
  const isWeekly = draft.when === 'weekly';
  const { days } = draft;
  return (
    <>
      {isWeekly && (
        <fieldset class="days">
          <legend>{ruled.days}</legend>
          {[0, 1, 2, 3, 4, 5, 6].map((day) => (
            <label key={day}>
              <input
                type="checkbox"
                checked={days.includes(day)}
                onChange={({ currentTarget }) =>
                  set({ days: currentTarget.checked ? [...days, day] : days.filter((one) => one !== day) })
                }
              />
              <span>{sayWeekday(code, day)}</span>
            </label>
          ))}
          <Wrong field="days" errors={errors} />
        </fieldset>
      )}
      <div class="pair">
        <Text
          id="code-begins"
          type="date"
          label={isWeekly ? ruled.begins : says.firstDay}
          value={draft.begins}
          put={(begins) => set({ begins })}
        >
          <Wrong field="begins" errors={errors} />
        </Text>
        <Text id="code-from" type="time" label={ruled.fromTime} value={draft.fromTime} put={(fromTime) => set({ fromTime })}>
          <Wrong field="time" errors={errors} />
        </Text>
        <Text
          id="code-ends"
          type="date"
          label={isWeekly ? ruled.ends : says.lastDay}
          value={draft.ends}
          put={(ends) => set({ ends })}
        >
          <Wrong field="ends" errors={errors} />
        </Text>
        <Text
          id="code-until"
          type="time"
          label={ruled.untilTime}
          value={draft.untilTime}
          put={(untilTime) => set({ untilTime })}
        />
      </div>
    </>
  );
}

/** Whose devices must show nothing. */
function NotFor({ draft: { notFor }, set, errors }: PartProps) {
  const says = useWords(codeWords);
  const named = useWords(whoWords);
  const { known, course } = useApp();
  const mine = course.place?.signer.key.kid;
  return (
    <fieldset class="choice">
      <legend>{says.notFor}</legend>
      {(course.place?.home.owners ?? []).map(({ kid }) => (
        <Tick
          key={kid}
          name="not-for"
          says={
            known.names[kid] ?? (kid === mine ? named.thisDevice : fill(named.device, { letters: lettersOf(kid) }))
          }
          isTicked={notFor.includes(kid)}
          tick={(is) => set({ notFor: is ? [...notFor, kid] : notFor.filter((one) => one !== kid) })}
        />
      ))}
      <Wrong field="notFor" errors={errors} />
    </fieldset>
  );
}

interface TextProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly put: (value: string) => void;
  readonly type?: 'date' | 'time';
  readonly isDigits?: boolean;
  readonly children?: ComponentChildren;
}

const unkept = { autocomplete: 'off', autocapitalize: 'off', spellcheck: false } as const;

/** A field that no browser fills in, checks for spelling or remembers. */
function Text({ id, label, value, put, type, isDigits = false, children }: TextProps) {
  const shown = { id, value, onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => put(currentTarget.value) };
  const digits = isDigits ? ({ inputMode: 'numeric', maxLength: 6, 'aria-describedby': `${id}-hint` } as const) : {};
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      {type === undefined ? <input type="text" {...unkept} {...digits} {...shown} /> : <input type={type} {...shown} />}
      {children}
    </div>
  );
}

interface TickProps {
  readonly name: string;
  readonly says: string;
  readonly isTicked: boolean;
  readonly tick: (is: boolean) => void;
  readonly about?: string;
}

const Tick = ({ name, says, isTicked, tick, about }: TickProps) => (
  <label>
    <input
      type="checkbox"
      name={name}
      checked={isTicked}
      aria-describedby={about}
      onChange={({ currentTarget }) => tick(currentTarget.checked)}
    />
    <span>{says}</span>
  </label>
);

function Wrong({ field, errors }: { readonly field: CodeField; readonly errors: readonly CodeError[] }) {
  const says = useWords(codeWords);
  const ruled = useWords(ruleWords);
  const { code } = useApp();
  const found = errors.find((one) => one.field === field);
  if (found === undefined) return null;
  const offset = offsetAt(Math.floor(Date.now() / 1000), homeZone());
  const time = sayMinute(code, (offset + 1_440) % 1_440);
  const texts = {
    ...{ missing: ruled.missing, 'not-so': ruled.notSo, over: ruled.over, before: ruled.before },
    ...{ long: says.long, unfit: says.unfit, midnight: fill(says.midnight, { time }), unheard: says.unheard },
  };
  return (
    <p class="error" role="alert" tabIndex={-1} data-error={`${field}:${found.why}`}>
      {texts[found.why]}
    </p>
  );
}
