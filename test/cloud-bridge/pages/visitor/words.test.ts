import t from 'tap';
import {
  chooseLanguage,
  countParcels,
  type Language,
  languages,
  sayWindow,
} from '../../../../cloud-bridge/pages/visitor/words.ts';

t.test('S066: seven languages, each with every word and every plural that it counts by', async (t) => {
  t.same(Object.keys(languages).sort(), ['bg', 'de', 'en', 'it', 'ro', 'ru', 'tr']);
  const words = Object.keys(languages.en.says).sort();
  for (const [code, language] of Object.entries(languages) as [string, Language][]) {
    t.same(Object.keys(language.says).sort(), words, code);
    for (const [word, text] of Object.entries(language.says)) t.ok(text.trim().length > 0, `${code}: ${word}`);
    t.same(
      Object.keys(language.parcels).sort(),
      new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted(),
      `${code} counts right`,
    );
  }
});

t.test('one, two, five and twenty-one parcels', async (t) => {
  t.equal(countParcels('ru', 1), '1 посылка');
  t.equal(countParcels('ru', 2), '2 посылки');
  t.equal(countParcels('ru', 5), '5 посылок');
  t.equal(countParcels('ru', 21), '21 посылка');
  t.equal(countParcels('ro', 2), '2 colete');
  t.equal(countParcels('ro', 21), '21 de colete');
  t.equal(countParcels('tr', 5), '5 paket');
  t.equal(countParcels('de', 1), '1 Paket');
});

t.test('the phone chooses; a language that the page does not speak is English', async (t) => {
  t.equal(chooseLanguage(['de-AT', 'en']), 'de');
  t.equal(chooseLanguage(['sq', 'bg-BG']), 'bg');
  t.equal(chooseLanguage(['ja']), 'en');
  t.equal(chooseLanguage([]), 'en');
});

t.test('a window says its day where it is not today', async (t) => {
  const at = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime() / 1000;
  t.notMatch(sayWindow('de', at(21, 14), at(21, 16), at(21, 9) * 1000), /21\./);
  t.match(sayWindow('de', at(22, 14), at(22, 16), at(21, 9) * 1000), /22\./);
});
