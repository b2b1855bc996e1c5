import t from 'tap';
import type { Command, Reply } from '../../../../device/lock/osdp/codec.ts';
import type { OsdpEvent } from '../../../../device/lock/osdp/event.ts';
import { decodeFrame } from '../../../../device/lock/osdp/frame.ts';
import { KeyRing, type StoredKeys } from '../../../../device/lock/osdp/keys.ts';
import type { News } from '../../../../device/lock/osdp/presence.ts';
import { CommandQueue } from '../../../../device/lock/osdp/queue.ts';
import { Session } from '../../../../device/lock/osdp/session.ts';
import { defaultTiming } from '../../../../device/lock/osdp/timing.ts';
import type { Verdict } from '../../../../wire/faults.ts';
import { golden, goldenBytes, hex, toHex } from './vectors.ts';

// The golden handshake, asked for with a paired key: key type 01 in place of 00, with the check that belongs to it.
const paired = {
  probe: '5300090004 61 00 c066',
  someAnswer: '5380080004 40 59ac',
  challenge: '530013000c 031101 76 b0b1b2b3b4b5b6b7 175d',
  cryptogram: '53802b000c 031201 76 0a0b0c0102030405 a0a1a2a3a4a5a6a7 fde5d2f428ec16312471ea3c02bd7796 b600',
  scrypt: '53001b000d 031301 77 26d3356e07762d262801fc8e6665a891 4a2a',
  initialMac: '53801b000d 031401 78 b2a30057eb98ba2229ec1f875662b524 5585',
};
const wrongCryptogram = '53802b000c 031201 76 0a0b0c0102030405 a0a1a2a3a4a5a6a7 00000000000000000000000000000000 776b';
const clear = {
  nak5: '5380090004 41 05 a3e4',
  nak6s3: '5380090007 41 06 908d',
  nak1s3: '5380090007 41 01 77fd',
  ackS3: '5380080007 40 0af9',
  busy: '5380080004 79 230b',
};
const out: Command = { is: 'output', output: 0, code: 5, timer: 50 };

/** A session with the golden key and the golden random number, and a far end that says literal bytes. */
function rig(stored: StoredKeys = { current: hex(golden.key) }, randoms: readonly string[] = []) {
  const events: OsdpEvent[] = [];
  const news: News[] = [];
  const proven: string[] = [];
  let drawn = 0;
  const queue = new CommandQueue();
  const keys = new KeyRing(stored, ({ which }) => proven.push(which));
  const session = new Session({
    address: 0,
    keys,
    queue,
    timing: defaultTiming,
    randomBytes: () => hex(randoms[drawn++] ?? golden.rndA),
    onEvent: (event) => events.push(event),
    onNews: (one) => news.push(one),
  });
  session.begin(0);
  const hears = (text: string | Uint8Array, nowMs = 0): boolean => {
    const frame = decodeFrame(typeof text === 'string' ? hex(text) : text);
    if (!frame.ok) throw t.bailout('the far end said no frame');
    return session.heard(frame.value, nowMs);
  };
  const sends = (nowMs = 0): string => toHex(session.transmit(nowMs));
  const queued = (command: Command, notAfterMs = 2000): Verdict<Reply>[] => {
    const outcomes: Verdict<Reply>[] = [];
    queue.add({ command, notAfterMs, done: (outcome) => outcomes.push(outcome) });
    return outcomes;
  };
  /** Up to the first answer in the session: the next command has sequence 3. */
  const opened = (): void => {
    sends();
    hears(paired.someAnswer);
    sends();
    hears(paired.cryptogram);
    sends();
    hears(paired.initialMac);
    sends();
    hears(goldenBytes('ACK to POLL'));
  };
  const saw = (on: OsdpEvent['on']): OsdpEvent[] => events.filter((event) => event.on === on);
  return { session, events, news, proven, queue, keys, hears, sends, queued, opened, saw };
}

const bytesOf = (text: string): string => toHex(hex(text));

