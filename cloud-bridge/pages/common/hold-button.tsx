/** A button that is pressed deliberately: `hold.ts` as a part of a page. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { createHold, type Hold } from './hold.ts';

export interface HoldButtonProps {
  readonly says: string;
  /** Said below until it is held; and after a short press. */
  readonly hint: string;
  readonly again: string;
  readonly isBusy: boolean;
  /** How it looks. */
  readonly kind?: 'main' | 'small' | 'stop';
  /** The button stands already, and may be held just now. */
  readonly begun?: Hold | undefined;
  readonly onHeld: () => void;
}

export function HoldButton({ says, hint, again, isBusy, kind = 'main', begun, onHeld }: HoldButtonProps) {
  const [{ isHolding, isArmed }, show] = useState(begun?.state ?? { isHolding: false, isArmed: false });
  const act = useRef(onHeld);
  act.current = onHeld;
  const hold = useRef<Hold | undefined>(undefined);
  if (hold.current === undefined) {
    const held = (): void => act.current();
    hold.current = begun ?? createHold(held, show);
    begun?.tell(held, show);
  }
  useEffect(() => () => hold.current?.close(), []);
  const release = (): void => hold.current?.release();
  return (
    <div class={`hold ${kind}`}>
      <button
        type="button"
        disabled={isBusy}
        aria-busy={isBusy}
        data-holding={isHolding ? '' : undefined}
        onPointerDown={(event) => hold.current?.down(event.button)}
        onPointerUp={release}
        onPointerCancel={release}
        onPointerLeave={release}
        onContextMenu={(event) => event.preventDefault()}
        onClick={() => hold.current?.click()}
      >
        <span>{says}</span>
      </button>
      <small role="status">{isArmed ? again : hint}</small>
    </div>
  );
}
