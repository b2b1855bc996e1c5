import { randomBytes } from 'node:crypto';
import t from 'tap';
import { systemClock } from '../../../device/clock/clock.ts';
import { nukiLock } from '../../../device/lock/nuki/driver.ts';
import { realClock } from '../../../hardware-sim/clock.ts';
import { Door } from '../../../hardware-sim/door/door.ts';
import { gattPipe } from '../../support/gatt-pipe.ts';
import { until } from '../../support/until.ts';
import { Client } from './client.ts';
import { street } from './street.ts';

const address = '54:d2:72:00:00:01';

for (const mtu of [23, 247]) {
  t.test(`the shipped driver drives a simulated Nuki over an MTU of ${mtu}, each in one motion`, async (t) => {
    const times = { leafMs: 20, latchMs: 10, boltMs: 50 };
    const door = new Door('front', realClock, times, () => undefined);
    const { nuki } = street({ clock: realClock, door, ...times });
    nuki.holdButton();
    const client = new Client(nuki);
    client.connect();
    client.pair({ idType: 1 });
    client.disconnect();
    const adapter = gattPipe(new Map([[address, nuki]]), { mtu });
    const { lock } = nukiLock({
      adapter,
      address,
      credentials: {
        variant: 'older',
        key: client.me!.key,
        authorizationId: client.me!.id,
        appId: 7,
        uuid: new Uint8Array(16),
        as: 'bridge',
      },
      clock: systemClock,
      now: () => undefined,
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
      doorSensor: true,
      pullsLatch: true,
      onEvent: () => undefined,
    });
    await lock.start();
    t.match(await lock.state(), { bolt: 'locked', contact: 'closed' });
    await lock.unlock({ expiresInMs: 10_000 });
    await until('it is unlocked', () => lock.last()?.bolt === 'unlocked');
    t.equal(door.truth().bolt, 'drawn');
    await lock.lock();
    await until('it is locked', () => lock.last()?.bolt === 'locked');
    t.equal(door.truth().bolt, 'thrown');
    t.equal(nuki.truth().motions, 2);
    await lock.close();
    await adapter.close();
    t.equal(nuki.truth().connections, 0);
    nuki.close();
  });
}
