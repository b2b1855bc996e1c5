/** What the app says, in every language that the pages speak. A text that is missing in one of them does not compile. */
import type { LanguageCode } from '../common/language.ts';

/** One text. */
export type Texts = Readonly<Record<LanguageCode, string>>;
/** The words of one screen: `{ de, en, … } satisfies Table<typeof en>`. `{name}` stands for what `fill` puts there. */
export type { Table } from '../common/language.ts';

/** Puts values into a text: `fill('since {time}', { time })`. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

export { type Counted, count } from '../common/counted.ts';
