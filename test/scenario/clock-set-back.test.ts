import t from 'tap';
import { openRig } from '../support/rig.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';

const day = 86_400_000;

t.test('T26: a clock that is set back a day lets nobody in, before and after a restart', async (t) => {
  const rig = await openRig(t);
  const errand = await rig.deliver('ready');
  const ear = listen(rig);
  rig.hubClock.setOff(-day);
  await t.rejects(errand.to('unlocked'), { code: 'CLOCK_JUMPED' });
  t.equal(await untilAlarm(ear, 'CLOCK_DISTRUSTED'), 'entry');
  await rig.machine.stop();
  await rig.machine.start();
  await rig.until('it has asked the cloud', () => /^CLOCK_(DISAGREES|BEHIND)$/.test(rig.hub.status().clock));
  await t.rejects(rig.deliver('prepared'), { code: /^CLOCK_(DISAGREES|BEHIND)$/ });
  t.equal(rig.pulses(), 0);
  rig.hubClock.setOff(0);
  await rig.time.pass(12_000);
  await rig.untilCalm();
  t.match(await (await rig.deliver('ended')).end(), { outcome: 'completed', proof: 'secured' });
});
