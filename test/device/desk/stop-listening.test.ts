/** What the hub notes of bell and keys at the door while a courier is expected there: S061, S027, R1, T20, T29. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { type StopListening, stopListening } from '../../../device/desk/stop-listening.ts';
import { type Doorbell, Presses } from '../../../device/doorbell/doorbell.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { type Keypad, osdpKeypad } from '../../../device/lock/osdp/keypad.ts';
import type { News } from '../../../device/lock/osdp/presence.ts';
import { newId } from '../../../wire/jws.ts';
import { stopsIn } from '../../../wire/stop-notice.ts';
import { WoundClock } from '../../support/clock.ts';
import { newDoorId, newHubId } from '../../support/keys.ts';
import { typescript } from '../../support/node.ts';
import { freshStore } from '../../support/store.ts';
import { simulatedDoor, woundRig } from '../lock/osdp/wound-rig.ts';

type Tap = Parameters<typeof freshStore>[0];
const door = newDoorId();
const bare = newDoorId();
const minute = 60_000;

/** A desk over this keypad that writes into a journal of its own. */
function deskOver(
  t: Tap,
  installed: { keypad?: Keypad; bell?: Doorbell },
  clock: WoundClock | Awaited<ReturnType<typeof woundRig>>['clock'],
) {
  const { journal, trust } = freshStore(t, newHubId());
  const open = (): StopListening =>
    stopListening({
      doors: new Map([
        [door, { installed }],
        [bare, { installed: {} }],
      ]),
      clock,
      store: trust,
      note: (kind, body, door) => void journal.append([{ at: 1, kind, body, door }]),
    });
  let desk = open();
  desk.start();
  t.teardown(() => desk.close());
  const restart = async (): Promise<void> => {
    await desk.close();
    desk = open();
  };
  const expect = (change: Partial<Parameters<StopListening['expect']>[0]> = {}) =>
    desk.expect({
      ...{ delivery: newId(), attempt: 1, door, until: clock.now() + 10 * minute },
      ...('keypad' in installed && { number: '0907' }),
      ...change,
    });
  const noted = (delivery?: string): string[] =>
    journal
      .recent({ door, kinds: ['stop.someone', 'stop.felt', 'stop.heard'] }, 99)
      .flatMap(({ kind, body }) => stopsIn(body).map((stop) => ({ kind, ...stop })))
      .filter((stop) => delivery === undefined || stop.delivery === delivery)
      .map(({ kind, attempt }) => `${kind} ${attempt}`)
      .reverse();
  return {
    desk: () => desk,
    restart,
    expect,
    noted,
    last: () => journal.recent({ door }, 1)[0],
    texts: () => JSON.stringify(journal.recent({ door }, 99)),
  };
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
  return { clock, type, ears: () => ears, ...deskOver(t, { keypad }, clock) };
}

/** A door with a bell and no keypad, pressed by hand. */
function belled(t: Tap) {
  const clock = new WoundClock(1_790_000_000_000);
  const presses = new Presses();
  const bell: Doorbell = {
    start: () => undefined,
    close: async () => undefined,
    onPress: (listener) => presses.onPress(listener),
  };
  return { clock, ring: () => presses.pressed(clock.monotonic()), ...deskOver(t, { bell }, clock) };
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
  await desk().close();
  t.equal(ears(), 0);
});

t.test('each stop has its own number; the newest of an attempt counts; the oldest of many is forgotten', async (t) => {
  const { expect, type, noted } = bench(t);
  const [one, two] = [newId(), newId()];
  await expect({ delivery: one, number: '1111' });
  await expect({ delivery: one, number: '2222' });
  await expect({ delivery: two, number: '3333', attempt: 2 });
  type('1111', '3333');
  t.same([noted(one), noted(two)], [['stop.someone 1'], ['stop.someone 2', 'stop.heard 2']]);
  for (let n = 0; n < 7; n++) await expect({ number: '4444' });
  type('2222');
  t.same(noted(one), ['stop.someone 1'], 'nine are expected: the first is forgotten');
});

t.test(
  'whoever rings where one courier is there is that one, as far as the hub can tell, and it is said once',
  async (t) => {
    const { expect, ring, noted, clock, last } = belled(t);
    const delivery = newId();
    await expect({ delivery });
    ring();
    clock.pass(5_000);
    ring();
    t.same(noted(), ['stop.felt 1']);
    t.match(last(), { kind: 'stop.felt', body: { delivery, attempt: 1, by: 'bell' } });
  },
);

t.test('where several are there it may have been either: one entry names both, and none is felt (S027)', async (t) => {
  const { expect, ring, noted, clock, last, desk } = belled(t);
  const [one, two, three] = [newId(), newId(), newId()];
  await expect({ delivery: one });
  await expect({ delivery: two, attempt: 2 });
  ring();
  t.match(last(), { kind: 'stop.someone', body: { stops: `${one}/1 ${two}/2`, among: 2, by: 'bell' } });
  clock.pass(5_000);
  ring();
  t.same(noted(), ['stop.someone 2', 'stop.someone 1'], 'once');
  clock.pass(3 * minute);
  await expect({ delivery: three });
  ring();
  t.match(last(), { kind: 'stop.someone', body: { stops: `${three}/1`, among: 3 } });
  clock.pass(5_000);
  t.match([desk().forget(two, 2), desk().forget(three, 1)], [{ ok: true }, { ok: true }]);
  ring();
  t.same(noted(one), ['stop.someone 1', 'stop.felt 1'], 'the others have left');
});

