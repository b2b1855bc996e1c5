import t from 'tap';
import { newId, signDocument } from '../../wire/jws.ts';
import { type Act, knockForm } from '../../wire/knock.ts';
import { openRig } from '../support/rig.ts';
import type { Errand } from '../support/rig-errand.ts';
import { toEntries } from '../support/rig-journals.ts';
import { openReplayer } from '../support/rig-replay.ts';

/** A genuine knock of the courier's phone that goes another way than over the cloud's HTTP. */
async function knockOf({ visit }: Errand, act: Act): Promise<string> {
  const { view, target, key } = visit;
  const claims = {
    aud: target.hub,
    jti: newId(),
    iat: Math.floor(visit.http.clock.now() / 1000),
    act,
    visit: view.visit,
    grant: target.grantHash,
    nonce: view.nonces[act] ?? '',
  };
  return signDocument(knockForm, claims, key);
}

const rig = await openRig(t);
const replayer = await openReplayer(t, rig);

for (const { late, ms } of [
  { late: '10 seconds', ms: 10_000 },
  { late: '5 minutes', ms: 300_000 },
]) {
  t.test(`T43: "open" that is delivered ${late} late does nothing`, async (t) => {
    const errand = await rig.deliver('ready');
    const held = replayer.write({ op: 'visit.act', visit: errand.id, knock: await knockOf(errand, 'open') });
    const before = rig.pulses();
    const from = rig.hubJournal().length;
    await rig.time.pass(ms);
    if (ms < 60_000) t.equal(rig.at(), 'ready', 'the visitor still stands before a ready door');
    t.match(await replayer.send(held), { ok: false, code: 'MESSAGE_EXPIRED' });
    t.equal(rig.pulses(), before, 'the strike stays as it is');
    const refused = toEntries(rig.hubJournal().slice(from)).filter(({ kind }) => kind === 'message.refused');
    t.match(refused, [{ body: { code: 'MESSAGE_EXPIRED' } }], 'and the journal says so');
    await rig.time.pass(120_000);
    t.match(await errand.end(), { outcome: 'nobody-entered', proof: 'untouched' });
  });
}

t.test(
  'the same request opens when it comes in time, once: again it gets the same answer and nothing moves',
  async (t) => {
    const errand = await rig.deliver('ready');
    const held = replayer.write({ op: 'visit.act', visit: errand.id, knock: await knockOf(errand, 'open') });
    const before = rig.pulses();
    const first = await replayer.send(held);
    t.match(first, { ok: true });
    t.same(await replayer.send(held), first);
    t.equal(rig.pulses(), before + 1);
    await rig.time.pass(8_000);
    t.match(await errand.end(), { outcome: 'nobody-entered', proof: 'locked' });
  },
);
