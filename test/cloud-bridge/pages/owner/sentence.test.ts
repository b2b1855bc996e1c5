import t from 'tap';
import type { LanguageCode } from '../../../../cloud-bridge/pages/common/language.ts';
import { noEndS, sayRule } from '../../../../cloud-bridge/pages/owner/rules/sentence.ts';
import type { Rule } from '../../../../wire/rule-book.ts';

const hourS = 3_600;
const nowS = Date.UTC(2026, 10, 21, 12) / 1000;
const zone = 'Europe/Berlin';
const parties: Readonly<Record<string, string>> = { dhl: 'DHL', maria: 'Maria', plumber: 'Rohr & Co' };
const scene = {
  names: { door: () => 'Garage', isNamed: () => true, party: ({ id }: { readonly id: string }) => parties[id] ?? '?' },
  zone,
  nowS,
};
const base = {
  id: 'r',
  door: 'door-aaaaaaaaaaaaaaaaaaaa',
  from: nowS - 86_400,
  until: noEndS,
  visits: 1_000,
  entries: 1,
} as const;
const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } as const;
const dhl = { kind: 'carrier', id: 'dhl', jwk } as const;
const maria = { kind: 'guest', id: 'maria', jkt: 'A'.repeat(43) } as const;
const plumber = { kind: 'company', id: 'plumber', jwk } as const;

const parcels: Rule = {
  ...base,
  party: dhl,
  recurs: {
    ...{ zone, start: '2026-11-02T08:00', seconds: 12 * hourS, freq: 'weekly' },
    days: ['SA', 'MO', 'TU', 'WE', 'TH', 'FR'],
  },
  camera: 'recorded',
  consent: 'ask',
};
const cleaning: Rule = {
  ...base,
  party: maria,
  recurs: { zone, start: '2026-11-03T09:00', seconds: 3 * hourS, freq: 'weekly', days: ['TU'] },
  until: Date.UTC(2026, 11, 31, 23) / 1000,
  camera: 'off',
  consent: 'auto',
};
const repair: Rule = {
  ...base,
  party: plumber,
  visits: 5,
  entries: 3,
  recurs: {
    ...{ zone: 'Europe/Lisbon', start: '2026-11-03T22:00', seconds: 8 * hourS, freq: 'weekly', every: 2, count: 4 },
    ...{ days: ['MO', 'TU', 'WE', 'SA'], except: ['2026-12-24T22:00'] },
  },
  camera: 'watched',
  consent: 'ask',
};
const once: Rule = {
  ...base,
  party: maria,
  from: Date.UTC(2026, 10, 24, 8) / 1000,
  until: Date.UTC(2026, 10, 24, 11) / 1000,
  visits: 1,
  camera: 'off',
  consent: 'auto',
};

