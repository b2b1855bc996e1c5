import t from 'tap';
import { chooseLanguage } from '../../../../cloud-bridge/pages/common/language.ts';
import {
  countParcels,
  countVisits,
  otherZone,
  sayWindow,
  wordsFor,
} from '../../../../cloud-bridge/pages/visitor/words.ts';
import { languages } from './languages.ts';

t.test('S066: seven languages, each with every word and every plural that it counts by', async (t) => {
  t.same(Object.keys(languages).sort(), ['bg', 'de', 'en', 'it', 'ro', 'ru', 'tr']);
  const words = Object.keys(languages.en.says).sort();
  for (const [code, language] of Object.entries(languages)) {
    t.same(Object.keys(language.says).sort(), words, code);
    for (const [word, text] of Object.entries(language.says)) t.ok(text.trim().length > 0, `${code}: ${word}`);
    t.same(
      Object.keys(language.parcels).sort(),
      new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted(),
      `${code} counts right`,
    );
  }
});

t.test('S066: what a guest is told, in the same seven', async (t) => {
  const words = Object.keys(languages.en.guest.says).sort();
  for (const [code, language] of Object.entries(languages)) {
    const { says, visits } = language.guest;
    t.same(Object.keys(says).sort(), words, code);
    for (const [word, text] of Object.entries(says)) t.ok(text.trim().length > 0, `${code}: ${word}`);
    const plurals = new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted();
    t.same(Object.keys(visits).sort(), plurals, `${code} counts right`);
    for (const word of ['until', 'homeTime'] as const)
      t.equal(says[word].split('{').length, 2, `${code}: ${word} has its place`);
    t.not(wordsFor(language, true).refused, wordsFor(language, false).refused, `${code}: a guest calls no dispatch`);
  }
  t.equal(countVisits(languages.ru, 5), 'осталось 5 визитов');
  t.equal(countVisits(languages.de, 1), 'noch 1 Besuch');
});

/** A parcel or its delivery, in any of the seven. */
const parcel = /paket|liefer|zustell|parcel|deliver|pacc|conseg|пратк|достав|посылк|colet|livr|koli|teslim|kargo/i;

t.test('S094: the staff of a company is told nothing of parcels, in the same seven', async (t) => {
  const words = Object.keys(languages.en.staff).sort();
  for (const [code, language] of Object.entries(languages)) {
    t.same(Object.keys(language.staff).sort(), words, code);
    const [courier, staff] = [wordsFor(language, false), wordsFor(language, false, true)];
    for (const word of ['rulesText', 'unlockedText', 'completed', 'stoppedText', 'late'] as const)
      t.not(staff[word], courier[word], `${code}: ${word}`);
    t.equal(staff.take, courier.take, `${code}: it stands there before it is known who reads it`);
    t.notMatch(staff.take, parcel, `${code}: so it names no parcel`);
    t.ok(language.staff.visit.trim().length > 0, code);
    t.equal(staff.refused, courier.refused, `${code}: they have a dispatch, too`);
  }
});

t.test('S093: the time of the home is named where the phone hangs in another zone', async (t) => {
  const summer = Date.UTC(2026, 6, 1, 7);
  t.equal(otherZone('de', Intl.DateTimeFormat().resolvedOptions().timeZone, summer), undefined);
  t.match(otherZone('en', 'Pacific/Kiritimati', summer), /Line Islands/);
  const [from, until] = [summer / 1000, summer / 1000 + 3_600];
  t.match(sayWindow('de', from, until, summer, { timeZone: 'Europe/Berlin' }), /^09:00–10:00/);
  t.match(
    sayWindow('de', from, until, summer - 86_400_000, { timeZone: 'Asia/Tokyo' }),
    /^Mi\., 1\. Juli, 16:00–17:00/,
  );
});

t.test('one, two, five and twenty-one parcels', async (t) => {
  t.equal(countParcels(languages.ru, 1), '1 посылка');
  t.equal(countParcels(languages.ru, 2), '2 посылки');
  t.equal(countParcels(languages.ru, 5), '5 посылок');
  t.equal(countParcels(languages.ru, 21), '21 посылка');
  t.equal(countParcels(languages.ro, 2), '2 colete');
  t.equal(countParcels(languages.ro, 21), '21 de colete');
  t.equal(countParcels(languages.tr, 5), '5 paket');
  t.equal(countParcels(languages.de, 1), '1 Paket');
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
