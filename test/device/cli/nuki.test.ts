import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { faults } from '../../../wire/faults.ts';
import { fromEntryText } from '../../../wire/journal.ts';
import { openNukiHome } from '../../support/nuki-home.ts';
import { scripted, sitting } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

t.test('an installer with a Nuki lock, from the scan to the signed report', async (t) => {
  const { hub, config, address, nuki, door, dataDir } = await openNukiHome(t, {
    lock: { pullsLatch: false },
    more: { unlockForMs: 3_000 },
  });

  const scanned = sitting(['lock', 'scan', '--for-seconds', '60', '--config', config]);
  await scanned.sees(/Listening for Nuki locks.*1 heard/);
  scanned.interrupts();
  t.equal(await scanned.ends(), 0);
  t.match(scanned.screen(), new RegExp(`33c335c5  ${address}  -60 dBm   front  .*set it up in the app`));

  const left = sitting(['lock', 'pair', 'front', '--config', config]);
  await left.sees(/Security PIN of the lock; empty: without it/);
  left.types('');
  await left.sees(/Does a Nuki Bridge serve this lock.*\[no\]/);
  left.types('');
  await left.sees(/Waiting for the button of the lock: hold it for 5 seconds.* \d+ s/);
  left.interrupts();
  t.equal(await left.ends(), faults.INTERRUPTED.exit, left.screen());
  t.same(hub.pairing('front'), {}, 'the hub waits no more');

  const pairing = sitting(['lock', 'pair', 'front', '--pin', '--config', config]);
  await pairing.sees(/Security PIN.*not shown/);
  pairing.types('12');
  await pairing.sees(/4 digits, or 6/);
  pairing.types('1234');
  await pairing.sees(/Does a Nuki Bridge/);
  pairing.types('yes');
  await pairing.sees(/Waiting for the button/);
  nuki.holdButton();
  await pairing.sees(/front: paired\. It reports: bolt locked, door closed, battery 80 %/);
  t.equal(await pairing.ends(), 0);
  t.notMatch(pairing.screen(), /1234/, 'what was typed is not on the screen');
  t.match(pairing.screen(), /PIN is kept.*Next: doorward lock test front/s);
  t.match(nuki.truth().authorizations, [{ name: 'Doorward', idType: 0 }], 'an app, beside the bridge');

  await until('the door is proven', () => hub.status().doors[0]?.at === 'idle');
  const testing = sitting(['lock', 'test', 'front', '--installer', 'Ada Lovelace', '--config', config]);
  await testing.sees(/The lock of "front" will open.*Type yes/);
  testing.types('yes');
  await testing.sees(/released: open the door now/);
  await testing.sees(/! The door was not seen to open/);
  t.ok(door.openLeaf('key').moved);
  await testing.sees(/door open: close it again/);
  await until('the door closes', () => door.closeLeaf().moved);
  await testing.sees(/door closed/);
  await testing.sees(/front: completed after .* s, proven locked/);
  t.equal(await testing.ends(), 0);
  const [, path] = /Report: (\S+\.jws)/.exec(testing.screen())!;
  t.match(path, join(dataDir, 'reports', 'front-'));

  const shown = await scripted(['report', 'verify', path!, '--config', config, '--json']);
  const report = JSON.parse(shown.out);
  t.match(report, {
    ...{ ok: true, heldBy: 'nuki', seesBolt: true, seesDoor: true, outcome: 'completed', proof: 'secured' },
    ...{ installer: 'Ada Lovelace', batteryPercent: 80, software: /^doorward\// },
  });
  const steps = report.steps.map(({ step }: { step: string }) => step);
  t.same(steps, ['asked', 'released', 'opened', 'closed', 'locking', 'proven']);
  const key = report.key.x;
  const elsewhere = await scripted(['report', 'verify', path!, '--key', key]);
  t.match(elsewhere.out, /The report is genuine.*by +Ada Lovelace/s);
  const text = readFileSync(path!, 'utf8');
  const [head, claims, signature] = text.trim().split('.');
  const other = Buffer.from(claims!, 'base64url').toString().replace('Ada', 'Eva');
  const forged = join(dataDir, 'forged.jws');
  writeFileSync(forged, [head, Buffer.from(other).toString('base64url'), signature].join('.'));
  const refused = await scripted(['report', 'verify', forged, '--key', key, '--json']);
  t.match(JSON.parse(refused.out), { ok: false, code: 'REPORT_NOT_GENUINE' });

  const tail = await scripted(['journal', 'tail', '-n', '50', '--json', '--config', config]);
  t.notMatch(tail.out, /Lovelace/, 'no name of a person is in the journal');
  const tested = tail.out.split('\n').find((line) => line.includes('"lock.tested"'));
  t.match(fromEntryText(tested!), { ok: true, value: { body: { proof: 'secured', report: /^[\w-]{43}$/ } } });

  const ended = sitting(['lock', 'test', 'front', '--yes', '--config', config]);
  await ended.sees(/released/);
  ended.interrupts();
  await ended.sees(/Ending the test/);
  await ended.sees(/front: aborted/);
  t.equal(await ended.ends(), 0, ended.screen());
  t.equal(door.truth().bolt, 'thrown');

  const unpaired = sitting(['lock', 'unpair', 'front', '--config', config]);
  await unpaired.sees(/neither lock nor watch it.*Type yes/);
  unpaired.types('yes');
  await unpaired.sees(/forgotten its key/);
  t.equal(await unpaired.ends(), 0);
  t.match(hub.status().doors[0], { reachable: false, fault: 'NUKI_NOT_PAIRED' });
  const status = await scripted(['lock', 'status', '--config', config]);
  t.match(status.out, /not paired: doorward lock pair front/);
});
