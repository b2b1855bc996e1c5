import t from 'tap';
import { Bucket } from '../../broker/bucket.ts';
import { Gate } from '../../broker/gate.ts';
import { cut, oncePer } from '../../broker/log.ts';
import { Pressure } from '../../broker/pressure.ts';
import { Seats } from '../../broker/seats.ts';
import type { FaultCode } from '../../wire/faults.ts';

t.test('a bucket gives its burst, then its rate', async (t) => {
  const bucket = new Bucket(10, 5, 0);
  for (let taken = 0; taken < 5; taken++) {
    t.equal(bucket.waitMs(0), 0);
    bucket.take(1);
  }
  t.equal(bucket.waitMs(0), 100, 'empty: one token takes 100 ms');
  t.equal(bucket.waitMs(100), 0);
  bucket.take(11);
  t.equal(bucket.waitMs(100), 1100, 'debt is worked off');
  t.equal(bucket.isFull(100), false);
  t.equal(bucket.isFull(2_000), true, 'never more than the burst');
  t.equal(bucket.waitMs(1_000), 0, 'a clock that goes back takes nothing away');
});

t.test('the gate counts all, pending and by address', async (t) => {
  const code = (gate: Gate, address: string, nowMs: number): string => {
    const pass = gate.admit(address, nowMs);
    return pass.ok ? 'ok' : pass.code;
  };
  const gate = new Gate({ maxConnections: 3, maxPendingConnections: 2, connectionsPerSecondPerAddress: 100 });
  const first = gate.admit('a', 0);
  t.equal(code(gate, 'a', 0), 'ok');
  t.equal(code(gate, 'a', 0), 'BROKER_TOO_MANY_CONNECTIONS', 'two are pending');
  if (first.ok) first.value.settle();
  t.equal(code(gate, 'a', 0), 'ok');
  t.equal(code(gate, 'a', 0), 'BROKER_TOO_MANY_CONNECTIONS', 'three in all');
  if (first.ok) {
    first.value.leave();
    first.value.leave();
  }
  t.equal(gate.connections, 2, 'leaving twice counts once');

  const slow = new Gate({ maxConnections: 99, maxPendingConnections: 99, connectionsPerSecondPerAddress: 1 });
  for (let index = 0; index < 5; index++) t.equal(code(slow, 'a', 0), 'ok');
  t.equal(code(slow, 'a', 0), 'BROKER_TOO_FAST');
  t.equal(code(slow, 'b', 0), 'ok', 'another address is not held back');
  t.equal(code(slow, 'a', 1_000), 'ok');
});

t.test('under pressure senders wait in line until half of the room is free', async (t) => {
  const pressure = new Pressure({ maxInFlightMessages: 4, maxInFlightBytes: 1_000 });
  const resumed: string[] = [];
  pressure.enter(4, 40);
  t.equal(pressure.isFull(), true);
  const second = () => resumed.push('second');
  pressure.wait(() => {
    resumed.push('first');
    pressure.enter(2, 20);
  });
  pressure.wait(second);
  pressure.wait(second);
  pressure.leave(1, 10);
  t.strictSame(resumed, [], 'not yet');
  pressure.leave(1, 10);
  t.strictSame(resumed, ['first'], 'full again after the first');
  pressure.leave(2, 20);
  t.strictSame(resumed, ['first', 'second'], 'and each once');
  pressure.enter(0, 2_000);
  t.equal(pressure.isFull(), true, 'bytes count too');
  t.match(pressure.facts(), { messages: 2, waiting: 0 });
});

t.test('a client that comes again waits until its older connection is gone', async (t) => {
  const seats = new Seats<{
    identity: { id: string; role: 'hub'; validUntilMs: number };
    refuse(code: FaultCode): void;
  }>();
  const refused: string[] = [];
  const sitter = (name: string) => ({
    identity: { id: 'same', role: 'hub' as const, validUntilMs: 0 },
    refuse: (code: FaultCode) => void refused.push(`${name} ${code}`),
  });
  const [first, second, third] = [sitter('first'), sitter('second'), sitter('third')];
  await seats.take(first);
  let isSeated = false;
  const taking = seats.take(second).then(() => {
    isSeated = true;
  });
  t.strictSame(refused, ['first BROKER_REPLACED']);
  await Promise.resolve();
  t.equal(isSeated, false);
  seats.leave(first);
  await taking;
  t.strictSame(seats.all(), [second], 'the older one did not take the newer one along');
  seats.leave(third);
  t.strictSame(seats.all(), [second], 'nor does a stranger');
  seats.leave(second);
  t.strictSame(seats.all(), []);
});

t.test("a flood of the same is told once a period, and strangers' words are cut", async (t) => {
  const may = oncePer(1_000);
  t.strictSame([may('a', 0), may('a', 1), may('b', 2), may('a', 1_000)], [true, false, true, true]);
  t.equal(cut('x'.repeat(500)).length, 128);
});
