import t from 'tap';
import { type DeliveryState, deliveryStates, progress } from '../../../cloud-bridge/delivery/progress.ts';
import { outcomes, proofs } from '../../../wire/receipt.ts';

const arrived = { kind: 'visit.arrived', body: {} } as const;
const unlock = { kind: 'visit.unlock', body: {} } as const;
const ended = (outcome: string, proof: string) => ({ kind: 'visit.ended', body: { outcome, proof } }) as const;

t.test('each state goes where the journal says', async (t) => {
  const expected: { [S in DeliveryState]: readonly [string, string, string, string] } = {
    announced: ['at-door', 'in-progress', 'delivered', 'failed'],
    assigned: ['at-door', 'in-progress', 'delivered', 'failed'],
    'waiting-for-owner': ['at-door', 'in-progress', 'delivered', 'failed'],
    granted: ['at-door', 'in-progress', 'delivered', 'failed'],
    'at-door': ['-', 'in-progress', 'delivered', 'failed'],
    'in-progress': ['-', '-', 'delivered', 'failed'],
    delivered: ['-', '-', '-', '-'],
    failed: ['at-door', 'in-progress', 'delivered', 'failed'],
    cancelled: ['-', '-', 'delivered', '-'],
  };
  for (const state of deliveryStates) {
    const got = [arrived, unlock, ended('completed', 'secured'), ended('stopped', 'secured')].map(
      (entry) => progress(state, entry)?.state ?? '-',
    );
    t.same(got, expected[state], state);
  }
});

t.test('R6: delivered needs a completed visit and a proven door', async (t) => {
  for (const outcome of outcomes) {
    for (const proof of proofs) {
      const good = outcome === 'completed' && ['secured', 'locked', 'closed'].includes(proof);
      const got = progress('in-progress', ended(outcome, proof));
      t.same(got, { state: good ? 'delivered' : 'failed', outcome, proof }, `${outcome}, ${proof}`);
    }
  }
  t.same(progress('in-progress', { kind: 'visit.ended', body: {} }), { state: 'failed' }, 'nothing said is no success');
});

t.test('other entries change nothing', async (t) => {
  t.equal(progress('granted', { kind: 'door.opened', body: {} }), undefined);
});
