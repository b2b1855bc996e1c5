import t from 'tap';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { openRig } from '../support/rig.ts';
import { rulesFor } from '../support/rig-people.ts';

const minuteS = 60;

t.test('S093, T40: a rule that recurs lets the carrier in at its time of the day, and at no other', async (t) => {
  const rig = await openRig(t);
  const nowMs = rig.time.now();
  const [rule] = rulesFor([rig.door().id], rig.carrier, nowMs, { consent: 'auto', camera: 'off' });
  const start = new Date(nowMs - 2 * 86_400_000 - 5 * minuteS * 1000).toISOString().slice(0, 16);
  const recurs = { zone: 'UTC', start, seconds: 20 * minuteS, freq: 'daily' } as const;
  const window = { from: Math.floor(nowMs / 1000) - 3 * 86_400, until: Math.floor(nowMs / 1000) + 7 * 86_400 };
  mustHave(await rig.owner.orders.setRules([{ ...rule!, ...window, recurs }]));
  t.match(await (await rig.deliver('ended')).end(), { outcome: 'completed', proof: 'secured' });
  const waiting = await rig.deliver('ready');
  const early = await rig.deliver('granted');
  await waiting.visit.abort();
  await waiting.end();

  await rig.time.pass(16 * minuteS * 1000);
  await rig.untilCalm();
  const before = rig.pulses();
  await t.rejects(early.to('prepared'), { code: /^(GRANT_LATE|RULE_OUTSIDE_WINDOW)$/ }, 'a grant ends with its time');
  await t.rejects(rig.deliver('granted'), { code: 'DELIVERY_NOT_ALLOWED' }, 'and no new one is made');
  t.equal(rig.pulses(), before);
});
