/** The fields of the form of a new code, each with what is wrong with it. */
import type { ComponentChildren } from 'preact';
import { useApp } from '../app.ts';
import { Wrong } from '../rules/fields.tsx';
import { homeZone } from '../rules/people.ts';
import { ruleWords } from '../rules/words.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import type { CodeError, CodeField } from './draft.ts';
import { offsetAt } from './lock-hours.ts';
import { sayMinute } from './say-times.ts';
import { codeWords } from './words.ts';

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
export function Text({ id, label, value, put, type, isDigits = false, children }: TextProps) {
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

export const Tick = ({ name, says, isTicked, tick, about }: TickProps) => (
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

export function CodeComplaint({ field, errors }: { readonly field: CodeField; readonly errors: readonly CodeError[] }) {
  const says = useWords(codeWords);
  const ruled = useWords(ruleWords);
  const { code } = useApp();
  const offset = offsetAt(Math.floor(Date.now() / 1000), homeZone());
  const time = sayMinute(code, (offset + 1_440) % 1_440);
  const texts = {
    ...{ missing: ruled.missing, 'not-so': ruled.notSo, over: ruled.over, before: ruled.before },
    ...{ long: says.long, unfit: says.unfit, midnight: fill(says.midnight, { time }), unheard: says.unheard },
  };
  return <Wrong field={field} errors={errors} texts={texts} />;
}
