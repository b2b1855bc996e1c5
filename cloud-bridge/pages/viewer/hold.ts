/** A button that asks twice: held for a second, or pressed two times (for keys and screen readers). */

const holdMs = 1_000;
const againMs = 5_000;

export interface HoldOptions {
  readonly onConfirmed: () => void;
  /** Pressed once: a second press confirms. */
  readonly onArmed: () => void;
}

/** @param button  shows its progress by `data-holding` */
export function confirmByHolding(button: HTMLButtonElement, { onConfirmed, onArmed }: HoldOptions): void {
  let timer: number | undefined;
  let held = false;
  let armedUntil = 0;

  const release = (): void => {
    clearTimeout(timer);
    timer = undefined;
    delete button.dataset.holding;
  };
  button.addEventListener('pointerdown', (event) => {
    if (button.disabled || event.button !== 0) return;
    held = false;
    button.dataset.holding = '';
    timer = window.setTimeout(() => {
      held = true;
      armedUntil = 0;
      release();
      onConfirmed();
    }, holdMs);
  });
  for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const) button.addEventListener(name, release);
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  button.addEventListener('click', () => {
    if (held) {
      held = false;
      return;
    }
    if (performance.now() < armedUntil) {
      armedUntil = 0;
      onConfirmed();
    } else {
      armedUntil = performance.now() + againMs;
      onArmed();
    }
  });
}
