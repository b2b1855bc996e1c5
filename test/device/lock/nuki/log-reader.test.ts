import t from 'tap';
import type { LogEntry } from '../../../../device/lock/nuki/log-entry.ts';
import type { NukiEvent } from '../../../../device/lock/nuki/options.ts';
import { until } from '../../../support/until.ts';
import { type NukiRig, nukiRig, quick, type RigOptions } from './rig.ts';

/** A journal of the log, kept over restarts. */
function makeTaker(start?: number) {
  const taken: LogEntry[] = [];
  const state = { last: start, failsNext: 0, portions: [] as number[], begun: [] as number[], cleared: 0 };
  return {
    ...{ taken, state },
    lastIndex: () => state.last,
    begin: async (index: number): Promise<void> => {
      state.begun.push(index);
      state.last = index;
    },
    cleared: async (): Promise<void> => {
      if (state.failsNext > 0) {
        state.failsNext -= 1;
        throw new Error('the disk is full');
      }
      state.cleared += 1;
      state.last = 0;
    },
    take: async (entries: readonly LogEntry[]): Promise<void> => {
      if (state.failsNext > 0) {
        state.failsNext -= 1;
        throw new Error('the disk is full');
      }
      taken.push(...entries);
      state.portions.push(entries.length);
      state.last = entries.at(-1)?.index;
    },
  };
}

type Tap = { teardown(end: () => Promise<void>): void };

async function started(t: Tap, options: RigOptions = {}): Promise<NukiRig> {
  const rig = nukiRig(options);
  t.teardown(() => rig.close());
  await rig.lock.start();
  await until('a report', () => rig.lock.last()?.bolt === 'locked');
  return rig;
}

const wrongCodes = (rig: NukiRig, count: number): void => {
  for (let at = 0; at < count; at += 1) rig.nuki.typeCode(999_999);
};
const indexes = (taken: readonly LogEntry[]): number[] => taken.map(({ index }) => index);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const switched = (events: readonly NukiEvent[]) => events.filter(({ on }) => on === 'log.switched');

for (const model of ['gen2', 'gen4', 'ultra'] as const) {
  t.test(`${model}: what happens at the lock is handed over in order, once, and nothing of before`, async (t) => {
    const log = makeTaker();
    const rig = nukiRig({ model, lock: { log } });
    t.teardown(() => rig.close());
    wrongCodes(rig, 3);
    await rig.lock.start();
    await until('the beginning', () => log.state.begun.length > 0);
    t.same(log.state.begun, [3]);
    await rig.lock.unlock({ expiresInMs: 10_000 });
    await rig.lock.lock();
    await until('both', () => log.taken.length >= 2);
    t.match(log.taken, [
      { index: 4, name: 'Hub', what: { is: 'action', action: 1, completion: 'success', trigger: 'system' } },
      { index: 5, name: 'Hub', what: { is: 'action', action: 2, completion: 'success' } },
    ]);
    t.equal(log.taken[0]?.authorizationId, rig.credentials.authorizationId);
    wrongCodes(rig, 1);
    await rig.lock.state();
    rig.nuki.turn('unlocked');
    await until('the hand at the key', () => log.taken.length >= 4);
    t.match(log.taken[2], { what: { is: 'keypad', by: 'code', completion: 'invalid-code' } });
    t.match(log.taken[3], { what: { is: 'action', action: 1, trigger: 'manual' } });
    t.same(indexes(log.taken), [4, 5, 6, 7]);
  });
}

t.test('after a restart it goes on where it was, in portions', async (t) => {
  const log = makeTaker(2);
  const rig = nukiRig({ lock: { log } });
  t.teardown(() => rig.close());
  wrongCodes(rig, 23);
  await rig.lock.start();
  await until('all', () => log.taken.length >= 21);
  t.same(indexes(log.taken), range(3, 23));
  t.same(log.state.portions, [5, 5, 5, 5, 1]);
  t.same(log.state.begun, []);
  await rig.lock.close();
  wrongCodes(rig, 2);
  const next = rig.again();
  t.teardown(() => next.lock.close());
  await next.lock.start();
  await until('the rest', () => log.taken.length >= 23);
  t.same(indexes(log.taken), range(3, 25));
});

t.test('a flag in the advert is enough', async (t) => {
  const log = makeTaker(0);
  const rig = await started(t, { lock: { log } });
  await until('letting go', () => rig.nuki.truth().connections === 0);
  wrongCodes(rig, 1);
  await until('it', () => log.taken.length === 1);
  t.same(indexes(log.taken), [1]);
});

