/** A number of things, by the plural rules of a language. */
import type { LanguageCode } from './language.ts';

/** `{n}` stands for the number. Every category that the language counts by. */
export type Counted = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>;

export function count(code: LanguageCode, forms: Counted, n: number): string {
  const text = forms[new Intl.PluralRules(code).select(n)] ?? forms.other;
  return text.replace('{n}', new Intl.NumberFormat(code).format(n));
}