t.test('the golden session, both directions, byte for byte', async (t) => {
  const { sends, hears, queued, news, saw, session } = rig();
  t.equal(sends(), bytesOf(paired.probe));
  t.ok(hears(paired.someAnswer));
  t.equal(sends(), bytesOf(paired.challenge));
  t.ok(hears(paired.cryptogram));
  t.equal(sends(), bytesOf(paired.scrypt));
  t.ok(hears(paired.initialMac));
  t.equal(session.status.state, 'connecting', 'not online before a reply under the session keys');

  const opening = queued(out);
  t.equal(sends(), toHex(goldenBytes('POLL')), 'the first frame proves the session, before a queued output');
  t.ok(hears(goldenBytes('ACK to POLL')));
  t.equal(session.status.state, 'online');
  t.same(saw('online'), [{ on: 'online', address: 0 }]);

  t.equal(sends(), toHex(goldenBytes('OUT output 0 code 5 for 50')), 'the output is the very next frame');
  t.ok(hears(goldenBytes('ACK to OUT')));
  t.same(opening, [{ ok: true, value: { is: 'ack' } }]);

  t.equal(sends(), toHex(goldenBytes('ISTAT')), 'the inputs are the first question');
  const setting = queued({ is: 'keyset', key: hex('000102030405060708090a0b0c0d0e0f') });
  t.ok(hears(goldenBytes('ISTATR 1 0')));
  t.match(news.at(-1), { is: 'reply', reply: { is: 'inputs', levels: ['active', 'inactive'] } });

  t.equal(sends(), toHex(goldenBytes('KEYSET')));
  t.ok(hears(goldenBytes('ACK to KEYSET')));
  t.same(setting, [{ ok: true, value: { is: 'ack' } }]);
  t.same(saw('session.lost'), [{ on: 'session.lost', address: 0, reason: 'rekeyed' }]);
  t.equal(sends(), bytesOf(paired.probe), 'and a new handshake begins');
});

t.test('the same bytes go again when no reply came, and the reply to any of them is taken', async (t) => {
  const { sends, hears, queued, opened, session } = rig();
  opened();
  const opening = queued(out);
  const first = sends();
  for (let i = 0; i < defaultTiming.resends; i += 1) {
    session.silent(300);
    t.equal(sends(300), first);
  }
  t.ok(hears(goldenBytes('ACK to OUT'), 400));
  t.match(opening, [{ ok: true }]);
});

t.test('an output without a reply after all resends is LOCK_SILENT, and is never sent again', async (t) => {
  const { sends, queued, opened, session, saw } = rig();
  opened();
  const opening = queued(out);
  for (let i = 0; i <= defaultTiming.resends; i += 1) {
    sends(100);
    t.same(opening, []);
    session.silent(100);
  }
  t.match(opening, [{ ok: false, code: 'LOCK_SILENT' }]);
  t.same(saw('session.lost'), [{ on: 'session.lost', address: 0, reason: 'silent' }]);
  t.equal(sends(100), bytesOf(paired.probe), 'it begins anew, without the output');
});

t.test('an output whose time is over is not sent, and one that was sent is not sent again', async (t) => {
  const { queued, opened, session } = rig();
  opened();
  const late = queued(out, 500);
  t.equal(toHex(session.transmit(501)).slice(12, 16), '1565', 'the next question goes instead');
  t.match(late, [{ ok: false, code: 'LOCK_COMMAND_EXPIRED' }]);

  const other = rig();
  other.opened();
  const opening = other.queued(out, 500);
  other.sends(400);
  other.session.silent(600);
  t.equal(other.sends(600), bytesOf(paired.probe), 'not resent after its expiry');
  t.match(opening, [{ ok: false, code: 'LOCK_SILENT' }]);
});

t.test('T21: a plaintext reply in a session is dropped, whatever it says', async (t) => {
  const { sends, hears, queued, opened, saw } = rig();
  opened();
  const opening = queued(out);
  sends();
  t.notOk(hears(clear.ackS3), 'the exchange goes on');
  t.same(opening, []);
  t.same(saw('frame.dropped'), [{ on: 'frame.dropped', address: 0, code: 'OSDP_NOT_SECURE', reason: 'plaintext' }]);
  t.ok(hears(goldenBytes('ACK to OUT')), 'the true reply is still taken');
  t.match(opening, [{ ok: true }]);
});

