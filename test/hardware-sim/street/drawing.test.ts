import t from 'tap';
import { drawingOf, frame, leafCorners } from '../../../hardware-sim/street/page/drawing.ts';
import type { StreetTold } from '../../../hardware-sim/street/told.ts';
import { closedDoor, told } from './told.ts';

const front = (door: Partial<typeof closedDoor>, more: Partial<StreetTold> = {}): StreetTold =>
  told({ ...more, home: { doors: { front: { ...closedDoor, ...door } }, barriers: {}, cameras: {} } });

t.test('the leaf is drawn where it goes, the bolt where it is driven', async (t) => {
  for (const [leaf, drawn] of [
    ['closed', 0],
    ['opening', 1],
    ['open', 1],
    ['closing', 0],
  ] as const) {
    t.equal(drawingOf(front({ leaf })).leaf, drawn, leaf);
  }
  for (const [bolt, drawn, isBoltMoving] of [
    ['thrown', 1, false],
    ['throwing', 1, true],
    ['drawn', 0, false],
    ['drawing', 0, true],
  ] as const) {
    t.match(drawingOf(front({ bolt })), { bolt: drawn, isBoltMoving }, bolt);
  }
  const { bolt: _, ...strike } = closedDoor;
  for (const [latch, drawn] of [
    ['home', 1],
    ['free', 0],
  ] as const) {
    const home = { doors: { front: { ...strike, latch } }, barriers: {}, cameras: {} };
    t.equal(drawingOf(told({ home })).bolt, drawn, `a door without a bolt shows its latch: ${latch}`);
  }
});

t.test('the contact is drawn as it reads, which is not always how the leaf is', async (t) => {
  t.equal(drawingOf(front({ leaf: 'open', contact: 'yes' })).contact, 'closed');
  t.equal(drawingOf(front({ contact: 'no' })).contact, 'open');
  t.equal(drawingOf(front({ contact: 'wire-cut' })).contact, 'cut');
});

t.test('a courier walks before the camera, and stands at the garage while the visit is there', async (t) => {
  const filmed = (courier: 'away' | 'coming' | 'here' | 'leaving', parcel: 'none' | 'inside') =>
    drawingOf(told({ home: { doors: { front: closedDoor }, barriers: {}, cameras: { front: { courier, parcel } } } }));
  t.match(filmed('away', 'none').courier, { at: 'away', isWalking: false });
  t.match(filmed('coming', 'none').courier, { at: 'front', isWalking: true, carries: true });
  t.match(filmed('here', 'inside'), { courier: { at: 'front', carries: false }, parcel: 'inside' });
  t.match(filmed('leaving', 'inside').courier, { at: 'away', isWalking: true });
  for (const [at, where] of [
    ['idle', 'away'],
    ['ready', 'garage'],
    ['open', 'garage'],
    ['ended', 'away'],
  ] as const) {
    t.equal(drawingOf(told({ courier: { at, door: 'garage' } })).courier.at, where, at);
  }
  t.match(drawingOf(told({ inGarage: true, courier: { at: 'open', door: 'garage' } })), {
    parcel: 'garage',
    courier: { carries: false },
  });
});

t.test('who does not see it is told the same', async (t) => {
  const open = front({ leaf: 'open', bolt: 'drawn' }, { courier: { at: 'open', door: 'front' } });
  t.equal(drawingOf(open).says, 'The front door is open, its bolt drawn. The courier is at the front door.');
  t.equal(drawingOf(told({})).says, 'The simulator does not run.');
  const garage = { height: 0.4, moves: 'up', contact: 'no', light: 'red', sounds: true } as const;
  const home = { doors: { front: closedDoor }, barriers: { garage }, cameras: {} };
  t.match(drawingOf(told({ home, hasGarage: true })), { garage: 0.4, garageLight: 'red', garageSounds: true });
  t.match(drawingOf(told({ home, hasGarage: true })).says, /The garage is open/);
});

t.test('only what is critical is an alarm to look at', async (t) => {
  const alarm = { seq: 7, code: 'LOCK_JAMMED', says: 'The lock is jammed.', isCritical: true };
  const owner = told({}).owner;
  t.ok(drawingOf(told({ owner: { ...owner, alarms: [alarm] } })).isAlarm);
  t.notOk(drawingOf(told({ owner: { ...owner, alarms: [{ ...alarm, isCritical: false }] } })).isAlarm);
});

t.test('a leaf that opens inward stays on its hinge, and its far edge grows narrow and short', async (t) => {
  t.same(leafCorners(0), [
    { x: frame.left, y: frame.top },
    { x: frame.right, y: frame.top },
    { x: frame.right, y: frame.bottom },
    { x: frame.left, y: frame.bottom },
  ]);
  let [width, height] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let open = 0; open <= 1; open += 0.1) {
    const [near, top, bottom] = leafCorners(open);
    t.same(near, { x: frame.left, y: frame.top });
    t.ok(top.x - near.x < width && bottom.y - top.y < height, `${open.toFixed(1)} open`);
    t.ok(top.x > frame.left, 'it is still to be seen');
    [width, height] = [top.x - near.x, bottom.y - top.y];
  }
});
