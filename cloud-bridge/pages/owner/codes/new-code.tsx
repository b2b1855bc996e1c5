/** The form of a new code for the household. Its digits stand nowhere but in this form, and not there once they were sent. */
import { useState } from 'preact/hooks';
import { HoldButton } from '../../common/hold-button.tsx';
import { lettersOf } from '../device/letters.ts';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { Choice, Days } from '../rules/fields.tsx';
import { homeZone } from '../rules/people.ts';
import { ruleWords } from '../rules/words.ts';
import { useWords } from '../use-words.ts';
import { whoWords } from '../who/words.ts';
import { fill } from '../words.ts';
import { addCode } from './add-code.ts';
import { type CodeDraft, type CodeError, emptyCode, toCode } from './draft.ts';
import { CodeComplaint, Text, Tick } from './fields.tsx';
import { clocksChange } from './lock-hours.ts';
import { sayTimes, sayWeekday } from './say-times.ts';
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
        <CodeComplaint field="name" errors={errors} />
      </Text>
      <Text id="code-digits" label={says.digits} value={draft.digits} put={(digits) => set({ digits })} isDigits>
        <small class="quiet" id="code-digits-hint">
          {says.digitsHint}
        </small>
        <CodeComplaint field="digits" errors={errors} />
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

const dayNumbers = [0, 1, 2, 3, 4, 5, 6] as const;

function Times({ draft, set, errors }: PartProps) {
  const says = useWords(codeWords);
  const ruled = useWords(ruleWords);
  const { code } = useApp();
  const isWeekly = draft.when === 'weekly';
  const { days } = draft;
  return (
    <>
      {isWeekly && (
        <Days
          label={ruled.days}
          days={dayNumbers.map((day) => [day, sayWeekday(code, day)])}
          chosen={days}
          choose={(chosen) => set({ days: chosen })}
        >
          <CodeComplaint field="days" errors={errors} />
        </Days>
      )}
      <div class="pair">
        <Text
          id="code-begins"
          type="date"
          label={isWeekly ? ruled.begins : says.firstDay}
          value={draft.begins}
          put={(begins) => set({ begins })}
        >
          <CodeComplaint field="begins" errors={errors} />
        </Text>
        <Text id="code-from" type="time" label={ruled.fromTime} value={draft.fromTime} put={(fromTime) => set({ fromTime })}>
          <CodeComplaint field="time" errors={errors} />
        </Text>
        <Text
          id="code-ends"
          type="date"
          label={isWeekly ? ruled.ends : says.lastDay}
          value={draft.ends}
          put={(ends) => set({ ends })}
        >
          <CodeComplaint field="ends" errors={errors} />
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
      <CodeComplaint field="notFor" errors={errors} />
    </fieldset>
  );
}
