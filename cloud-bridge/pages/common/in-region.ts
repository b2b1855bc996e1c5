/** A language as it is written where this device is at home: 14:05 or 2:05 PM. */
import type { LanguageCode } from './language.ts';

/** @param otherwise  where the device does not write this language */
export function inRegion(code: LanguageCode, otherwise: string = code): string {
  const { navigator } = globalThis as { readonly navigator?: { readonly languages?: readonly string[] } };
  return navigator?.languages?.find((tag) => tag.slice(0, 2).toLowerCase() === code) ?? otherwise;
}
