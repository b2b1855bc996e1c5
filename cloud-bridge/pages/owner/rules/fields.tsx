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
  const found = errors.find((one) => one.field === field);
  if (found === undefined) return null;
  const texts = { missing: says.missing, 'not-so': says.notSo, over: says.over, before: says.before, 'no-camera': says.noCamera };
  return (
    <p class="error" role="alert" tabIndex={-1} data-error={`${field}:${found.why}`}>
      {texts[found.why]}
    </p>
  );
}

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
