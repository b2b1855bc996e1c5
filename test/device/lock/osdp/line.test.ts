import t from 'tap';
import type { Link } from '../../../../device/link/link.ts';
import type { OsdpEvent } from '../../../../device/lock/osdp/event.ts';
import { KeyRing } from '../../../../device/lock/osdp/keys.ts';
import { Line } from '../../../../device/lock/osdp/line.ts';
import { CommandQueue } from '../../../../device/lock/osdp/queue.ts';
import { Session } from '../../../../device/lock/osdp/session.ts';
import { defaultTiming } from '../../../../device/lock/osdp/timing.ts';
import { SimClock } from '../../../../hardware-sim/clock.ts';
import { golden, hex, toHex } from './vectors.ts';

const probe = '53000900046100c066';
const answer = '53800800044059ac';
/** The end of the probe, 9 bytes at 9600 baud, and 200 ms. */
const beginBeforeMs = 9.375 + 200;

/** One exchange with a session at its probe, over a link whose far end is this test. */
function rig() {
  const clock = new SimClock();
  const events: OsdpEvent[] = [];
  const written: string[] = [];
  let hear: (chunk: Uint8Array) => void = () => undefined;
  let hangUp: () => void = () => undefined;
  const link: Link = {
    write: async (bytes) => void written.push(toHex(bytes)),
    onData: (listener) => {
      hear = listener;
    },
    onClose: (listener) => {
      hangUp = listener;
    },
    close: async () => hangUp(),
  };
  const timing = defaultTiming;
  const onEvent = (event: OsdpEvent): number => events.push(event);
  const session = new Session({
    address: 0,
    keys: new KeyRing({ current: hex(golden.key) }, () => undefined),
    queue: new CommandQueue(),
    timing,
    randomBytes: () => hex(golden.rndA),
    onEvent,
    onNews: () => undefined,
  });
  session.begin(0);
  const line = new Line({ link, clock, baudRate: 9600, timing, onEvent });
  let isOver = false;
  void line.exchange(0, session).then(() => {
    isOver = true;
  });
  const wind = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  /** The next frame tells what became of the probe: CHLNG when it was answered, the probe again when it was not. */
  const answered = (): boolean => toHex(session.transmit(clock.monotonic())) !== probe;
  return {
    line,
    events,
    written,
    wind,
    answered,
    says: async (text: string) => {
      hear(hex(text));
      await wind(0);
    },
    hangUp: async () => {
      hangUp();
      await wind(0);
    },
    isOver: () => isOver,
  };
}

t.test('a reply that has begun within 200 ms of the end of the command may end later', async (t) => {
  const { wind, says, isOver, answered, written } = rig();
  t.same(written, [probe]);
  await wind(beginBeforeMs - 1);
  await says(answer.slice(0, 6));
  await wind(100);
  t.notOk(isOver());
  await says(answer.slice(6, 10));
  await wind(100);
  await says(answer.slice(10));
  t.ok(isOver());
  t.ok(answered());
});

t.test('T17: a reply that begins later does not count', async (t) => {
  const { wind, says, isOver, answered, events } = rig();
  await wind(beginBeforeMs + 1);
  t.ok(isOver());
  await says(answer);
  t.same(events, [{ on: 'frame.dropped', address: 0, code: 'OSDP_FRAME_BAD', reason: 'unasked' }]);
  t.notOk(answered());
});

t.test('our own command, heard back from a two-wire adapter, is no reply', async (t) => {
  const { says, isOver, answered, events } = rig();
  await says(probe);
  t.notOk(isOver());
  await says(answer);
  t.ok(isOver());
  t.ok(answered());
  t.same(events, []);
});

t.test('a reply of another address is dropped, and the right one still awaited', async (t) => {
  const { says, isOver, events } = rig();
  await says('5381090006 41 06 00ff');
  t.notOk(isOver());
  t.same(events, [{ on: 'frame.dropped', address: 1, code: 'OSDP_FRAME_BAD', reason: 'unasked' }]);
  await says(answer);
  t.ok(isOver());
});

t.test('a reply behind a false start is found when the line has fallen silent', async (t) => {
  const { wind, says, isOver, answered } = rig();
  await says(`5380a005${answer}`);
  t.notOk(isOver());
  await wind(beginBeforeMs + defaultTiming.gapMs);
  t.ok(isOver());
  t.ok(answered());
});

t.test('a line that babbles does not hold up the others for longer than the longest frame', async (t) => {
  const { wind, says, isOver, answered } = rig();
  let waitedMs = 0;
  for (; !isOver() && waitedMs < 10_000; waitedMs += 20) {
    await says('5380a005');
    await wind(20);
  }
  t.ok(waitedMs <= beginBeforeMs + 1500 + 40, `${waitedMs} ms`);
  t.notOk(answered());
});

t.test('a line that closes ends the exchange', async (t) => {
  const { hangUp, isOver, line } = rig();
  await hangUp();
  t.ok(isOver());
  t.notOk(line.isOpen);
});
