import { randomBytes } from 'node:crypto';
import t from 'tap';
import { systemClock } from '../../../../device/clock/clock.ts';
import { gatt } from '../../../../device/lock/nuki/advert.ts';
import { Guarded } from '../../../../device/lock/nuki/guarded.ts';
import { Pin } from '../../../../device/lock/nuki/pin.ts';
import { seal, unseal } from '../../../../device/lock/nuki/secure.ts';
import { NukiSession } from '../../../../device/lock/nuki/session.ts';
import { defaultTiming } from '../../../../device/lock/nuki/timing.ts';
import { codeOf } from './rig.ts';
import { ScriptedLink } from './scripted-link.ts';
import { hex, toHex } from './vectors.ts';

const nonce = '5A'.repeat(32);

/** A lock that answers each guarded command by a script: messages as `command payload`; `null` answers nothing. */
function makeLock(variant: 'older' | 'newer', script: (readonly string[] | null)[]) {
  const link = new ScriptedLink();
  const key = new Uint8Array(32).fill(7);
  const credentials = {
    ...{ variant, key, authorizationId: 2, appId: 9, uuid: new Uint8Array(16), as: 'app' as const },
    pin: variant === 'newer' ? 123_456 : 1234,
  };
  const said: string[] = [];
  const say = (message: string): void => {
    if (message === 'in clear') {
      link.indicate(gatt.clear, hex('120020000013D7'));
      return;
    }
    const bytes = { command: Number.parseInt(message.slice(0, 2), 16), payload: hex(message.slice(3)) };
    link.indicate(gatt.sealed, seal(bytes, credentials, new Uint8Array(randomBytes(24))));
  };
  link.answer = (bytes) => {
    const read = unseal(bytes, credentials);
    if (!read.ok) return;
    const { command, payload } = read.value;
    if (command === 1) {
      say(`04 ${nonce}`);
      return;
    }
    said.push(`${command.toString(16)} ${toHex(payload)}`);
    for (const message of script.shift() ?? []) say(message);
  };
  const timing = { ...defaultTiming, replyMs: 100, pageMs: 250, busyMs: 10 };
  const clock = systemClock;
  const deaf = (): void => undefined;
  const draw = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
  const session = new NukiSession({
    ...{ link, credentials, clock, randomBytes: draw, timing, onStates: deaf, onDropped: deaf },
  });
  const pin = new Pin(credentials, deaf);
  return { said, link, pin, guarded: new Guarded({ session, clock, timing, pin, awake: (run) => run() }) };
}

const verify = { command: 0x20, body: hex('0102'), needs: 'pin' } as const;
const done = ['0e 00'];

t.test('challenge and PIN follow the body: two bytes for older locks, four for newer ones', async (t) => {
  for (const [variant, pin] of [
    ['older', 'D204'],
    ['newer', '40E20100'],
  ] as const) {
    const { guarded, said } = makeLock(variant, [done]);
    await guarded.do(verify);
    t.same(said, [`20 0102${nonce}${pin}`]);
  }
  const open = makeLock('older', [['15 AABB']]);
  t.equal(toHex(await open.guarded.ask({ ...verify, needs: 'challenge' }, 0x15)), 'AABB');
  t.same(open.said, [`20 0102${nonce}`]);
});

t.test('a bad checksum, a bad challenge and a busy lock are tried again; nothing else is', async (t) => {
  for (const error of ['FD', '22', '45']) {
    const { guarded, said } = makeLock('older', [[`12 ${error}2000`], done]);
    await guarded.do(verify);
    t.equal(said.length, 2, error);
    const stubborn = makeLock(
      'older',
      Array.from({ length: 9 }, () => [`12 ${error}2000`]),
    );
    t.equal(await codeOf(stubborn.guarded.do(verify)), 'LOCK_REFUSED');
    t.equal(stubborn.said.length, 3, error);
  }
  const final = {
    ...{ FE: 'LOCK_REFUSED', FF: 'LOCK_REFUSED', '23': 'LOCK_REFUSED', '13': 'NUKI_FULL', '29': 'NUKI_FULL' },
    ...{ '2A': 'LOCK_CODE_TAKEN', '2B': 'LOCK_CODE_UNFIT', '2C': 'LOCK_REFUSED', '2D': 'LOCK_REFUSED' },
    ...{ '20': 'LOCK_UNAVAILABLE', '24': 'LOCK_UNAVAILABLE', '25': 'LOCK_UNAVAILABLE', '26': 'LOCK_REFUSED' },
  };
  for (const [error, code] of Object.entries(final)) {
    const { guarded, said, pin } = makeLock('older', [[`12 ${error}2000`], done]);
    t.equal(await codeOf(guarded.do(verify)), code, error);
    t.equal(said.length, 1, error);
    t.ok(pin.isFit, 'it says nothing of the PIN');
  }
});

t.test('a PIN that is refused is said once, whoever wants it', async (t) => {
  for (const [error, code] of [
    ['21', 'NUKI_PIN_WRONG'],
    ['28', 'NUKI_PIN_LOCKED'],
  ] as const) {
    const { guarded, said, pin, link } = makeLock('older', [[`12 ${error}2000`], done]);
    // The second waits already when the first is refused.
    const both = await Promise.all([codeOf(guarded.do(verify)), codeOf(guarded.do(verify))]);
    t.same(both, [code, code]);
    t.equal(said.length, 1);
    t.notOk(pin.isFit);
    const { connects } = link;
    t.equal(await codeOf(guarded.ask(verify, 0x42)), code);
    t.equal(link.connects, connects);
  }
});

t.test('no answer, or a no that anybody could say, is no reason to say it again', async (t) => {
  for (const answer of [null, ['in clear'], ['0e 01']]) {
    const { guarded, said } = makeLock('older', [answer, done]);
    t.equal(await codeOf(guarded.do(verify)), 'LOCK_SILENT');
    t.equal(said.length, 1);
  }
});

t.test('a connection that fails before the command is made again', async (t) => {
  const { guarded, said, link } = makeLock('older', [done]);
  const answer = link.answer;
  let cut = 2;
  link.answer = (bytes, uuid) => {
    cut -= 1;
    if (cut >= 0) link.drop();
    else answer(bytes, uuid);
  };
  await guarded.do(verify);
  t.equal(said.length, 1);
  t.equal(link.connects, 3);
});

t.test('a page is its entries in order, until the lock says that it is done; others are passed over', async (t) => {
  const names = { count: 0x44, entry: 0x45 };
  const states = '0c 020100E0070307080F1E3C0000200A';
  const { guarded } = makeLock('older', [['44 0200', '45 01', states, '77 AABB', '45 02', '0e 01', '0e 00']]);
  const page = await guarded.page(verify, names);
  t.equal(page.count && toHex(page.count), '0200');
  t.same(page.entries.map(toHex), ['01', '02']);
  const none = makeLock('older', [done]);
  t.same(await none.guarded.page(verify, names), { entries: [] });
  const endless = makeLock('older', [['44 0200', '45 01']]);
  t.equal(await codeOf(endless.guarded.page(verify, names)), 'LOCK_SILENT');
  const halfway = makeLock('older', [['44 0200', '45 01', '12 FE4300']]);
  t.equal(await codeOf(halfway.guarded.page(verify, names)), 'LOCK_REFUSED');
});
