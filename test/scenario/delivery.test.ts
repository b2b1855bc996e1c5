import t, { type Test } from 'tap';
import { mosquittoMissing } from '../broker/mosquitto.ts';
import { openRig } from '../support/rig.ts';
import type { BrokerKind } from '../support/rig-broker.ts';
import { deliverySteps, sameJournals, stepsOf } from '../support/rig-journals.ts';

async function deliversOn(t: Test, broker: BrokerKind): Promise<void> {
  const rig = await openRig(t, { broker, consent: 'ask' });
  const errand = await rig.deliver('ended');
  const end = await errand.end();
  t.match(end, { outcome: 'completed', proof: 'secured' });
  t.equal(rig.pulses(), 1, 'the strike let go once');
  const told = await rig.carrier.dispatch.told.until(
    (one) => one.news === 'state' && one.delivery === errand.delivery && one.outcome !== undefined,
    5_000,
  );
  t.match(told, { state: 'delivered', outcome: 'completed', proof: 'secured', receipt: { checked: 'genuine' } });
  const ownerTold = await rig.owner.told.until(
    (one) => one.news === 'entry' && one.record.entry.kind === 'visit.ended' && one.record.entry.visit === errand.id,
    5_000,
  );
  t.match(ownerTold, { record: { body: { outcome: 'completed', proof: 'secured' } } });
  const journal = await sameJournals(t, rig);
  t.same(stepsOf(journal, errand.id), deliverySteps);
}

t.test('a delivery ends secured, and owner and carrier are told', (t) => deliversOn(t, 'embedded'));

t.test("a delivery ends secured over Debian's mosquitto too", { skip: mosquittoMissing() ?? false }, (t) =>
  deliversOn(t, 'mosquitto'),
);