t.test('T21: handshake frames are refused inside a session, and session frames before one', async (t) => {
  const { sends, hears, opened, saw } = rig();
  opened();
  sends();
  t.notOk(hears(paired.cryptogram), 'wrong sequence');
  t.notOk(hears(goldenBytes('ACK to POLL')), 'a frame of before');
  t.same(
    saw('frame.dropped').map((event) => event.on === 'frame.dropped' && event.reason),
    ['sequence', 'sequence'],
  );

  const fresh = rig();
  fresh.sends();
  fresh.hears(paired.someAnswer);
  fresh.sends();
  t.notOk(fresh.hears('538008000440 59ac'), 'an ACK in clear answers no challenge');
  t.equal(fresh.session.status.state, 'connecting');
});

t.test('NAK 6 in clear ends the session: what was under way is not known to have run', async (t) => {
  const { sends, hears, queued, opened, saw, session } = rig();
  opened();
  const opening = queued(out);
  sends();
  t.ok(hears(clear.nak6s3));
  t.match(opening, [{ ok: false, code: 'LOCK_SILENT' }]);
  t.match(saw('session.lost'), [{ reason: 'ended' }]);
  t.equal(session.status.state, 'online', 'until eight seconds have passed');
  t.equal(sends(), bytesOf(paired.probe));
});

t.test('NAK 1 in clear and BUSY bring the same bytes again', async (t) => {
  const { sends, hears, opened, session } = rig();
  opened();
  const first = sends();
  t.ok(hears(clear.nak1s3, 10));
  t.equal(sends(10), first);
  t.ok(hears(clear.busy, 20));
  t.equal(session.wants().atMs, 20 + defaultTiming.pollPeriodMs, 'after a rest');
  t.equal(sends(120), first);
});

t.test('a wrong key never falls back to the default key', async (t) => {
  const { sends, hears, saw, session, keys } = rig({ current: hex('ff'.repeat(16)) });
  for (let i = 0; i < 5; i += 1) {
    t.equal(sends(), bytesOf(paired.probe));
    hears(paired.someAnswer);
    t.equal(sends(), bytesOf(paired.challenge), 'always with key type 01');
    t.ok(hears(i % 2 === 0 ? wrongCryptogram : clear.nak5));
    t.equal(session.status.fault, 'OSDP_KEY_WRONG');
    t.equal(session.wants().atMs, defaultTiming.refusedRetryMs, 'and not at once');
  }
  t.equal(saw('key.wrong').length, 5);
  t.same(saw('offline'), [{ on: 'offline', address: 0, code: 'OSDP_KEY_WRONG' }]);

  keys.setWindow({ defaultKey: false });
  sends();
  hears(paired.someAnswer);
  t.equal(sends(), bytesOf(paired.challenge), 'nor in a window that was not opened for it');
  hears(wrongCryptogram);
  keys.setWindow({ defaultKey: true });
  const sent: string[] = [];
  for (let i = 0; i < 2; i += 1) {
    sends();
    hears(paired.someAnswer);
    sent.push(sends());
    hears(clear.nak5);
  }
  t.same(sent, [bytesOf(paired.challenge), toHex(goldenBytes('CHLNG'))], 'only in one that was, and last');
});

t.test('a session under the default key moves no output, tells of no door, and ends with the window', async (t) => {
  const { sends, hears, queued, keys, session, news } = rig({});
  keys.setWindow({ defaultKey: true });
  sends();
  hears(paired.someAnswer);
  t.equal(sends(), toHex(goldenBytes('CHLNG')));
  hears(goldenBytes('CCRYPT'));
  t.equal(sends(), toHex(goldenBytes('SCRYPT')));
  hears(goldenBytes('RMAC_I'));
  t.equal(sends(), toHex(goldenBytes('POLL')));
  hears(goldenBytes('ACK to POLL'));
  t.equal(session.status.state, 'pairing');

  const opening = queued(out);
  sends();
  t.match(opening, [{ ok: false, code: 'LOCK_UNAVAILABLE', detail: { why: 'OSDP_KEY_MISSING' } }]);
  t.notOk(news.some(({ is }) => is === 'reply'));
  keys.setWindow(undefined);
  t.equal(sends(), bytesOf(paired.probe));
});

