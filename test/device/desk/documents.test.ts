import t from 'tap';
import { documentDesk } from '../../../device/desk/documents.ts';
import type { Draft } from '../../../device/journal/journal.ts';
import { accept, type FaultCode } from '../../../wire/faults.ts';
import { hashOf, newId, signDocument } from '../../../wire/jws.ts';
import { retentionForm } from '../../../wire/video.ts';
import { newCast } from '../../support/keys.ts';
import { goodTrust } from '../grant/rows/documents.ts';

t.test('a changed retention is journaled once, without the visits that it names', async (t) => {
  const cast = await newCast();
  const [written, refused]: [Draft[], FaultCode[]] = [[], []];
  let looked = 0;
  const never = () => t.fail('nothing else happens');
  const take = documentDesk({
    trust: await goodTrust(cast),
    now: () => cast.nowS * 1000,
    resetNonce: () => undefined,
    record: async (draft) => void written.push(draft),
    refused: (code) => refused.push(code),
    endVisit: async () => void never(),
    review: async () => void never(),
    lookAtRecovery: never,
    clear: async () => accept(never()),
    resetClock: () => accept(never()),
    keepRecordings: () => {
      looked += 1;
    },
  });
  const claims = { aud: cast.hubId, version: 3, iat: cast.nowS, keepHours: 24, keep: [newId(), newId()] };
  const text = await signDocument(retentionForm, claims, cast.owner.sign);
  t.same(await take(text), { ok: true, value: { took: 'retention' } });
  t.same(await take(text), { ok: true, value: { took: 'retention' } });
  t.same(written, [
    {
      at: cast.nowS * 1000,
      kind: 'retention.changed',
      body: { version: 3, keepHours: 24, kept: 2, hash: hashOf(text) },
    },
  ]);
  t.equal(looked, 1, 'what is over goes at once');
  t.match(await take(await signDocument(retentionForm, claims, cast.stranger.ec)), { code: 'RETENTION_KEY_UNKNOWN' });
  t.same(refused, ['RETENTION_KEY_UNKNOWN']);
});