t.test(
  'a ring before the courier said to be there is someone, for two minutes; before that it is nobody',
  async (t) => {
    const { expect, ring, noted, clock, last, texts } = belled(t);
    ring();
    t.equal(texts(), '[]', 'who rings at this home otherwise is written nowhere');
    clock.pass(2 * minute + 1);
    const early = newId();
    await expect({ delivery: early });
    t.same(noted(), []);
    clock.pass(15 * minute);
    ring();
    clock.pass(minute);
    await expect();
    t.match(last(), { kind: 'stop.someone', body: { among: 0, by: 'bell' } });
    ring();
    t.same(noted(), ['stop.someone 1', 'stop.felt 1']);
  },
);

t.test('after a restart it listens on: for the same numbers, keys that are left, and what was told', async (t) => {
  const { expect, type, noted, restart, ears, clock } = bench(t);
  const delivery = newId();
  await expect({ delivery });
  type('1'.repeat(20));
  clock.pass(11_000);
  await restart();
  t.equal(ears(), 1);
  type('1'.repeat(20));
  clock.pass(11_000);
  await restart();
  type('0907');
  t.same(noted(), ['stop.felt 1'], 'a restart gives no guesses back');
  await expect({ delivery });
  await restart();
  type('0907');
  t.same(noted(), ['stop.felt 1', 'stop.heard 1']);
  clock.pass(10 * minute);
  await restart();
  t.equal(ears(), 0, 'and not longer than it would have');
});

t.test('killed at any moment, the hub that comes back listens for everybody whom it had said to expect', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-listening-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const [path, hubId] = [join(folder, 'journal.db'), newHubId()];
  for (const [life, afterMs] of [0, 1, 4].entries()) {
    const args = [typescript, join(import.meta.dirname, 'listening-child.ts'), path, hubId, door];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    await new Promise<void>((resolve) => {
      child.on('close', () => resolve());
      createInterface({ input: child.stdout }).on('line', (line) => {
        said.push(line);
        if (said.length === 20) setTimeout(() => child.kill('SIGKILL'), afterMs);
      });
    });
    const [delivery, number = ''] = said.at(-1)?.split(' ') ?? [];
    const { journal, trust, close } = openHubStore(path, hubId);
    const clock = new WoundClock(1_790_000_000_000);
    let type: (keys: string) => void = () => undefined;
    const keypad: Keypad = {
      onKeys: (listener) => {
        type = listener;
        return () => undefined;
      },
    };
    const note = (kind: Parameters<typeof journal.append>[0][0]['kind'], body: object, door: string): void =>
      void journal.append([{ at: 1, kind, body: body as never, door }]);
    const desk = stopListening({ doors: new Map([[door, { installed: { keypad } }]]), clock, store: trust, note });
    type(number);
    const [heard] = journal.recent({ door, kinds: ['stop.heard'] }, 1);
    t.match(heard?.body, { delivery, attempt: 1 }, `life ${life}`);
    await desk.close();
    close();
  }
});

t.test('a disk that takes nothing keeps no one from being heard', async (t) => {
  const { store, clock } = { store: openHubStore('/nowhere/at/all', newHubId()), clock: new WoundClock(1) };
  const presses = new Presses();
  const bell = { start: () => undefined, close: async () => undefined, onPress: presses.onPress.bind(presses) };
  const noted: string[] = [];
  const doors = new Map([[door, { installed: { bell } }]]);
  const desk = stopListening({ doors, clock, store: store.trust, note: (kind) => void noted.push(kind) });
  t.match(await desk.expect({ delivery: newId(), attempt: 1, door, until: minute }), { ok: true });
  presses.pressed(clock.monotonic());
  t.same(noted, ['stop.felt']);
  await desk.close();
});

t.test('a door without keypad or bell, an unknown door and a late request are refused', async (t) => {
  const { expect, clock, ears } = bench(t);
  t.match(await expect({ door: bare }), { ok: false, code: 'LOCK_CAPABILITY_MISSING' });
  t.match(await belled(t).expect({ number: '0907' }), {
    code: 'LOCK_CAPABILITY_MISSING',
    detail: { capability: 'keypad' },
  });
  t.match(await expect({ door: newDoorId() }), { ok: false, code: 'DOOR_UNKNOWN' });
  t.match(await expect({ until: clock.now() }), { ok: false, code: 'MESSAGE_EXPIRED' });
  t.equal(ears(), 0);
});

t.test('R1: at a simulated reader the number is heard, and nothing moves', async (t) => {
  const rig = await woundRig({ simulated: { doors: [{ ...simulatedDoor, reader: 0 }] } });
  const keypad = osdpKeypad({ peripheral: rig.peripheral, clock: rig.clock, reader: 0, onFlood: () => undefined });
  const { expect, noted } = deskOver(t, { keypad }, rig.clock);
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
