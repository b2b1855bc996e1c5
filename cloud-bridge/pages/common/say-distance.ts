/** A distance as people say it. Pure. */
import type { LanguageCode } from './language.ts';

/** “800 m”, “1.2 km”. */
export function sayDistance(code: LanguageCode, metres: number): string {
  const isFar = metres >= 1_000;
  const format = new Intl.NumberFormat(code, {
    ...{ style: 'unit', unit: isFar ? 'kilometer' : 'meter', maximumFractionDigits: isFar ? 1 : 0 },
  });
  return format.format(isFar ? metres / 1_000 : metres);
}
