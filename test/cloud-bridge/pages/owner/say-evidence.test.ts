/** Evidence in sentences: S004, S008, S009, S040, S071. */
import t from 'tap';
import { sayEvidence } from '../../../../cloud-bridge/pages/common/evidence/say.ts';
import { evidenceWords } from '../../../../cloud-bridge/pages/common/evidence/words.ts';
import type { LanguageCode } from '../../../../cloud-bridge/pages/common/language.ts';
import type { StopReceiptClaims, StopSealClaims } from '../../../../wire/stop-receipt.ts';

const at = Date.parse('2026-11-21T10:00:00Z');
const receipt = {
  ...{ attempt: 2, day: '2026-11-21', end: 'handed-over', place: 'in-person', contents: 'not-checked' },
  receiver: { proven: 'code-holder', holder: 'account', typedBy: 'recipient', wrongEntries: 1 },
  handover: { presence: 'near', arrivedAt: at, rangAt: at + 10_000, endedAt: at + 310_000 },
  notProven: ['place', 'presence', 'photo', 'door', 'contents', 'condition'],
} as unknown as StopReceiptClaims;
const sealOf = (saw: StopSealClaims['saw']) => ({ saw }) as StopSealClaims;

for (const code of Object.keys(evidenceWords) as LanguageCode[]) {
  t.test(code, async (t) => {
    const says = evidenceWords[code];
    const said = sayEvidence(says, code, { receipt, acts: [] });
    t.same(said.who.slice(0, 2), [says.codeHolder, says.byRecipient], 'S004, S008: who had the code, and who typed it');
    t.match(said.who[2], '1');
    t.ok(
      said.how.every((line) => !said.who.includes(line)),
      'S009: two facts',
    );
    t.match(said.how.join(' '), '5', 'S071: five minutes from the ring to the end');
    t.notOk(said.how.includes(says.noRing));
    t.ok(said.not.includes(says.lacks.contents), 'S040');
    t.equal(said.how.at(-1), says.hubNotYet);
    for (const [saw, line] of [
      [{ presence: 'nothing' }, says.hubNothing],
      [{ presence: 'someone' }, says.hubSomeone],
      [{ presence: 'felt' }, says.hubFelt],
      [{ presence: 'heard' }, says.hubHeard],
      [{ presence: 'heard', visit: 'x' }, says.hubVisit],
    ] as const) {
      t.equal(sayEvidence(says, code, { receipt, acts: [], seal: sealOf(saw) }).how.at(-1), line);
    }
    const all = [said.head, ...said.who, ...said.how, ...said.not].join(' ');
    t.notMatch(all, /undefined|\{/);
  });
}

t.test('times are written as the device writes them', async (t) => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  t.teardown(() => before && Object.defineProperty(globalThis, 'navigator', before));
  const saidIn = (languages: readonly string[]): string => {
    Object.defineProperty(globalThis, 'navigator', { value: { languages }, configurable: true });
    return sayEvidence(evidenceWords.en, 'en', { receipt, acts: [] }).how.join(' ');
  };
  t.notMatch(saidIn(['de-DE', 'en-GB']), /[AP]M/);
  t.match(saidIn(['en-US', 'en-GB']), /[AP]M/);
});
