import t from 'tap';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { Door } from '../../../hardware-sim/door/door.ts';
import type { DoorEventBody } from '../../../hardware-sim/door/events.ts';

/** A door with a leaf of 600 ms and a latch of 80 ms, and what was told of it. */
function makeDoor() {
  const clock = new SimClock();
  const told: DoorEventBody[] = [];
  const door = new Door('front', clock, { leafMs: 600, latchMs: 80 }, (_id, body) => told.push(body));
  return { clock, door, told, names: () => told.map((one) => one.on) };
}

t.test('a hand cannot open a latched door', async (t) => {
  const { door, names } = makeDoor();
  t.strictSame(door.openLeaf(), { moved: false, because: 'latched' });
  t.match(door.truth(), { leaf: 'closed', contact: 'yes', monitor: 'yes' });
  t.strictSame(names(), []);
});

t.test('a strike lets go only after the travel time of its latch', async (t) => {
  const { clock, door } = makeDoor();
  door.energise(true);
  clock.advance(79);
  t.strictSame(door.openLeaf(), { moved: false, because: 'latched' });
  t.match(door.truth(), { latch: 'leaving', monitor: 'no' });
  clock.advance(1);
  t.strictSame(door.openLeaf(), { moved: true });
});

t.test('a visit leaves a log of who moved what', async (t) => {
  const { clock, door, told } = makeDoor();
  door.energise(true);
  clock.advance(80);
  door.openLeaf();
  clock.advance(600);
  door.energise(false);
  clock.advance(80);
  t.match(door.truth(), { leaf: 'open', latch: 'home', contact: 'no', monitor: 'no' });
  door.closeLeaf();
  t.equal(door.truth().contact, 'no', 'a closing leaf is not closed');
  clock.advance(600);
  t.match(door.truth(), { leaf: 'closed', contact: 'yes', monitor: 'yes', strikes: 1 });
  t.strictSame(told, [
    { on: 'strike.energised' },
    { on: 'latch.free' },
    { on: 'leaf.opening', by: 'hand' },
    { on: 'leaf.open', by: 'hand' },
    { on: 'strike.released' },
    { on: 'latch.home' },
    { on: 'leaf.closing', by: 'hand' },
    { on: 'leaf.closed', by: 'hand' },
  ]);
});

t.test('a pulse that nobody uses leaves the door as it was, and is counted', async (t) => {
  const { clock, door } = makeDoor();
  door.energise(true);
  clock.advance(3_000);
  door.energise(false);
  clock.advance(80);
  t.match(door.truth(), { leaf: 'closed', latch: 'home', monitor: 'yes', strikes: 1 });
});

t.test('a leaf turned round on its way takes its travel time from there', async (t) => {
  const { clock, door } = makeDoor();
  door.openLeaf('key');
  clock.advance(300);
  t.strictSame(door.closeLeaf(), { moved: true });
  clock.advance(599);
  t.equal(door.truth().leaf, 'closing');
  clock.advance(1);
  t.equal(door.truth().leaf, 'closed');
  t.strictSame(door.closeLeaf(), { moved: false, because: 'already-there' });
});

t.test('T35: a door forced open shows at the contact although nothing was energised', async (t) => {
  const { clock, door, told } = makeDoor();
  t.strictSame(door.openLeaf('force'), { moved: true });
  t.match(door.truth(), { contact: 'no', monitor: 'no', strikes: 0 });
  clock.advance(600);
  t.strictSame(told, [
    { on: 'leaf.opening', by: 'force' },
    { on: 'leaf.open', by: 'force' },
  ]);
});

t.test('T47: a latch slipped with a wire shows at the monitor while the leaf stays closed', async (t) => {
  const { clock, door, names } = makeDoor();
  door.slipLatch(500);
  clock.advance(80);
  t.match(door.truth(), { leaf: 'closed', contact: 'yes', monitor: 'no', strikes: 0 });
  clock.advance(500);
  t.match(door.truth(), { latch: 'home', monitor: 'yes' });
  t.strictSame(names(), ['latch.slipped', 'latch.free', 'latch.home']);
});

