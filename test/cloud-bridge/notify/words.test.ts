import t from 'tap';
import { alarmTexts, noticeKinds } from '../../../cloud-bridge/notify/kinds.ts';
import { noticeWords } from '../../../cloud-bridge/notify/words.ts';

const placeholders = (text: string): string => (text.match(/\{\w+\}/g) ?? []).join();

t.test('S066: every language says everything, with the same in it, in few words', async (t) => {
  const { en } = noticeWords;
  for (const [language, words] of Object.entries(noticeWords)) {
    const wrong: string[] = [];
    for (const part of ['titles', 'texts', 'mail'] as const) {
      for (const [key, text] of Object.entries(words[part])) {
        const original = (en[part] as Readonly<Record<string, string>>)[key] ?? '';
        if (placeholders(text) !== placeholders(original)) wrong.push(`${key}: another placeholder`);
        if (text.length === 0 || text.length > (part === 'titles' ? 24 : 160)) wrong.push(`${key}: ${text.length}`);
        if (language !== 'en' && text.length > 12 && text === original) wrong.push(`${key}: not translated`);
      }
    }
    t.same(wrong, [], language);
  }
});

t.test('S048: what goes by mail tells of no door that stands open, and of nobody who left', async (t) => {
  for (const kind of ['household', 'inside'] as const) t.equal(noticeKinds[kind].mail, 'never', kind);
  const telling = Object.values(alarmTexts).flatMap((key) => Object.values(noticeWords).map(({ texts }) => texts[key]));
  for (const [language, { mail }] of Object.entries(noticeWords))
    t.notOk(
      telling.some((text) => mail.alarm.includes(text)),
      language,
    );
});
