import { randomBytes } from 'node:crypto';
import t from 'tap';
import type { GattAdapter } from '../../../../device/link/gatt.ts';
import { gatt } from '../../../../device/lock/nuki/advert.ts';
import type { Credentials } from '../../../../device/lock/nuki/credentials.ts';
import { nukiLock } from '../../../../device/lock/nuki/driver.ts';
import { seal, unseal } from '../../../../device/lock/nuki/secure.ts';
import { WoundClock } from '../../../support/clock.ts';
import { ScriptedLink } from './scripted-link.ts';
import { hex } from './vectors.ts';

const credentials: Credentials = {
  ...{ variant: 'older', key: new Uint8Array(32).fill(7), authorizationId: 2, appId: 9, uuid: new Uint8Array(16) },
  ...{ as: 'bridge', pin: 1234 },
};
const startMs = Date.UTC(2026, 0, 5, 12);

/** A lock at rest, a day of whose life is wound: `configCount` is byte 13 of its states. */
function makeQuiet(configCount: () => number) {
  const clock = new WoundClock(startMs);
  const link = new ScriptedLink();
  const count: Record<string, number> = {};
  link.answer = (bytes) => {
    const read = unseal(bytes, credentials);
    if (!read.ok) return;
    const { command, payload } = read.value;
    const what = command === 1 ? `request ${payload[0]!.toString(16)}` : command.toString(16);
    count[what] = (count[what] ?? 0) + 1;
    const say = (number: number, text: string): void => {
      const message = { command: number, payload: hex(text) };
      link.indicate(gatt.sealed, seal(message, credentials, new Uint8Array(randomBytes(24))));
    };
    const changes = configCount().toString(16).padStart(2, '0');
    if (what === 'request 4') say(0x04, '5A'.repeat(32));
    if (what === 'request c') say(0x0c, `020100E0070307080F1E3C00C8${changes}0001000002`);
    if (what === '14') say(0x15, '00'.repeat(74));
    if (what === '31') {
      say(0x33, '0100000101');
      say(0x0e, '00');
    }
  };
  const adapter: GattAdapter = {
    ...{ state: 'ready', onState: () => () => undefined, listen: () => () => undefined },
    ...{ link: () => link, close: async () => undefined },
  };
  const { lock } = nukiLock({
    ...{ adapter, address: 'aa:bb:cc:dd:ee:ff', credentials, clock, now: () => undefined },
    ...{ doorSensor: true, pullsLatch: false, onEvent: () => undefined, timing: { awayMs: 48 * 3_600_000 } },
    log: { lastIndex: () => 0, take: async () => undefined },
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
  });
  const heard = async (): Promise<void> => {
    for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  /** Time passes, and what is said meanwhile is heard. */
  const pass = async (ms: number, stepMs: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await heard();
      clock.pass(stepMs);
    }
    await heard();
  };
  return { lock, link, count, pass };
}

t.test('with the shipped times a quiet day costs 48 questions, 24 configurations, one look at the log', async (t) => {
  const { lock, link, count, pass } = makeQuiet(() => 32);
  await lock.start();
  await pass(24 * 3_600_000, 5 * 60_000);
  await lock.close();
  const { 'request c': states = 0, '14': configs = 0, '31': logs = 0 } = count;
  t.ok(states >= 45 && states <= 49, `${states} questions`);
  t.ok(configs >= 20 && configs <= 25, `${configs} configurations`);
  t.equal(logs, 1, 'nothing was new after the first');
  t.equal(link.connects, states, 'and nothing wakes it besides');
});

t.test('a configuration that was changed is read with the next question', async (t) => {
  let changes = 1;
  const { lock, count, pass } = makeQuiet(() => changes);
  await lock.start();
  await pass(10 * 60_000, 60_000);
  t.equal(count['14'], 1);
  changes = 2;
  await pass(30 * 60_000, 60_000);
  t.equal(count['14'], 2);
  await lock.close();
});
