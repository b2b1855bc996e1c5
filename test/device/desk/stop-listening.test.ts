/** What the hub notes of keys at the door while a courier is expected there: S061, R1, T20. */
import t from 'tap';
import { type StopListening, stopListening } from '../../../device/desk/stop-listening.ts';
import { type Keypad, osdpKeypad } from '../../../device/lock/osdp/keypad.ts';
import type { News } from '../../../device/lock/osdp/presence.ts';
import { newId } from '../../../wire/jws.ts';
import { WoundClock } from '../../support/clock.ts';
import { newDoorId, newHubId } from '../../support/keys.ts';
import { freshStore } from '../../support/store.ts';
import { simulatedDoor, woundRig } from '../lock/osdp/wound-rig.ts';

type Tap = Parameters<typeof freshStore>[0];
const door = newDoorId();
const bare = newDoorId();
const minute = 60_000;

/** A desk over this keypad that writes into a journal of its own. */
function deskOver(t: Tap, keypad: Keypad, clock: WoundClock | Awaited<ReturnType<typeof woundRig>>['clock']) {
  const { journal } = freshStore(t, newHubId());
  const desk: StopListening = stopListening({
    doors: new Map([
      [door, { installed: { keypad } }],
      [bare, { installed: {} }],
    ]),
    clock,
    note: (kind, body, door) => void journal.append([{ at: 1, kind, body, door }]),
  });
  t.teardown(() => desk.close());
  const expect = (change: Partial<Parameters<StopListening['expect']>[0]> = {}) =>
    desk.expect({ delivery: newId(), attempt: 1, door, number: '0907', until: clock.now() + 10 * minute, ...change });
  const noted = (delivery?: string): string[] =>
    journal
      .recent({ door, kinds: ['stop.felt', 'stop.heard'] }, 99)
      .filter(({ body }) => delivery === undefined || body.delivery === delivery)
      .map(({ kind, body }) => `${kind} ${body.attempt}`)
      .reverse();
  return { desk, expect, noted, texts: () => JSON.stringify(journal.recent({ door }, 99)) };
}

/** The keypad of a real driver, its reader's replies given by hand. */
function bench(t: Tap) {
  const clock = new WoundClock(1_790_000_000_000);
  const listeners = new Set<(news: News) => void>();
  const onNews = (listener: (news: News) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const real = osdpKeypad({ peripheral: { onNews }, clock, reader: 0, onFlood: () => undefined });
  let ears = 0;
  const keypad: Keypad = {
    onKeys: (listener) => {
      ears += 1;
      const forget = real.onKeys(listener);
      return () => {
        ears -= 1;
        forget();
      };
    },
  };
  const type = (...reports: string[]): void => {
    for (const keys of reports) {
      for (const tell of listeners) tell({ is: 'reply', reply: { is: 'keypad', reader: 0, keys } });
    }
  };
  return { clock, type, ears: () => ears, ...deskOver(t, keypad, clock) };
}

t.test('the number is heard, typed at once or key by key, after other keys, and once', async (t) => {
  for (const reports of [['0907'], ['#0907#'], ['00907'], ['090907']]) {
    const { expect, type, noted } = bench(t);
    await expect();
    type(...reports, '0907', '5');
    t.same(noted(), ['stop.heard 1'], reports.join(' '));
  }
  const { expect, type, noted } = bench(t);
  await expect();
  type('0', '9', '0', '7', '0', '9', '0', '7');
  t.same(noted(), ['stop.felt 1', 'stop.heard 1']);
});

t.test('other digits are felt, once, and are written nowhere', async (t) => {
  const { expect, type, noted, texts } = bench(t);
  type('0907');
  await expect();
  type('7413', '09', '70', '7413');
  t.same(noted(), ['stop.felt 1']);
  t.notMatch(texts(), /7413|0907/);
});

t.test('a number that is typed with a long pause in it is none', async (t) => {
  const { expect, type, noted, clock } = bench(t);
  await expect();
  type('09');
  clock.pass(11_000);
  type('07');
  t.same(noted(), ['stop.felt 1']);
});

t.test('guessing ends: after forty keys nothing is heard any more, until the courier asks anew', async (t) => {
  const { expect, type, noted, clock } = bench(t);
  const delivery = newId();
  await expect({ delivery });
  type('1'.repeat(20));
  clock.pass(11_000);
  type('1'.repeat(20));
  clock.pass(11_000);
  type('0907');
  t.same(noted(), ['stop.felt 1']);
  await expect({ delivery });
  type('0907');
  t.same(noted(), ['stop.felt 1', 'stop.heard 1'], 'and felt is not said twice');
});

t.test('it listens until then, for 15 minutes at most, and where nobody is expected not at all', async (t) => {
  const { expect, type, noted, clock, ears, desk } = bench(t);
  t.equal(ears(), 0);
  await expect({ until: clock.now() + minute });
  t.equal(ears(), 1);
  clock.pass(minute);
  t.equal(ears(), 0);
  await expect({ until: clock.now() + 24 * 60 * minute });
  clock.pass(15 * minute - 1);
  t.equal(ears(), 1);
  clock.pass(1);
  t.equal(ears(), 0);
  type('0907');
  t.same(noted(), []);
  await expect();
  desk.close();
  t.equal(ears(), 0);
});

t.test('each stop has its own number; the newest of an attempt counts; the oldest of many is forgotten', async (t) => {
  const { expect, type, noted } = bench(t);
  const [one, two] = [newId(), newId()];
  await expect({ delivery: one, number: '1111' });
  await expect({ delivery: one, number: '2222' });
  await expect({ delivery: two, number: '3333', attempt: 2 });
  type('1111', '3333');
  t.same([noted(one), noted(two)], [['stop.felt 1'], ['stop.felt 2', 'stop.heard 2']]);
  for (let n = 0; n < 7; n++) await expect({ number: '4444' });
  type('2222');
  t.same(noted(one), ['stop.felt 1'], 'nine are expected: the first is forgotten');
});

t.test('a door without a keypad, an unknown door and a late request are refused', async (t) => {
  const { expect, clock, ears } = bench(t);
  t.match(await expect({ door: bare }), { ok: false, code: 'LOCK_CAPABILITY_MISSING' });
  t.match(await expect({ door: newDoorId() }), { ok: false, code: 'DOOR_UNKNOWN' });
  t.match(await expect({ until: clock.now() }), { ok: false, code: 'MESSAGE_EXPIRED' });
  t.equal(ears(), 0);
});

t.test('R1: at a simulated reader the number is heard, and nothing moves', async (t) => {
  const rig = await woundRig({ simulated: { doors: [{ ...simulatedDoor, reader: 0 }] } });
  const keypad = osdpKeypad({ peripheral: rig.peripheral, clock: rig.clock, reader: 0, onFlood: () => undefined });
  const { expect, noted } = deskOver(t, keypad, rig.clock);
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  const { bolt, contact } = rig.lock.last()!;
  await expect();
  rig.home.reader('front').press('0907');
  t.ok(await rig.windUntil(() => noted().length > 0, 2000));
  await rig.wind(1000);
  t.same(noted(), ['stop.heard 1']);
  t.match(rig.lock.last(), { bolt, contact });
  await rig.end();
});
