import t from 'tap';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { Door } from '../../../hardware-sim/door/door.ts';
import type { DoorEventBody } from '../../../hardware-sim/door/events.ts';

/** A door with a bolt of 1 s, and what was told of it. */
function makeDoor() {
  const clock = new SimClock();
  const told: DoorEventBody[] = [];
  const times = { leafMs: 600, latchMs: 80, boltMs: 1000 };
  const door = new Door('front', clock, times, (_id, body) => told.push(body));
  return { clock, door, names: () => told.map((one) => one.on) };
}

t.test('a bolt takes its time, and a hand opens only what bolt and latch let go', async (t) => {
  const { clock, door, names } = makeDoor();
  t.match(door.truth(), { bolt: 'thrown', monitor: 'yes' });
  t.strictSame(door.openLeaf(), { moved: false, because: 'bolted' });
  t.equal(door.driveBolt('drawn', 'motor'), true);
  t.equal(door.driveBolt('thrown', 'motor'), false, 'it is moving');
  t.match(door.truth(), { bolt: 'drawing', monitor: 'no' });
  clock.advance(1000);
  t.strictSame(door.openLeaf(), { moved: false, because: 'latched' });
  door.pullLatch(true);
  clock.advance(80);
  t.strictSame(door.openLeaf(), { moved: true });
  t.equal(door.truth().strikes, 0, 'there is no strike');
  t.strictSame(names(), ['bolt.drawing', 'bolt.drawn', 'latch.free', 'leaf.opening']);
});

t.test('a door cannot be shut with its bolt thrown', async (t) => {
  const { clock, door } = makeDoor();
  door.openLeaf('force');
  clock.advance(600);
  t.strictSame(door.closeLeaf(), { moved: false, because: 'bolted' });
  door.driveBolt('drawn', 'hand');
  clock.advance(1000);
  t.strictSame(door.closeLeaf(), { moved: true });
});

t.test('a key draws the bolt', async (t) => {
  const { clock, door, names } = makeDoor();
  t.strictSame(door.openLeaf('key'), { moved: true });
  clock.advance(1000);
  t.match(door.truth(), { bolt: 'drawn', leaf: 'open' });
  t.ok(names().includes('bolt.drawn'));
});

t.test('jammed, a bolt hits something and goes back', async (t) => {
  const { clock, door, names } = makeDoor();
  door.fault({ fault: 'bolt-jam', active: true });
  let outcome: boolean | undefined;
  door.driveBolt('drawn', 'motor', (isThere) => {
    outcome = isThere;
  });
  clock.advance(1000);
  t.equal(outcome, false);
  t.equal(door.truth().bolt, 'thrown');
  t.ok(names().includes('bolt.blocked'));
  door.fault({ fault: 'bolt-jam', active: false });
  door.driveBolt('drawn', 'motor');
  clock.advance(1000);
  t.equal(door.truth().bolt, 'drawn');
});

t.test('a door with a strike has no bolt', async (t) => {
  const door = new Door('side', new SimClock(), { leafMs: 600, latchMs: 80 }, () => undefined);
  t.equal(door.driveBolt('drawn', 'motor'), false);
  t.notOk('bolt' in door.truth());
});

t.test('a handle outside opens what is not bolted, and a bolt can be drawn at first', async (t) => {
  const clock = new SimClock();
  const make = { leafMs: 600, latchMs: 80, boltMs: 1000, boltAt: 'drawn', handle: true } as const;
  const door = new Door('side', clock, make, () => undefined);
  t.match(door.truth(), { bolt: 'drawn', latch: 'home' });
  door.driveBolt('thrown', 'motor');
  t.strictSame(door.openLeaf(), { moved: false, because: 'bolted' });
  clock.advance(1000);
  door.driveBolt('drawn', 'motor');
  clock.advance(1000);
  t.strictSame(door.openLeaf(), { moved: true });
});
