/** A button that does one act: off while it is not possible, busy while it is under way, marked while it is the next step. */
import type { ComponentChildren } from 'preact';
import type { Act, StreetTold } from '../told.ts';
import { ask } from './ask.ts';

interface PressProps {
  readonly told: StreetTold;
  readonly act: Act;
  readonly of?: string;
  readonly kind?: 'main' | 'plain' | 'danger';
  /** It is what a newcomer does next. */
  readonly isNext?: boolean;
  readonly isOff?: boolean;
  /** Why it is off. */
  readonly hint?: string;
  readonly children: ComponentChildren;
}

export function Press({ told, act, of = '', kind = 'plain', isNext = false, isOff = false, hint = '', children }: PressProps) {
  const isBusy = told.doing.includes(of === '' ? act : `${act}:${of}`);
  const isPossible = told.can.includes(act) && !isOff;
  return (
    <button
      type="button"
      class={`press ${kind}${isNext && isPossible ? ' next' : ''}`}
      data-act={of === '' ? act : `${act}:${of}`}
      aria-disabled={!isPossible || isBusy}
      aria-busy={isBusy}
      title={hint}
      onClick={() => {
        if (isPossible && !isBusy) ask(act, of);
      }}
    >
      {children}
      {hint !== '' && <span class="sr"> ({hint})</span>}
    </button>
  );
}
