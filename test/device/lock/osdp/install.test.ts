import { randomBytes } from 'node:crypto';
import t from 'tap';
import * as v from 'valibot';
import { type OsdpDoorConfig, OsdpLockConfig } from '../../../../device/config/osdp.ts';
import { installOsdp } from '../../../../device/lock/osdp/install.ts';
import type { Secrets } from '../../../../device/secrets/secrets.ts';
import { SimClock } from '../../../../hardware-sim/clock.ts';
import { startSimHome } from '../../../../hardware-sim/home.ts';
import { codeOf } from '../../../support/code-of.ts';
import { hex, toHex } from './vectors.ts';
import { pairedKey, simulatedDoor } from './wound-rig.ts';

const config = v.parse(OsdpLockConfig, { kind: 'osdp', port: '/dev/line', address: 1, contact: { input: 0 } });

/** Keys in memory; all peripherals' current key is this one, until another is kept. */
function keysOf(first: string): Secrets & { readonly current: () => string | undefined } {
  const kept = new Map<string, Uint8Array>();
  return {
    get: async (name) => kept.get(name) ?? (name.endsWith('-current') ? hex(first) : undefined),
    put: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
    current: () => [...kept].flatMap(([name, key]) => (name.endsWith('-current') ? [toHex(key)] : []))[0],
  };
}

async function installed(
  simulated: { readonly keyHex: string | null; readonly installMode: boolean },
  more: Partial<OsdpLockConfig> = {},
  bell: Pick<OsdpDoorConfig, 'bell'> = {},
) {
  const clock = new SimClock();
  const peripherals = [{ address: 1, doors: [simulatedDoor], ...simulated }];
  const home = startSimHome({ lines: [{ id: 'line', paced: false, peripherals }] }, clock);
  const secrets = keysOf(pairedKey);
  const doors = await installOsdp(new Map([['front', { is: 'lock', config: { ...config, ...more }, ...bell }]]), {
    clock,
    secrets,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    openLink: () => () => home.line('line').connect(),
    onEvent: () => undefined,
  });
  const door = doors.get('front')!;
  await door.mover.start();
  /** Winds the clock until it is over. */
  const ended = async <T>(work: Promise<T>): Promise<string> => {
    let code: string | undefined;
    void codeOf(work).then((one) => {
      code = one;
    });
    for (let wound = 0; wound < 60_000 && code === undefined; wound += 5) {
      clock.advance(5);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return code ?? 'never';
  };
  const close = async (): Promise<void> => {
    await ended(door.mover.close());
    await home.close();
  };
  return { door, secrets, ended, close };
}

t.test('a renewal gives a fresh key under the one that both have', async (t) => {
  const { door, secrets, ended, close } = await installed({ keyHex: pairedKey, installMode: false });
  t.equal(await ended(door.pair({ renews: true })), 'done');
  t.match(secrets.current(), /^[0-9a-f]{32}$/);
  t.not(secrets.current(), pairedKey);
  await close();
});

t.test('a renewal says nothing to whoever answers to the default key; a pairing does', async (t) => {
  const { door, secrets, ended, close } = await installed({ keyHex: null, installMode: true });
  t.equal(await ended(door.pair({ renews: true })), 'LOCK_UNAVAILABLE');
  t.equal(secrets.current(), undefined, 'the key of before is still the one');
  t.equal(await ended(door.pair({})), 'done', 'it was left in its install mode');
  t.match(secrets.current(), /^[0-9a-f]{32}$/);
  await close();
});

t.test('keys are heard only where the settings say that the reader has some', async (t) => {
  for (const hasKeypad of [true, false]) {
    const { door, close } = await installed(
      { keyHex: pairedKey, installMode: false },
      { reader: { number: 0, led: 0, hasKeypad } },
    );
    t.equal(door.keypad !== undefined, hasKeypad);
    t.ok(door.guide);
    await close();
  }
});

t.test('a bell is heard only where the settings have one on the peripheral of the door', async (t) => {
  for (const bell of [{ kind: 'osdp', input: 2, pressedWhen: 'active' } as const, undefined]) {
    const { door, close } = await installed({ keyHex: pairedKey, installMode: false }, {}, bell && { bell });
    t.equal(door.bell !== undefined, bell !== undefined);
    await close();
  }
});
