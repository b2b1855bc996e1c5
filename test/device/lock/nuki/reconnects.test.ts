import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { systemClock } from '../../../../device/clock/clock.ts';
import { bleAdapter } from '../../../../device/link/ble/adapter.ts';
import { nukiLock } from '../../../../device/lock/nuki/driver.ts';
import { Air } from '../../../../hardware-sim/air/air.ts';
import { Controller } from '../../../../hardware-sim/air/controller.ts';
import { realClock } from '../../../../hardware-sim/clock.ts';
import { Door } from '../../../../hardware-sim/door/door.ts';
import { nukiOnAir } from '../../../../hardware-sim/nuki/on-air.ts';
import { Client } from '../../../hardware-sim/nuki/client.ts';
import { street } from '../../../hardware-sim/nuki/street.ts';
import { until } from '../../../support/until.ts';

const address = '54:d2:72:00:00:01';
const isLong = process.env.DOORWARD_LONG === '1';
const rounds = isLong ? 1_000 : 60;
const parts = 5;
/** Few rounds measure little more than what a machine compiles meanwhile. */
const mostBytes = isLong ? 5_120 : 40_960;

t.test(`${rounds} reconnects of the shipped driver leave no listener, no timer and no memory behind`, async (t) => {
  const times = { leafMs: 20, latchMs: 10, boltMs: 10 };
  const door = new Door('front', realClock, times, () => undefined);
  const { nuki, fault } = street({ clock: realClock, door, boltMs: 10, latchMs: 10 });
  nuki.holdButton();
  const client = new Client(nuki);
  client.connect();
  client.pair({ idType: 1 });
  client.disconnect();
  const { key, id: authorizationId } = client.me!;
  const air = new Air();
  const hub = new Controller(air, { address: '00:00:00:00:00:01' });
  const onAir = await nukiOnAir(air, nuki, { address });
  const adapter = bleAdapter(hub.open, { retryMs: 20 });
  await until('the adapter', () => adapter.state === 'ready');
  const { lock } = nukiLock({
    ...{ adapter, address, clock: systemClock, now: () => undefined, doorSensor: true, pullsLatch: true },
    credentials: { variant: 'older', key, authorizationId, appId: 7, uuid: new Uint8Array(16), as: 'bridge' },
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    timing: { lingerMs: 1, replyMs: 300, stateMs: 10_000, retryMs: 10, changedMs: 10 },
    onEvent: () => undefined,
  });
  await lock.start();
  await until('it is there', () => lock.last()?.bolt === 'locked');

  const gone = (): Promise<boolean> => until('it is let go', () => nuki.truth().connections === 0 && air.links === 0);
  /** Connects and is let go by the driver, after a connection that the lock ended, left without an answer, or did not let come about. */
  const round = async (at: number): Promise<void> => {
    if (at % 4 === 1) fault({ fault: 'cut-after-n-writes', writes: 1 });
    if (at % 20 === 2) fault({ fault: 'drop', next: 1 });
    if (at % 4 === 3) fault({ fault: 'connect-failure' });
    await until('it says how it stands', async () => (await lock.state()).bolt === 'locked');
    await gone();
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapBytes = (): number => {
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  };
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  const standing = (): object => ({
    listeners: process.listenerCount('exit') + process.listenerCount('SIGINT'),
    timers: process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length,
  });
  for (let at = 0; at < 20; at += 1) await round(at);
  const before = standing();
  const growth: number[] = [];
  for (let part = 0; part < parts; part += 1) {
    const heap = heapBytes();
    for (let at = 0; at < rounds / parts; at += 1) await round(at);
    growth.push(Math.round((heapBytes() - heap) / (rounds / parts)));
  }
  await until('nothing more stands than before', () => JSON.stringify(standing()) === JSON.stringify(before), 10_000);
  t.same(warnings, [], 'no emitter has too many listeners');
  // What leaks does so in every part; compiled code and other one-off growth shows in one or two.
  const bytesEach = growth.toSorted((a, b) => a - b)[2]!;
  t.ok(bytesEach < mostBytes, `${growth.join(', ')} bytes of heap a reconnect`);
  t.equal(nuki.truth().motions, 0);
  await lock.close();
  t.equal(air.links, 0);
  await adapter.close();
  await onAir.close();
});