const expected: Readonly<Record<LanguageCode, readonly [string, string, string, string]>> = {
  en: [
    'DHL may bring parcels in, door “Garage”, Monday to Saturday, 8:00–20:00, until I stop it, camera on, ask me each time',
    'Maria may come in, door “Garage”, every Tuesday, 9:00–12:00, until 31 December 2026, no camera, without asking me',
    'Rohr & Co may come in to work, door “Garage”, every 2 weeks, Monday to Wednesday and Saturday, 22:00 to 6:00 the next day, time of Europe/Lisbon, 4 times, but not on 24 December 2026, from 3 November 2026, at most 5 visits, up to 3 openings a visit, camera on and I am watching, ask me each time',
    'Maria may come in, door “Garage”, 24 November 2026, 9:00–12:00, one visit, no camera, without asking me',
  ],
  de: [
    'DHL darf Pakete hereinbringen, Tür „Garage“, Montag bis Samstag, 8:00–20:00 Uhr, bis ich es beende, Kamera an, jedes Mal mich fragen',
    'Maria darf hereinkommen, Tür „Garage“, jeden Dienstag, 9:00–12:00 Uhr, bis 31. Dezember 2026, ohne Kamera, ohne mich zu fragen',
    'Rohr & Co darf zum Arbeiten hereinkommen, Tür „Garage“, alle 2 Wochen, Montag bis Mittwoch und Samstag, 22:00 Uhr bis 6:00 Uhr am nächsten Tag, Zeit von Europe/Lisbon, 4-mal, aber nicht am 24. Dezember 2026, ab 3. November 2026, höchstens 5 Besuche, bis zu 3 Öffnungen je Besuch, Kamera an, und ich sehe zu, jedes Mal mich fragen',
    'Maria darf hereinkommen, Tür „Garage“, 24. November 2026, 9:00–12:00 Uhr, ein Besuch, ohne Kamera, ohne mich zu fragen',
  ],
  it: [
    'DHL può portare dentro pacchi, porta «Garage», lunedì – sabato, 8:00–20:00, finché non lo fermo, con videocamera, chiedendomi ogni volta',
    'Maria può entrare, porta «Garage», ogni martedì, 9:00–12:00, fino al 31 dicembre 2026, senza videocamera, senza chiedermi',
    'Rohr & Co può entrare per lavorare, porta «Garage», ogni 2 settimane, lunedì – mercoledì e sabato, dalle 22:00 alle 6:00 del giorno dopo, ora di Europe/Lisbon, 4 volte, ma non il 24 dicembre 2026, dal 3 novembre 2026, al massimo 5 visite, fino a 3 aperture per visita, con videocamera e io che guardo, chiedendomi ogni volta',
    'Maria può entrare, porta «Garage», 24 novembre 2026, 9:00–12:00, una visita, senza videocamera, senza chiedermi',
  ],
  bg: [
    'DHL може да внася пратки, врата „Garage“, понеделник – събота, 8:00–20:00 ч., докато не го спра, с камера, всеки път с въпрос към мен',
    'Maria може да влиза, врата „Garage“, всяка седмица: вторник, 9:00–12:00 ч., до 31 декември 2026 г., без камера, без да ме пита',
    'Rohr & Co може да влиза за работа, врата „Garage“, на всеки 2 седмици, понеделник – сряда и събота, от 22:00 ч. до 6:00 ч. на следващия ден, време на Europe/Lisbon, 4 пъти, но не на 24 декември 2026 г., от 3 ноември 2026 г., най-много 5 посещения, до 3 отваряния на посещение, с камера и аз гледам, всеки път с въпрос към мен',
    'Maria може да влиза, врата „Garage“, 24 ноември 2026 г., 9:00–12:00 ч., едно посещение, без камера, без да ме пита',
  ],
  ro: [
    'DHL poate aduce colete înăuntru, ușa „Garage”, luni – sâmbătă, 8:00–20:00, până opresc eu, cu cameră, întrebându-mă de fiecare dată',
    'Maria poate intra, ușa „Garage”, în fiecare marți, 9:00–12:00, până la 31 decembrie 2026, fără cameră, fără să mă întrebe',
    'Rohr & Co poate intra la lucru, ușa „Garage”, la 2 săptămâni, luni – miercuri și sâmbătă, de la 22:00 până la 6:00 a doua zi, ora din Europe/Lisbon, de 4 ori, dar nu pe 24 decembrie 2026, din 3 noiembrie 2026, cel mult 5 vizite, până la 3 deschideri la o vizită, cu cameră și eu privesc, întrebându-mă de fiecare dată',
    'Maria poate intra, ușa „Garage”, 24 noiembrie 2026, 9:00–12:00, o vizită, fără cameră, fără să mă întrebe',
  ],
  ru: [
    'DHL может заносить посылки, дверь «Garage», понедельник – суббота, 8:00–20:00, пока я не остановлю, с камерой, каждый раз спрашивать меня',
    'Maria может входить, дверь «Garage», каждую неделю: вторник, 9:00–12:00, до 31 декабря 2026 г., без камеры, не спрашивая меня',
    'Rohr & Co может входить для работы, дверь «Garage», раз в 2 недели, понедельник – среда и суббота, с 22:00 до 6:00 следующего дня, по времени Europe/Lisbon, 4 раза, но не 24 декабря 2026 г., с 3 ноября 2026 г., не более 5 визитов, до 3 открытий за визит, с камерой, и я смотрю, каждый раз спрашивать меня',
    'Maria может входить, дверь «Garage», 24 ноября 2026 г., 9:00–12:00, не более 1 визита, без камеры, не спрашивая меня',
  ],
  tr: [
    'DHL paketleri içeri getirebilir, kapı “Garage”, Pazartesi – Cumartesi, 8:00–20:00, ben durdurana kadar, kamera açık, her seferinde bana sorarak',
    'Maria girebilir, kapı “Garage”, her Salı, 9:00–12:00, son gün 31 Aralık 2026, kamerasız, bana sormadan',
    'Rohr & Co çalışmak için girebilir, kapı “Garage”, 2 haftada bir, Pazartesi – Çarşamba ve Cumartesi, saat 22:00 ile ertesi gün 6:00 arası, Europe/Lisbon saatiyle, 4 kez, 24 Aralık 2026 hariç, başlangıç 3 Kasım 2026, en çok 5 ziyaret, ziyaret başına en çok 3 açılış, kamera açık, ben izliyorum, her seferinde bana sorarak',
    'Maria girebilir, kapı “Garage”, 24 Kasım 2026, 9:00–12:00, bir ziyaret, kamerasız, bana sormadan',
  ],
};