t.test('without any key it stays at the probe, and says that a key is missing', async (t) => {
  const { sends, hears, session } = rig({});
  for (let i = 0; i < 3; i += 1) {
    t.equal(sends(), bytesOf(paired.probe));
    hears(paired.someAnswer);
  }
  t.match(session.status, { state: 'offline', fault: 'OSDP_KEY_MISSING' });
});

/** What the peripheral says with the golden key and RND.B to a challenge with C0..C7. */
const second = {
  rndA: 'c0c1c2c3c4c5c6c7',
  challenge: '530013000c 031101 76 c0c1c2c3c4c5c6c7 d3dd',
  cryptogram: '53802b000c 031201 76 0a0b0c0102030405 a0a1a2a3a4a5a6a7 0d191581688af75a78b7fa52f8dd2024 4a9e',
};

t.test('T16: a random number that the peripheral has used before is refused, and named', async (t) => {
  const { sends, hears, opened, saw, session } = rig(undefined, [golden.rndA, second.rndA]);
  opened();
  sends();
  hears(clear.nak6s3);
  t.equal(sends(), bytesOf(paired.probe));
  hears(paired.someAnswer);
  t.equal(sends(), bytesOf(second.challenge));
  t.ok(hears(second.cryptogram), 'the cryptogram is right; only the memory can tell');
  t.same(saw('nonce.repeated'), [{ on: 'nonce.repeated', address: 0 }]);
  t.match(session.status, { state: 'offline', fault: 'OSDP_NONCE_REPEATED' });
  t.equal(session.wants().atMs, defaultTiming.refusedRetryMs);
  t.equal(sends(), bytesOf(paired.probe), 'no SCRYPT goes out');
});

t.test('T17: each challenge goes once, and a cryptogram that was kept back opens nothing', async (t) => {
  const { sends, hears, saw, session } = rig(undefined, [golden.rndA, second.rndA]);
  sends();
  hears(paired.someAnswer);
  t.equal(sends(), bytesOf(paired.challenge));
  session.silent(220);
  t.equal(session.wants().atMs, 220 + defaultTiming.retryMs);
  t.equal(sends(1220), bytesOf(paired.probe));
  hears(paired.someAnswer, 1230);
  t.equal(sends(1230), bytesOf(second.challenge), 'with another random number');
  t.notOk(hears(paired.cryptogram, 1240), 'the answer to the first');
  t.same(saw('frame.dropped'), [{ on: 'frame.dropped', address: 0, code: 'OSDP_FRAME_BAD', reason: 'late' }]);
  t.same(saw('key.wrong'), [], 'and no sign of a wrong key');
  t.ok(hears(second.cryptogram, 1250), 'the answer to the second still counts');
});

t.test('eight seconds without an authentic reply are offline, whatever is said in clear meanwhile', async (t) => {
  const { sends, hears, opened, session, news, queued } = rig();
  opened();
  sends();
  hears(clear.nak6s3, 100);
  const waiting = queued(out, 60_000);
  for (let nowMs = 1000; nowMs < 8000; nowMs += 1000) {
    sends(nowMs);
    hears(paired.someAnswer, nowMs);
    sends(nowMs);
    session.silent(nowMs);
    t.equal(session.status.state, 'online');
  }
  sends(8000);
  t.match(session.status, { state: 'offline', fault: 'LOCK_UNAVAILABLE' });
  t.same(news.at(-1), { is: 'offline' });
  t.match(waiting, [{ ok: false, code: 'LOCK_UNAVAILABLE' }]);
});

t.test('a lost line ends what was under way and what waits, with their own codes', async (t) => {
  const { sends, opened, session, queued } = rig();
  opened();
  const sent = queued(out);
  sends();
  const waiting = queued(out);
  session.end('LINK_CLOSED', 50);
  t.match(sent, [{ ok: false, code: 'LOCK_SILENT' }]);
  t.match(waiting, [{ ok: false, code: 'LOCK_UNAVAILABLE', detail: { why: 'LINK_CLOSED' } }]);
  session.begin(100);
  t.equal(sends(100), bytesOf(paired.probe));
});
