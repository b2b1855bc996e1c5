import { randomBytes } from 'node:crypto';
import t from 'tap';
import { systemClock } from '../../../../device/clock/clock.ts';
import type { GattAdapter } from '../../../../device/link/gatt.ts';
import { credentialStore } from '../../../../device/lock/nuki/credentials.ts';
import { nukiLock } from '../../../../device/lock/nuki/driver.ts';
import { pairNuki } from '../../../../device/lock/nuki/pairing.ts';
import { realClock } from '../../../../hardware-sim/clock.ts';
import { Door } from '../../../../hardware-sim/door/door.ts';
import type { GattConnection } from '../../../../hardware-sim/nuki/gatt.ts';
import { street } from '../../../hardware-sim/nuki/street.ts';
import { until } from '../../../support/until.ts';
import { ScriptedLink } from './scripted-link.ts';

for (const model of ['gen2', 'gen4', 'ultra'] as const) {
  t.test(`${model}: a simulated lock is paired, unlocked and locked, with codecs that share nothing`, async (t) => {
    const door = new Door('front', realClock, { leafMs: 50, latchMs: 20, boltMs: 60 }, () => undefined);
    const { nuki } = street({ model, clock: realClock, door, boltMs: 60, latchMs: 20 });
    const link = new ScriptedLink();
    let peer: GattConnection | undefined;
    const subscribe = link.subscribe.bind(link);
    link.subscribe = async (uuid, listener) => {
      await subscribe(uuid, listener);
      const indicate = (to: string, bytes: Uint8Array): void => link.indicate(to, bytes);
      peer ??= nuki.connect({ mtu: () => 23, indicate, hangUp: () => link.drop() });
      peer?.onSubscribe(uuid, true);
    };
    link.onDisconnected(() => {
      peer?.onEnd();
      peer = undefined;
    });
    link.answer = (bytes, uuid) => peer?.onWrite(uuid, bytes);
    const kept = new Map<string, Uint8Array>();
    const secrets = {
      get: async (name: string) => kept.get(name),
      put: async (name: string, bytes: Uint8Array) => void kept.set(name, bytes),
      remove: async (name: string) => void kept.delete(name),
    };
    nuki.holdButton();
    const draw = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
    const address = 'aa:bb:cc:dd:ee:ff';
    const credentials = await pairNuki({
      ...{ link, clock: systemClock, randomBytes: draw, store: credentialStore(secrets, address) },
      ...{ variant: model === 'ultra' ? 'newer' : 'older', appId: 77, name: 'Doorward', as: 'app' },
      pin: model === 'ultra' ? 123_456 : 1234,
    });
    const adapter: GattAdapter = {
      ...{ state: 'ready', onState: () => () => undefined, listen: () => () => undefined },
      ...{ link: () => link, close: async () => undefined },
    };
    const { lock } = nukiLock({
      ...{ adapter, address, credentials, clock: systemClock, randomBytes: draw, doorSensor: true, pullsLatch: true },
      ...{ now: () => undefined, onEvent: () => undefined, timing: { againMs: 20 } },
    });
    t.teardown(() => lock.close());
    await lock.start();
    await until('a report', () => lock.last()?.bolt === 'locked');
    await lock.unlock({ expiresInMs: 5000 });
    t.match(lock.last(), { bolt: 'unlocked', contact: 'closed' });
    t.equal(door.truth().bolt, 'drawn');
    await lock.lock();
    await lock.lock();
    t.match(lock.last(), { bolt: 'locked' });
    t.equal(nuki.truth().motions, 2);
  });
}
