/** Six digits, in large, by finger or keyboard; nothing of them is kept when it is gone. Digits are enough: no word has to be read (S067). */
import { useEffect } from 'preact/hooks';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', '⌫'] as const;
const length = 6;

export interface KeypadProps {
  readonly erase: string;
  readonly typed: string;
  readonly isBusy: boolean;
  readonly digits: string;
  /** Keys may come faster than the screen: each changes what is there by then. */
  readonly onDigits: (change: (digits: string) => string) => void;
}

export const isComplete = (digits: string): boolean => digits.length === length;

export function Keypad({ erase, typed, isBusy, digits, onDigits }: KeypadProps) {
  const press = (key: string): void => {
    if (isBusy) return;
    if (key === '⌫' || key === 'Backspace') onDigits((before) => before.slice(0, -1));
    else if (/^\d$/.test(key)) onDigits((before) => (before + key).slice(0, length));
  };
  useEffect(() => {
    const onKey = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
      if (!ctrlKey && !metaKey && !altKey) press(key);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return (
    <div class="keypad">
      <p class="digits" aria-hidden="true">
        {digits.padEnd(length, '·').replace(/^(...)/, '$1 ')}
      </p>
      <p class="sr" role="status">{`${digits.length} / ${length} ${typed}`}</p>
      <div class="keys">
        {keys.map((key) =>
          key === '' ? (
            <i key="none" />
          ) : (
            <button type="button" key={key} disabled={isBusy} aria-label={key === '⌫' ? erase : key} onClick={() => press(key)}>
              {key}
            </button>
          ),
        )}
      </div>
    </div>
  );
}

