/** What an installer sends along when something does not work holds no key of a lock, and no PIN. */
import t from 'tap';
import { credentialStore } from '../../../device/lock/nuki/credentials.ts';
import { openSecrets } from '../../../device/secrets/open.ts';
import { openNukiHome } from '../../support/nuki-home.ts';
import { scripted } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

const pin = 1234;

t.test('T11: doctor, status, scan, journal and export hold no secret of a lock, running or not', async (t) => {
  const { hub, nuki, config, dataDir, address } = await openNukiHome(t);
  nuki.holdButton();
  await hub.pairLock('front', { pin });
  await until('it is there', () => hub.status().doors[0]?.reachable);
  const { key, uuid } = (await credentialStore(openSecrets(dataDir), address).current())!;
  const spellings = [key, uuid].flatMap((bytes) =>
    (['latin1', 'hex', 'base64', 'base64url'] as const).map((as) => Buffer.from(bytes).toString(as)),
  );
  const holds = (text: string): string[] =>
    [...spellings, String(pin)].filter((one) =>
      // Four digits stand in many a number.
      one === String(pin)
        ? /(?<![\w.-]|Ms":)1234(?![\w.:-])/.test(text)
        : text.toLowerCase().includes(one.toLowerCase()),
    );
  t.same(holds(JSON.stringify({ key: Buffer.from(key).toString('hex'), pin })).length > 1, true, 'they would be found');

  const look = async (...args: string[]): Promise<void> => {
    const { out, said } = await scripted([...args, '--config', config]);
    t.ok(out.length > 0, args.join(' '));
    t.same(holds(out + said), [], args.join(' '));
  };
  await look('doctor', '--json');
  await look('doctor');
  await look('lock', 'status', '--json');
  await look('door', 'list', '--json');
  await look('journal', 'tail', '-n', '50', '--json');
  await look('journal', 'export');
  t.same(holds(JSON.stringify(hub.status())), []);
  await hub.close();
  await look('doctor', '--json');
});
