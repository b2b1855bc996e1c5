/** All that the visitor's page can say, by language: tests look for it on the screen. */
import { languageNames } from '../../../../cloud-bridge/pages/common/language.ts';
import { loadLanguage } from '../../../../cloud-bridge/pages/visitor/languages.ts';

type Codes = keyof typeof languageNames;
const codes = Object.keys(languageNames) as Codes[];
const all = await Promise.all(codes.map(async (code) => [code, await loadLanguage(code)] as const));

export const languages = Object.fromEntries(all) as Readonly<Record<Codes, (typeof all)[number][1]>>;
