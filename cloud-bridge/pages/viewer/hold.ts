/** A button of the page that asks twice. */
import { createHold } from '../common/hold.ts';

export interface HoldOptions {
  readonly onConfirmed: () => void;
  /** Pressed once: a second press confirms. */
  readonly onArmed: () => void;
}

/** @param button  shows its progress by `data-holding` */
export function confirmByHolding(button: HTMLButtonElement, { onConfirmed, onArmed }: HoldOptions): void {
  let wasArmed = false;
  const hold = createHold(onConfirmed, ({ isHolding, isArmed }) => {
    if (isHolding) button.dataset.holding = '';
    else delete button.dataset.holding;
    if (isArmed && !wasArmed) onArmed();
    wasArmed = isArmed;
  });
  button.addEventListener('pointerdown', (event) => {
    if (!button.disabled) hold.down(event.button);
  });
  for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const)
    button.addEventListener(name, hold.release);
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  button.addEventListener('click', hold.click);
}
