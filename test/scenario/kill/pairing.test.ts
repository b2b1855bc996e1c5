import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { callHub } from '../../../device/control/client.ts';
import type { LockTestView } from '../../../device/main.ts';
import { openSecrets } from '../../../device/secrets/open.ts';
import { openSealed } from '../../../device/secrets/seal.ts';
import type { Street } from '../../../hardware-sim/start/street.ts';
import { Fault } from '../../../wire/faults.ts';
import { Standby } from './dying.ts';
import { statusOf, until, withStreet } from './quick-street.ts';

t.setTimeout(600_000);
t.jobs = 2;

/** In the order in which a pairing passes them. */
const points = [
  'before the pending key is stored #1',
  'after the pending key is stored #1',
  'before KEYSET leaves #1',
  'after KEYSET left #1',
  'before the answer to KEYSET is heard #1',
  'before the current key is stored #1',
  'after the current key is stored #1',
  'before the pending key is removed #1',
  'after the pending key is removed #1',
] as const;
type Point = (typeof points)[number];

/** What the peripheral has in its memory. */
interface Kept {
  readonly keyHex: string | null;
  readonly installMode: boolean;
}

const keysFile = (street: Street): string => join(street.paths.root, 'sim', 'keys.json');

const keptBy = (street: Street): Kept =>
  (JSON.parse(readFileSync(keysFile(street), 'utf8')) as Record<string, Kept>)['bus/0']!;

/** What the hub has in its secret store, by the last word of the name. */
function hubKeys(street: Street): Readonly<Record<string, string>> {
  const folder = join(street.paths.hub, 'secrets');
  const all = openSealed(readFileSync(join(folder, 'sealed')), readFileSync(join(folder, 'key')));
  const kept = [...all].filter(([name]) => name.startsWith('osdp-'));
  return Object.fromEntries(kept.map(([name, key]) => [name.split('-').at(-1)!, Buffer.from(key).toString('hex')]));
}

async function forgetKeys(street: Street): Promise<void> {
  const folder = join(street.paths.hub, 'secrets');
  const all = openSealed(readFileSync(join(folder, 'sealed')), readFileSync(join(folder, 'key')));
  for (const name of all.keys()) if (name.startsWith('osdp-')) await openSecrets(street.paths.hub).remove(name);
}

/** Runs a hub that dies at this point of a pairing. */
async function dieWhilePairing(t: Test, street: Street, standby: Standby, target: Point): Promise<void> {
  const hub = await (await standby.take()).begin({ target });
  await until(
    async () => (await statusOf(street))?.doors[0]?.fault ?? 'reachable',
    (fault) => fault !== 'LOCK_UNAVAILABLE',
    10_000,
  );
  const paired = callHub(street.paths.hubSocket, 'POST', '/doors/front/pair');
  const cut = await paired.catch((error: unknown) => (error instanceof Fault ? error.code : undefined));
  await until(async () => hub.isGone(), Boolean, 10_000);
  await hub.stop();
  t.equal(hub.ledger().died, target, 'it died there');
  if (target !== points.at(-1)) t.equal(cut, 'DAEMON_UNREACHABLE', 'the installer was told nothing');
}

const frontOf = async (street: Street) => (await statusOf(street))?.doors[0];

async function isReached(t: Test, street: Street): Promise<void> {
  const door = await until(
    () => frontOf(street),
    (one) => one?.reachable === true && one.at === 'idle' && hubKeys(street).current === keptBy(street).keyHex,
    30_000,
  );
  t.match(door, { reachable: true, at: 'idle', bolt: 'locked' }, 'the lock answers');
  t.equal(hubKeys(street).current, keptBy(street).keyHex, 'hub and strike have the same key');
  t.equal(keptBy(street).installMode, false);
}

t.test('a strike that is given another key, and the hub is killed', { buffered: true }, (t) =>
  withStreet(async (street) => {
    const standby = new Standby(street.paths.hubConfig, street.paths.logs);
    await street.process('hub').stop();
    for (const point of points) {
      await t.test(`${point}: the next start finds the key that holds`, async (t) => {
        const before = keptBy(street).keyHex;
        await dieWhilePairing(t, street, standby, point);
        const isSet = points.indexOf(point) > points.indexOf('after KEYSET left #1');
        if (isSet) t.not(keptBy(street).keyHex, before, 'the strike has the new key');
        if (points.indexOf(point) < points.indexOf('after KEYSET left #1')) t.equal(keptBy(street).keyHex, before);
        await street.restart('hub');
        standby.prepare();
        await isReached(t, street);
        await street.process('hub').stop();
      });
    }
    await standby.discard();
    await street.restart('hub');
    await isReached(t, street);
    const path = '/doors/front/test';
    await callHub(street.paths.hubSocket, 'POST', path);
    const tested = await until(
      async () => ((await callHub(street.paths.hubSocket, 'GET', path)) as LockTestView).done,
      (done) => done !== undefined,
      20_000,
    );
    t.match(tested, { outcome: 'nobody-entered', proof: 'locked' }, 'and it still opens and locks');
  }),
);

t.test('a strike out of the box is given its first key, and the hub is killed', { buffered: true }, (t) =>
  withStreet(async (street) => {
    const standby = new Standby(street.paths.hubConfig, street.paths.logs);
    await street.process('hub').stop();
    for (const point of points.slice(1, 6)) {
      await t.test(`${point}: the key holds, or the strike waits for the installer`, async (t) => {
        await street.process('sim').stop();
        writeFileSync(keysFile(street), JSON.stringify({ 'bus/0': { keyHex: null, installMode: true } }));
        await forgetKeys(street);
        await street.restart('sim');

        await dieWhilePairing(t, street, standby, point);
        await street.restart('hub');
        standby.prepare();
        if (keptBy(street).keyHex === null) {
          const door = await until(
            () => frontOf(street),
            (one) => one?.fault === 'OSDP_KEY_WRONG' || one?.fault === 'OSDP_KEY_MISSING',
            15_000,
          );
          t.match(door, { reachable: false, bolt: 'unavailable' }, 'the default key opens nothing by itself');
          t.match(door?.fault, /^OSDP_KEY_(WRONG|MISSING)$/);
          await callHub(street.paths.hubSocket, 'POST', '/doors/front/pair');
        }
        await isReached(t, street);
        await street.process('hub').stop();
      });
    }
    await standby.discard();
  }),
);
