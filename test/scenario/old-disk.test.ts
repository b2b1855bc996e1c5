import { cpSync, rmSync } from 'node:fs';
import t from 'tap';
import { openRig } from '../support/rig.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';

const week = 7 * 86_400_000;

t.test("T45: a hub restored from last week's disk image takes no visit, and says so", async (t) => {
  const rig = await openRig(t);
  await rig.machine.stop();
  const image = `${rig.folders.hub}-image`;
  cpSync(rig.folders.hub, image, { recursive: true });
  await rig.machine.start();
  await rig.untilCalm();
  await (await rig.deliver('ended')).end();
  await rig.until('the cloud has it', () => rig.hub.status().acked === rig.hub.status().head);
  await rig.machine.stop();
  rig.time.wind(week - 3_600_000);

  const ear = listen(rig);
  rmSync(rig.folders.hub, { recursive: true });
  cpSync(image, rig.folders.hub, { recursive: true });
  await rig.machine.start();
  await rig.until('the hub refuses', () => rig.hub.status().refusing === 'HUB_BEHIND');
  const before = rig.pulses();
  const known = (await rig.cloudJournal()).length;
  await t.rejects(rig.deliver('prepared'), { code: 'HUB_BEHIND' });
  t.equal(rig.pulses(), before);
  t.ok(['entry', 'message'].includes(await untilAlarm(ear, 'HUB_BEHIND')), 'the owner is told');
  t.equal((await rig.cloudJournal()).length, known, 'nothing of the old disk is mixed into the journal');

  await rig.machine.stop();
  await rig.machine.start();
  await rig.until('it still refuses', () => rig.hub.status().refusing === 'HUB_BEHIND');
});
