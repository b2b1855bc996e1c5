/** A hub without a cloud, its doors on simulated Nuki locks in the same process, its control socket a real one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Bus } from '../../device/bus/bus.ts';
import { loadConfig } from '../../device/config/load.ts';
import { controlRoutes } from '../../device/control/routes.ts';
import { openControl } from '../../device/control/server.ts';
import { ensureKeys, keepEnrolment } from '../../device/enrol/identity.ts';
import type { Log } from '../../device/log.ts';
import { buildHub, type Hub } from '../../device/main.ts';
import { openSecrets } from '../../device/secrets/open.ts';
import { realClock } from '../../hardware-sim/clock.ts';
import { Door } from '../../hardware-sim/door/door.ts';
import type { SimNuki } from '../../hardware-sim/nuki/nuki.ts';
import type { NukiOptions } from '../../hardware-sim/nuki/options.ts';
import { newId } from '../../wire/jws.ts';
import { street } from '../hardware-sim/nuki/street.ts';
import { type GattPipe, gattPipe } from './gatt-pipe.ts';
import { newDoorId, newHubId } from './keys.ts';

export interface NukiHome {
  readonly hub: Hub;
  readonly dataDir: string;
  /** Path of the configuration. */
  readonly config: string;
  readonly address: string;
  readonly door: Door;
  readonly nuki: SimNuki;
  readonly fault: ReturnType<typeof street>['fault'];
  readonly radio: GattPipe;
}

export interface NukiHomeOptions {
  readonly nuki?: Partial<NukiOptions>;
  /** More of the door's configuration. */
  readonly lock?: object;
  readonly more?: object;
}

const address = '54:d2:72:00:00:01';

/** As when the network is down. */
const offline = (): Bus => ({
  start: () => undefined,
  close: async () => undefined,
  online: false,
  publish: () => false,
  answer: () => false,
  onMessage: () => undefined,
  onChange: () => undefined,
});

const quiet = new Proxy({} as Log, { get: () => () => undefined });

/** Everything ends with the test. */
export async function openNukiHome(t: Test, options: NukiHomeOptions = {}): Promise<NukiHome> {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-nuki-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  const config = join(folder, 'hub.json');
  const lock = { kind: 'nuki', address, doorSensor: true, pullsLatch: true, ...options.lock };
  const front = { id: newDoorId(), name: 'front', lock, unlockForMs: 4_000, stillMs: 100, ...options.more };
  writeFileSync(config, JSON.stringify({ dataDir, doors: [front] }));

  const secrets = openSecrets(dataDir);
  await ensureKeys(secrets);
  const none = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
  const enrolled = { certificate: none, brokerCa: none, broker: 'mqtts://127.0.0.1:1', cloud: 'http://127.0.0.1:1' };
  await keepEnrolment(dataDir, { hub: newHubId(), home: newId(), ...enrolled });

  const door = new Door('front', realClock, { leafMs: 40, latchMs: 20, boltMs: 40 }, () => undefined);
  const { nuki, fault } = street({ clock: realClock, door, boltMs: 40, latchMs: 20, ...options.nuki });
  const radio = gattPipe(new Map([[address, nuki]]));
  const hub = await buildHub(loadConfig(config), { openRadio: () => radio, openBus: offline, log: quiet });
  t.teardown(async () => {
    await hub.close();
    nuki.close();
  });
  await hub.start();
  const control = await openControl(join(dataDir, 'hub.sock'), controlRoutes(hub));
  t.teardown(() => control.close());
  return { hub, dataDir, config, address, door, nuki, fault, radio };
}