t.test('every other week says its day, and with which week it begins', async (t) => {
  const recurs = { ...cleaning.recurs!, every: 2 };
  const said = (code: LanguageCode) => sayRule({ ...cleaning, recurs, until: noEndS }, { ...scene, code });
  t.match(said('en'), 'every 2 weeks, Tuesday, 9:00–12:00, from 3 November 2026, until I stop it');
  t.match(said('de'), 'alle 2 Wochen, Dienstag, 9:00–12:00 Uhr, ab 3. November 2026');
});

t.test('a rule is one plain sentence, in every language', async (t) => {
  for (const [code, sentences] of Object.entries(expected) as [LanguageCode, readonly string[]][]) {
    const said = [parcels, cleaning, repair, once].map((rule) => sayRule(rule, { ...scene, code }));
    for (const [index, sentence] of sentences.entries()) t.equal(said[index], sentence);
  }
});

t.test('a door without a name of its own is not called a door twice', async (t) => {
  const names = { ...scene.names, door: () => 'Door 1', isNamed: () => false };
  t.match(sayRule(once, { ...scene, names, code: 'en' }), 'Maria may come in, Door 1, 24 November 2026');
});

t.test('plurals are those of the language', async (t) => {
  const visits = (code: LanguageCode, n: number): string =>
    sayRule({ ...cleaning, visits: n }, { ...scene, code })
      .split(', ')
      .find((part) => /\d+ (виз|de vizite|vizite)/.test(part)) ?? '';
  t.equal(visits('ru', 2), 'не более 2 визитов');
  t.equal(visits('ru', 21), 'не более 21 визита');
  t.equal(visits('ro', 19), 'cel mult 19 vizite');
  t.equal(visits('ro', 20), 'cel mult 20 de vizite');
});

t.test('every day, whole days, midnight and what has not begun are said as people say them', async (t) => {
  const say = (recurs: Partial<NonNullable<Rule['recurs']>>, change: Partial<Rule> = {}): string =>
    sayRule(
      { ...cleaning, recurs: { zone, start: '2026-11-02T18:00', seconds: hourS, freq: 'daily', ...recurs }, ...change },
      { ...scene, code: 'en' },
    );
  t.match(say({ seconds: 6 * hourS }), 'every day, 18:00–24:00, until');
  t.match(
    say({ start: '2026-11-02T00:00', seconds: 24 * hourS, every: 3 }),
    'every 3 days, all day, from 2 November 2026, until',
  );
  t.match(say({ start: '2026-11-02T00:30' }), '0:30–1:30');
  t.match(say({ seconds: 24 * hourS }), '18:00 to 18:00 the next day');
  t.match(say({ start: '2026-12-24T18:00' }), '18:00–19:00, from 24 December 2026, until 31 December 2026');
  t.match(say({ freq: 'weekly' }), 'every Monday, 18:00', 'the weekday of the first time');
  t.match(say({ freq: 'weekly', days: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] }), 'every day, 18:00');
  t.match(say({ freq: 'weekly', days: ['SU', 'SA'] }), 'every Saturday and Sunday');
  t.match(
    say({ last: Date.UTC(2026, 11, 24, 17) / 1000 }, { until: noEndS }),
    '18:00–19:00, for the last time on 24 December 2026, no camera',
  );
});

t.test('a window of several days has its first and last moment', async (t) => {
  const rule = { ...once, from: nowS - hourS, until: nowS + 3 * 86_400 };
  t.match(sayRule(rule, { ...scene, code: 'en' }), 'door “Garage”, until 24 November 2026, 13:00, one visit');
  const later = { ...rule, from: nowS + 86_400, until: noEndS };
  t.match(sayRule(later, { ...scene, code: 'de' }), 'ab 22. November 2026, 13:00, bis ich es beende');
});