t.test('whoever listens hears of every change of a sensor', async (t) => {
  const { clock, door } = makeDoor();
  const seen: string[] = [];
  const stop = door.onSensed(() => seen.push(`${door.truth().contact}/${door.truth().monitor}`));
  door.openLeaf('key');
  clock.advance(600);
  door.closeLeaf();
  clock.advance(600);
  t.equal(seen.at(0), 'no/no');
  t.equal(seen.at(-1), 'yes/yes');
  const before = seen.length;
  stop();
  door.openLeaf('key');
  t.equal(seen.length, before);
});

t.test('jam: a latch jammed free does not return until it is mended', async (t) => {
  const { clock, door } = makeDoor();
  door.fault({ fault: 'jam', active: true, at: 'free' });
  door.energise(true);
  clock.advance(80);
  door.energise(false);
  clock.advance(10_000);
  t.match(door.truth(), { latch: 'free', contact: 'yes', monitor: 'no' });
  t.strictSame(door.openLeaf(), { moved: true }, 'and anyone can walk in');
  door.closeLeaf();
  clock.advance(600);
  door.fault({ fault: 'jam', active: false, at: 'free' });
  clock.advance(80);
  t.match(door.truth(), { latch: 'home', monitor: 'yes' });
});

t.test('jam: a latch jammed home does not let go', async (t) => {
  const { clock, door } = makeDoor();
  door.fault({ fault: 'jam', active: true, at: 'home' });
  door.energise(true);
  clock.advance(1_000);
  t.strictSame(door.openLeaf(), { moved: false, because: 'latched' });
});

t.test('contact-stuck: the contact says what it is stuck at, whatever the leaf does', async (t) => {
  const { clock, door, names } = makeDoor();
  door.fault({ fault: 'contact-stuck', active: true, at: 'closed' });
  door.openLeaf('key');
  clock.advance(600);
  t.match(door.truth(), { leaf: 'open', contact: 'yes', monitor: 'no' });
  door.fault({ fault: 'contact-stuck', active: true, at: 'open' });
  door.closeLeaf();
  clock.advance(600);
  t.match(door.truth(), { leaf: 'closed', contact: 'no' });
  door.fault({ fault: 'contact-stuck', active: false, at: 'open' });
  t.equal(door.truth().contact, 'yes');
  t.ok(names().includes('fault.mended'));
});

t.test('contact-flapping: the contact changes its mind while the leaf stays still', async (t) => {
  const { clock, door } = makeDoor();
  const seen: string[] = [];
  door.onSensed(() => seen.push(door.truth().contact));
  door.fault({ fault: 'contact-flapping', active: true, everyMs: 50 });
  clock.advance(200);
  door.fault({ fault: 'contact-flapping', active: false, everyMs: 50 });
  clock.advance(200);
  t.strictSame(seen, ['yes', 'no', 'yes', 'no', 'yes', 'yes']);
});

t.test('contact-cut and monitor-cut: a cut wire is told from either level', async (t) => {
  const { door } = makeDoor();
  door.fault({ fault: 'contact-cut', active: true });
  door.fault({ fault: 'monitor-cut', active: true });
  t.match(door.truth(), { contact: 'wire-cut', monitor: 'wire-cut' });
  door.fault({ fault: 'contact-cut', active: false });
  door.fault({ fault: 'monitor-cut', active: false });
  t.match(door.truth(), { contact: 'yes', monitor: 'yes' });
});

t.test('monitor-stuck: the monitor says secured while the latch is free', async (t) => {
  const { clock, door } = makeDoor();
  door.fault({ fault: 'monitor-stuck', active: true, at: 'secured' });
  door.energise(true);
  clock.advance(80);
  t.match(door.truth(), { latch: 'free', monitor: 'yes' });
});
