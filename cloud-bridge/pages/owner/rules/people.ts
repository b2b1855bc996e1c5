/** What the household calls its doors, guests and carriers; a name that nobody gave is a kind and a few letters of the id. */
import type { Party } from '../../../../wire/rule-book.ts';
import type { LanguageCode } from '../../common/language.ts';
import type { Known } from '../home/known.ts';
import { doorNames } from '../names.ts';
import type { Texts } from '../words.ts';
import type { Names } from './sentence.ts';

// biome-ignore format: one line a word
const kinds: Readonly<Record<Party['kind'], Texts>> = {
  carrier: { de: 'Zusteller', en: 'Carrier', it: 'Corriere', bg: 'Куриер', ro: 'Curier', ru: 'Служба доставки', tr: 'Kargo' },
  company: { de: 'Firma', en: 'Company', it: 'Ditta', bg: 'Фирма', ro: 'Firmă', ru: 'Фирма', tr: 'Firma' },
  guest: { de: 'Gast', en: 'Guest', it: 'Ospite', bg: 'Гост', ro: 'Oaspete', ru: 'Гость', tr: 'Misafir' },
};

const tail = (id: string): string => id.slice(-4);

export function namesOf(known: Pick<Known, 'names' | 'doors' | 'carriers'>, code: LanguageCode): Names {
  const { names, carriers } = known;
  return {
    door: doorNames(known, code),
    isNamed: (door) => names[door] !== undefined,
    party: ({ kind, id }) => names[id] ?? carriers[id] ?? `${kinds[kind][code]} ${tail(id)}`,
  };
}

/** The zone of this device: the home's, for an owner who is at home. */
export const homeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
