/** What the household calls its doors; a number where it has said nothing yet. */
import type { LanguageCode } from '../common/language.ts';
import { useApp } from './app.ts';
import type { Known } from './home/known.ts';
import { fill, type Texts } from './words.ts';

const numbered: Texts = {
  de: 'Tür {n}',
  en: 'Door {n}',
  it: 'Porta {n}',
  bg: 'Врата {n}',
  ro: 'Ușa {n}',
  ru: 'Дверь {n}',
  tr: 'Kapı {n}',
};
const gone: Texts = {
  de: 'Frühere Tür',
  en: 'A former door',
  it: 'Porta precedente',
  bg: 'Предишна врата',
  ro: 'O ușă de dinainte',
  ru: 'Прежняя дверь',
  tr: 'Eski bir kapı',
};

/** @returns what a door is called, by its id */
export function useDoorName(): (door: string) => string {
  const { known, code } = useApp();
  return doorNames(known, code);
}

/** The same, without a screen. Pure. */
export const doorNames =
  (known: Pick<Known, 'names' | 'doors'>, code: LanguageCode) =>
  (door: string): string =>
    doorName(known, door, numbered[code], gone[code]);

/** Pure. @param number  `Door {n}` */
export function doorName(
  { names, doors }: Pick<Known, 'names' | 'doors'>,
  door: string,
  number: string,
  none: string,
): string {
  const index = doors.findIndex(({ id }) => id === door);
  return names[door] ?? (index < 0 ? none : fill(number, { n: index + 1 }));
}
