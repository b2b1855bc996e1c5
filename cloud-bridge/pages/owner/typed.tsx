/** A field for what is copied by hand: nothing fills it in, and nothing corrects it. */
import type { InputHTMLAttributes } from 'preact';

interface TypedProps extends Pick<InputHTMLAttributes, 'inputmode' | 'autocapitalize' | 'aria-describedby'> {
  readonly label: string;
  readonly value: string;
  /** Characters. */
  readonly longest: number;
  readonly type: (text: string) => void;
}

export const Typed = ({ label, value, longest, type, ...more }: TypedProps) => (
  <label class="field">
    <span>{label}</span>
    <input
      type="text"
      value={value}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      maxLength={longest}
      onInput={(event) => type(event.currentTarget.value)}
      {...more}
    />
  </label>
);
