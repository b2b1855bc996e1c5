/** The deliberate press: held for a second; or pressed twice, by keys and by screen readers, which cannot hold. */

/** What the button shows. `isArmed`: pressed once, a second press does it. */
export interface HoldState {
  readonly isHolding: boolean;
  readonly isArmed: boolean;
}

/** What a button tells of itself. */
export interface Hold {
  readonly state: HoldState;
  /** @param button  of the pointer; only the first counts */
  down(button: number): void;
  release(): void;
  /** After a pointer has let go, or from a key. */
  click(): void;
  /** From now on somebody else is told; what is under way goes on. */
  tell(onHeld: () => void, onChange: (state: HoldState) => void): void;
  /** Forgets what is under way. */
  close(): void;
}

const holdMs = 900;
const againMs = 5_000;

export function createHold(onHeld: () => void, onChange: (state: HoldState) => void): Hold {
  let state: HoldState = { isHolding: false, isArmed: false };
  let told = { onHeld, onChange };
  let wasHeld = false;
  let holding: ReturnType<typeof setTimeout> | undefined;
  let arming: ReturnType<typeof setTimeout> | undefined;

  const change = (to: Partial<HoldState>): void => {
    state = { ...state, ...to };
    told.onChange(state);
  };
  const release = (): void => {
    clearTimeout(holding);
    if (state.isHolding) change({ isHolding: false });
  };
  const done = (): void => {
    clearTimeout(holding);
    clearTimeout(arming);
    change({ isHolding: false, isArmed: false });
    navigator.vibrate?.(40);
    told.onHeld();
  };
  return {
    get state() {
      return state;
    },
    tell: (held, changed) => {
      told = { onHeld: held, onChange: changed };
    },
    down: (button) => {
      if (button !== 0) return;
      wasHeld = false;
      change({ isHolding: true });
      holding = setTimeout(() => {
        wasHeld = true;
        done();
      }, holdMs);
    },
    release,
    click: () => {
      if (wasHeld) wasHeld = false;
      else if (state.isArmed) done();
      else {
        change({ isArmed: true });
        arming = setTimeout(() => change({ isArmed: false }), againMs);
      }
    },
    close: () => {
      clearTimeout(holding);
      clearTimeout(arming);
    },
  };
}
