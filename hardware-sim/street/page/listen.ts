/** Keeps what the street tells: all of it at first, then the parts that changed. Goes on by itself when the line was lost. */
import type { StreetTold } from '../told.ts';

/** Nothing was heard for so long: nobody is there, ms. */
const silentAfterMs = 12_000;

/** @param onTold  undefined: the street does not answer */
export function listen(onTold: (told: StreetTold | undefined) => void): void {
  let told: Partial<StreetTold> = {};
  let timer = 0;
  const source = new EventSource('/told');
  const heard = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => onTold(undefined), silentAfterMs);
  };
  source.onopen = () => {
    told = {};
    heard();
  };
  source.onmessage = ({ data }) => {
    heard();
    const parts = JSON.parse(data) as Partial<StreetTold>;
    told = { ...told, ...parts };
    if (told.run !== undefined) onTold(told as StreetTold);
  };
  source.onerror = () => onTold(undefined);
}
