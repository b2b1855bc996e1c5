import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t, { type Test } from 'tap';
import { type LockLog, lockLog } from '../../../device/desk/lock-log.ts';
import { makeRecorder } from '../../../device/journal/record.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import type { LogWhat } from '../../../device/lock/nuki/log-entry.ts';
import { Fault } from '../../../wire/faults.ts';
import { newDoorId, newHubId } from '../../support/keys.ts';
import { typescript } from '../../support/node.ts';
import { newOpener } from '../../support/opener.ts';
import { freshStore } from '../../support/store.ts';
import { byHand, logLine, noon } from './log-lines.ts';
import { newPhone, readNotes } from './orders-bench.ts';

const ownId = 99;
const noonMs = Date.UTC(2026, 8, 21, 12);

async function makeLog(t: Test, phones = 1) {
  const store = freshStore(t, newHubId());
  const seal = await newOpener();
  const others = await Promise.all(Array.from({ length: phones - 1 }, newPhone));
  const keys = [seal.jwk, ...others.map((phone) => phone.seal)];
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => keys });
  const disk = { isGood: true };
  const door = newDoorId();
  const open = (): LockLog =>
    lockLog({
      door,
      record: async (...drafts) => {
        if (!disk.isGood) throw new Fault('JOURNAL_UNAVAILABLE');
        return recorder.record(...drafts);
      },
      store: store.trust,
      clock: { now: () => noonMs + 5_000 },
      ownId: () => ownId,
    });
  const notes = () => readNotes(store, seal);
  const indexes = async () => (await notes()).map(({ body }) => ('index' in body ? body.index : undefined));
  return { store, door, disk, open, log: open(), notes, indexes };
}

t.test('each line is journaled once, in its order, whatever comes twice or late', async (t) => {
  const { log, open, indexes } = await makeLog(t);
  t.equal(log.lastIndex(), undefined);
  await log.take([]);
  t.equal(log.lastIndex(), undefined);
  await log.take([logLine(3), logLine(2), logLine(3)]);
  t.equal(log.lastIndex(), 3);
  await Promise.all([log.take([logLine(4), logLine(2)]), log.take([logLine(4), logLine(5)])]);
  const again = open();
  t.equal(again.lastIndex(), 5, 'and after a restart as before');
  await again.take([1, 2, 3, 4, 5, 6].map((index) => logLine(index)));
  t.same(await indexes(), [2, 3, 4, 5, 6]);
});

t.test('a log that begins at 0 and one that begins anew are taken too', async (t) => {
  const { log, indexes } = await makeLog(t);
  await log.take([logLine(0)]);
  t.equal(log.lastIndex(), 0);
  await log.take([logLine(0), logLine(40)]);
  log.restart();
  t.equal(log.lastIndex(), undefined);
  await log.take([logLine(1)]);
  t.same(await indexes(), [0, 40, 1]);
});

t.test('a log that was cleared is told, in the same commit as where it begins again', async (t) => {
  const { log, open, disk, indexes, notes } = await makeLog(t);
  await log.begin(7);
  t.equal(open().lastIndex(), 7, 'what was there before is not taken');
  await log.take([logLine(7), logLine(8)]);
  disk.isGood = false;
  await t.rejects(log.cleared(), { code: 'JOURNAL_UNAVAILABLE' });
  t.equal(log.lastIndex(), 8);
  disk.isGood = true;
  await Promise.all([log.cleared(), log.take([logLine(1), logLine(2)])]);
  t.equal(open().lastIndex(), 2);
  t.same(await indexes(), [8, undefined, 1, 2]);
  t.match((await notes())[1], { kind: 'lock.logged', body: { what: 'log-cleared' } });
});

t.test('S048: who did what, how and when is the household’s own', async (t) => {
  const { log, notes, store, door } = await makeLog(t);
  const failed = { is: 'action', action: 2, trigger: 'auto-lock', completion: 'motor-blocked' } as const;
  const whats: readonly LogWhat[] = [
    byHand,
    { is: 'action', action: 3, trigger: 'system', completion: 'success' },
    failed,
    { is: 'action', action: 0x82, trigger: 'system', completion: 'success' },
    { is: 'action', action: 77, trigger: 'unknown', completion: 'unknown' },
    { is: 'keypad', action: 1, by: 'code', completion: 'success', codeId: 4 },
    { is: 'keypad', action: 1, by: 'code', completion: 'invalid-code', codeId: 0 },
    { is: 'door', door: 'opened' },
    { is: 'logging', on: false },
    { is: 'calibration', action: 0, trigger: 'button', completion: 'success' },
    { is: 'other', type: 200 },
  ];
  await log.take(whats.map((what, at) => logLine(at + 1, { what })));
  await log.cleared();
  t.match(
    (await notes()).map(({ body }) => body),
    [
      { index: 1, lockAt: noonMs, who: 'Ann', what: 'unlocked', how: 'by-hand', completion: 'success' },
      { what: 'unlatched', how: 'app' },
      { what: 'lock', how: 'auto-lock', completion: 'motor-blocked' },
      { what: 'fob-2', how: 'fob' },
      { what: 'action-77', how: 'unknown', completion: 'unknown' },
      { what: 'unlocked', how: 'keypad', by: 'code', code: 4 },
      { what: 'unlock', how: 'keypad', completion: 'invalid-code' },
      { what: 'door-opened', how: 'sensor' },
      { what: 'logging-off' },
      { what: 'calibration', how: 'button' },
      { what: 'other', type: 200 },
      { what: 'log-cleared' },
    ],
  );
  for (const one of await notes()) t.match(one, { kind: 'lock.logged', door });
  const texts = store.journal.read(1, 100);
  for (const text of texts) t.notMatch(text, /logged|Ann|door-|keypad/);
  t.equal(new Set(texts.map((text) => JSON.parse(text).body.sealed.length)).size, 1, 'and no length tells them apart');
});

