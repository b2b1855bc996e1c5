/** A number on its way to another one. */
import { useEffect, useRef, useState } from 'preact/hooks';

const eased = (x: number): number => x * x * (3 - 2 * x);
const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** @param forMs  how long the whole way from 0 to 1 takes @returns where it is now; at its end at once for who wants no motion */
export function useTween(target: number, forMs: number): number {
  const [now, setNow] = useState(target);
  const at = useRef(target);
  useEffect(() => {
    const from = at.current;
    const wayMs = Math.abs(target - from) * forMs;
    const to = (value: number): void => {
      at.current = value;
      setNow(value);
    };
    if (wayMs === 0 || isStill()) return to(target);
    const startMs = performance.now();
    let frame = requestAnimationFrame(function step(nowMs) {
      const share = Math.min(1, Math.max(0, (nowMs - startMs) / wayMs));
      to(from + (target - from) * eased(share));
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [target, forMs]);
  return now;
}
