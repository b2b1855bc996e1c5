/** The fields of the form, each with what is wrong with it. */
import type { ComponentChildren } from 'preact';
import { useWords } from '../use-words.ts';
import type { DraftError, DraftField } from './draft.ts';
import { ruleWords } from './words.ts';

interface FieldProps {
  readonly name: string;
  /** What errors call it; its name unless told. */
  readonly field?: DraftField;
  readonly label: string;
  readonly errors: readonly DraftError[];
  readonly children: ComponentChildren;
}

export const Field = ({ name, field, label, errors, children }: FieldProps) => (
  <div class="form-field">
    <label for={name}>{label}</label>
    {children}
    <Complaint field={field ?? (name as DraftField)} errors={errors} />
  </div>
);

export function Complaint({ field, errors }: { readonly field: DraftField; readonly errors: readonly DraftError[] }) {
  const says = useWords(ruleWords);
  const texts = { missing: says.missing, 'not-so': says.notSo, over: says.over, before: says.before, 'no-camera': says.noCamera };
  return <Wrong field={field} errors={errors} texts={texts} />;
}

interface WrongProps<F extends string, W extends string> {
  readonly field: F;
  readonly errors: readonly { readonly field: F; readonly why: W }[];
  readonly texts: Readonly<Record<W, string>>;
}

/** What is wrong with a field, where it stands; nothing while it is not. */
export function Wrong<F extends string, W extends string>({ field, errors, texts }: WrongProps<F, W>) {
  const found = errors.find((one) => one.field === field);
  if (found === undefined) return null;
  return (
    <p class="error" role="alert" tabIndex={-1} data-error={`${field}:${found.why}`}>
      {texts[found.why]}
    </p>
  );
}

interface DaysProps<D> {
  readonly label: string;
  /** Monday first, and what each is called. */
  readonly days: readonly (readonly [D, string])[];
  readonly chosen: readonly D[];
  readonly choose: (days: readonly D[]) => void;
  readonly children: ComponentChildren;
}

/** Days of the week, any number of them. */
export const Days = <D extends string | number>({ label, days, chosen, choose, children }: DaysProps<D>) => (
  <fieldset class="days">
    <legend>{label}</legend>
    {days.map(([day, name]) => (
      <label key={day}>
        <input
          type="checkbox"
          checked={chosen.includes(day)}
          onChange={({ currentTarget }) =>
            choose(currentTarget.checked ? [...chosen, day] : chosen.filter((one) => one !== day))
          }
        />
        <span>{name}</span>
      </label>
    ))}
    {children}
  </fieldset>
);

interface ChoiceProps<T extends string> {
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly options: Readonly<Record<T, string>>;
  readonly choose: (value: T) => void;
  readonly children?: ComponentChildren;
}

export function Choice<T extends string>({ name, label, value, options, choose, children }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {(Object.entries(options) as [T, string][]).map(([one, says]) => (
        <label key={one}>
          <input type="radio" name={name} value={one} checked={one === value} onChange={() => choose(one)} />
          <span>{says}</span>
        </label>
      ))}
      {children}
    </fieldset>
  );
}