t.test('T14, T45: what was done with the key of the hub is there, and marked', async (t) => {
  const { log, notes } = await makeLog(t);
  await log.take([logLine(1, { authorizationId: ownId, name: 'Doorward' }), logLine(2)]);
  t.same(
    (await notes()).map(({ body }) => 'own' in body),
    [true, false],
  );
});

t.test('T13: hostile names, times and numbers harm nothing, and every entry has one length', async (t) => {
  const { log, notes, store } = await makeLog(t, 4);
  const names = [
    '',
    'x'.repeat(32),
    '\u0000\u001b[2J\r\n\u009b\u202e\u2028',
    '\ufffd'.repeat(32),
    '"\\'.repeat(16),
    '\ud800\udc00\ud800',
    '👪'.repeat(8),
    'x'.repeat(100_000),
    '</script>{"sealed":1}',
  ];
  const worst = { is: 'keypad', action: 255, by: 'fingerprint', completion: 'rejected-night-mode', codeId: 65_535 };
  const big = 4_294_967_000;
  const lines = names.map((name, at) =>
    logLine(big + at, {
      name,
      authorizationId: ownId,
      what: at % 2 === 0 ? byHand : (worst as LogWhat),
      time: at % 2 === 0 ? { year: 0, month: 0, day: 99, hour: 255, minute: 255, second: 255 } : noon,
    }),
  );
  await log.take(lines);
  const found = await notes();
  t.equal(found.length, names.length);
  for (const { body } of found) {
    const { who } = body as { who: string };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is about
    t.notMatch(who, /[\u0000-\u001f\u007f-\u009f\u202e\u2028]/);
    t.ok(who.length <= 64 && !/\p{Cs}/u.test(who));
  }
  t.match(found[0]?.body, { lockAt: null, who: '' });
  t.match(found[8]?.body, { who: '</script>{"sealed":1}' });
  const texts = store.journal.read(1, 100);
  t.equal(new Set(texts.map((text) => JSON.parse(text).body.sealed.length)).size, 1);
  t.equal(log.lastIndex(), big + names.length - 1);
});

t.test('a disk that fails loses no line and repeats none', async (t) => {
  const { log, disk, indexes } = await makeLog(t);
  await log.take([logLine(1)]);
  disk.isGood = false;
  await t.rejects(log.take([logLine(2), logLine(3)]), { code: 'JOURNAL_UNAVAILABLE' });
  disk.isGood = true;
  t.equal(log.lastIndex(), 1);
  await log.take([logLine(2), logLine(3)]);
  t.same(await indexes(), [1, 2, 3]);
});

t.test('two doors count for themselves', async (t) => {
  const { log, store } = await makeLog(t);
  await log.take([logLine(7)]);
  const { record } = makeRecorder({ journal: store.journal, ownerSealKeys: () => [] });
  const parts = { record, store: store.trust, clock: { now: () => noonMs }, ownId: () => undefined };
  t.equal(lockLog({ ...parts, door: newDoorId() }).lastIndex(), undefined);
});

t.test('R9: killed at any moment, the journal has every line up to the last once, and goes on behind it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-log-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'journal.db');
  const [hubId, door, seal] = [newHubId(), newDoorId(), await newOpener()];
  let before = 0;
  // Each life is longer than the one before, so that death comes at other moments of a commit.
  for (const [life, afterMs] of [0, 1, 4].entries()) {
    const args = [typescript, join(import.meta.dirname, 'lock-log-child.ts'), path, hubId, door];
    const child = spawn(process.execPath, [...args, JSON.stringify(seal.jwk)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = 0;
    await new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
      createInterface({ input: child.stdout }).on('line', (line) => {
        said = Number(line);
        if (said >= before + 20) setTimeout(() => child.kill('SIGKILL'), afterMs);
      });
    });
    t.ok(said >= before + 20, `life ${life} took some`);
    const store = openHubStore(path, hubId);
    const bodies = (await readNotes(store, seal)).map(({ body }) => body as { index: number });
    const { record } = makeRecorder({ journal: store.journal, ownerSealKeys: () => [seal.jwk] });
    const log = lockLog({ door, record, store: store.trust, clock: { now: () => noonMs }, ownId: () => undefined });
    const last = log.lastIndex() ?? 0;
    store.close();
    t.same(
      bodies.map(({ index }) => index),
      Array.from({ length: last }, (_, at) => at + 1),
      'none twice, none missing',
    );
    t.ok(last >= said, 'what was said to be there is there');
    before = last;
  }
});
