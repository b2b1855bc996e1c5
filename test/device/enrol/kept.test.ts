import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { readEnrolment } from '../../../device/enrol/identity.ts';
import { mediaIdOf } from '../../../wire/topics.ts';
import { openRig } from '../../support/rig.ts';

t.test('a hub keeps the certificate of its media link; one that has none works without, and says so', async (t) => {
  const { folders, machine, hubId, untilCalm } = await openRig(t);
  const { mediaCertificate } = readEnrolment(folders.hub)!;
  t.equal(new X509Certificate(mediaCertificate!).subject, `CN=${mediaIdOf(hubId)}\nOU=media`);
  t.equal(machine.hub.status().media, 'ready');
  t.notOk(machine.lines.some(({ event }) => event === 'mediaMissing'));

  await machine.stop();
  const path = join(folders.hub, 'enrolment.json');
  const { mediaCertificate: _gone, ...older } = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(older));
  await machine.start();
  await untilCalm();
  t.match(machine.hub.status(), { online: true, media: 'missing' });
  t.ok(machine.lines.some(({ event }) => event === 'mediaMissing'));
});