t.test('what is not taken is handed over again later: nothing is lost, nothing comes twice', async (t) => {
  const log = makeTaker(0);
  log.state.failsNext = 2;
  const rig = nukiRig({ lock: { log } });
  t.teardown(() => rig.close());
  wrongCodes(rig, 10);
  await rig.lock.start();
  const late = (): NukiEvent[] => rig.events.filter(({ on }) => on === 'log.late');
  await until('the first refusal', () => late().length >= 1);
  t.same(log.taken, []);
  wrongCodes(rig, 1);
  await until('the second', () => late().length >= 2);
  await rig.lock.state();
  await until('all', () => log.taken.length >= 11);
  t.same(indexes(log.taken), range(1, 11));
  t.same(
    late().map((one) => one.on === 'log.late' && one.code),
    ['INTERNAL', 'INTERNAL'],
  );
});

t.test('a connection that is lost in the middle loses and repeats nothing', async (t) => {
  const log = makeTaker(0);
  const rig = nukiRig({ lock: { log } });
  t.teardown(() => rig.close());
  wrongCodes(rig, 20);
  // Subscribing is no write: states, configuration (2), newest (2), first page (2), challenge of the second.
  rig.fault({ fault: 'slow', ms: 10 });
  rig.fault({ fault: 'cut-after-n-writes', writes: 8 });
  await rig.lock.start();
  await until('the first portion', () => log.taken.length >= 5);
  wrongCodes(rig, 1);
  await until('all', async () => {
    await rig.lock.state();
    return log.taken.length >= 21;
  });
  t.same(indexes(log.taken), range(1, 21));
});

t.test('answers that are lost one by one lose no entry, repeat none, and clear nothing', async (t) => {
  const log = makeTaker(0);
  const rig = nukiRig({ lock: { log, timing: { ...quick, replyMs: 100, pageMs: 500 } } });
  t.teardown(() => rig.close());
  wrongCodes(rig, 40);
  await rig.lock.start();
  await until('a report', () => rig.lock.last()?.bolt === 'locked');
  rig.fault({ fault: 'corrupt', way: 'replies', chance: 0.1 });
  for (let at = 0; at < 15; at += 1) {
    wrongCodes(rig, 5);
    await rig.lock.state();
    await until('it looks', () => rig.nuki.truth().connections === 0 || log.taken.length > 0);
  }
  rig.fault({ fault: 'corrupt', active: false });
  await until('all', async () => {
    await rig.lock.state();
    return (log.taken.at(-1)?.index ?? 0) >= 115;
  });
  t.same(indexes(log.taken), range(1, 115));
  t.equal(log.state.cleared, 0);
  t.ok(
    rig.events.some(({ on }) => on === 'frame.dropped'),
    'some were lost',
  );
});

t.test('a log that was cleared is told once, and begins anew', async (t) => {
  const log = makeTaker(500);
  log.state.failsNext = 1;
  const rig = nukiRig({ lock: { log } });
  t.teardown(() => rig.close());
  wrongCodes(rig, 3);
  await rig.lock.start();
  await until('it is told, in vain', () => rig.events.some(({ on }) => on === 'log.late'));
  t.notOk(rig.events.some(({ on }) => on === 'log.cleared'));
  await until('what it has', async () => {
    await rig.lock.state();
    return log.taken.length >= 3;
  });
  t.same(indexes(log.taken), [1, 2, 3]);
  rig.fault({ fault: 'log-cleared' });
  wrongCodes(rig, 2);
  await until('what it has now', () => log.taken.length >= 5);
  t.same(indexes(log.taken), [1, 2, 3, 1, 2]);
  t.equal(log.state.cleared, 2);
  t.equal(rig.events.filter(({ on }) => on === 'log.cleared').length, 2);
});

t.test('a log that is switched off is told, and nothing comes twice when it is on again', async (t) => {
  const log = makeTaker(0);
  const rig = await started(t, { lock: { log } });
  wrongCodes(rig, 2);
  await until('both', () => log.taken.length >= 2);
  rig.client.connect();
  rig.client.withPin(0x34, Uint8Array.of(0), rig.pin);
  await until('it is told', () => switched(rig.events).length === 1);
  wrongCodes(rig, 4);
  rig.client.withPin(0x34, Uint8Array.of(1), rig.pin);
  await until('it is told', () => switched(rig.events).length === 2);
  wrongCodes(rig, 1);
  await until('the rest', () => log.taken.length >= 5);
  t.same(indexes(log.taken), [1, 2, 3, 4, 5]);
  t.match(switched(rig.events), [{ isLogging: false }, { isLogging: true }]);
  t.match(
    log.taken.map(({ what }) => what.is),
    ['keypad', 'keypad', 'logging', 'logging', 'keypad'],
  );
});

t.test('without a PIN nothing is read', async (t) => {
  const log = makeTaker(0);
  const rig = await started(t, { pin: null, lock: { log } });
  wrongCodes(rig, 2);
  await rig.lock.unlock({ expiresInMs: 10_000 });
  await rig.lock.lock();
  await until('letting go', () => rig.nuki.truth().connections === 0);
  t.same(log.taken, []);
  t.same(log.state.begun, []);
});
