/** The deliberate press: held for a second; or pressed twice, by keys and by screen readers, which cannot hold. */
import { useEffect, useRef, useState } from 'preact/hooks';

const holdMs = 900;
const againMs = 5_000;

export interface HoldProps {
  readonly says: string;
  /** Said below until it is held; and after a short press. */
  readonly hint: string;
  readonly again: string;
  readonly isBusy: boolean;
  readonly kind?: 'main' | 'small';
  readonly onHeld: () => void;
}

export function Hold({ says, hint, again, isBusy, kind = 'main', onHeld }: HoldProps) {
  const [isHolding, setHolding] = useState(false);
  const [isArmed, setArmed] = useState(false);
  const timer = useRef(0);
  const wasHeld = useRef(false);
  useEffect(() => {
    if (!isArmed) return undefined;
    const disarm = setTimeout(() => setArmed(false), againMs);
    return () => clearTimeout(disarm);
  }, [isArmed]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const release = (): void => {
    clearTimeout(timer.current);
    setHolding(false);
  };
  const done = (): void => {
    release();
    setArmed(false);
    navigator.vibrate?.(40);
    onHeld();
  };
  return (
    <div class={`hold ${kind}`}>
      <button
        type="button"
        disabled={isBusy}
        aria-busy={isBusy}
        data-holding={isHolding ? '' : undefined}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          wasHeld.current = false;
          setHolding(true);
          timer.current = window.setTimeout(() => {
            wasHeld.current = true;
            done();
          }, holdMs);
        }}
        onPointerUp={release}
        onPointerCancel={release}
        onPointerLeave={release}
        onContextMenu={(event) => event.preventDefault()}
        onClick={() => {
          if (wasHeld.current) {
            wasHeld.current = false;
            return;
          }
          if (isArmed) done();
          else setArmed(true);
        }}
      >
        <span>{says}</span>
      </button>
      <small role="status">{isArmed ? again : hint}</small>
    </div>
  );
}
