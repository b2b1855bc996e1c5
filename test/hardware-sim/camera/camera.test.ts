import t, { type Test } from 'tap';
import { viewOf } from '../../../hardware-sim/camera/view.ts';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { startSimHome } from '../../../hardware-sim/home.ts';

function startHome(t: Test) {
  const clock = new SimClock();
  const doors = [
    { id: 'front', output: 0, contactInput: 0, monitorInput: 1, leafMs: 1_000 },
    { id: 'side', output: 1, contactInput: 2 },
  ];
  const home = startSimHome(
    {
      lines: [{ id: 'bus', paced: false, peripherals: [{ address: 0, doors }] }],
      cameras: [{ id: 'porch', door: 'front' }],
    },
    clock,
  );
  t.teardown(() => home.close());
  const camera = home.camera('porch');
  return { clock, home, camera, see: () => viewOf(camera.told(), 0) };
}

t.test('the leaf in the picture moves as the door does, also when it turns round half-way', async (t) => {
  const { clock, home, see, camera } = startHome(t);
  t.match(see(), { name: 'FRONT', leaf: 0, led: 'locked' });
  home.door('front').openLeaf('key');
  clock.advance(250);
  t.equal(see().leaf, 0.25);
  t.equal(viewOf(camera.told(), 250).leaf, 0.5, 'and goes on by itself where it is drawn');
  clock.advance(250);
  home.door('front').closeLeaf();
  t.equal(see().leaf, 0.5, 'no jump');
  clock.advance(500);
  t.equal(see().leaf, 0.25);
  clock.advance(500);
  t.match(see(), { leaf: 0, led: 'locked' });
  home.door('front').openLeaf('force');
  clock.advance(5_000);
  t.match(see(), { leaf: 1, led: 'open' });
});

t.test('the light follows the strike', async (t) => {
  const { clock, home, see } = startHome(t);
  home.door('front').energise(true);
  t.equal(see().led, 'released');
  clock.advance(100);
  home.door('front').energise(false);
  t.equal(see().led, 'released', 'until the latch is home again');
  clock.advance(100);
  t.equal(see().led, 'locked');
});

t.test('on a door with a Nuki the light is its ring', async (t) => {
  const clock = new SimClock();
  const nukis = [{ id: 'front', address: '54:d2:72:00:00:01', nukiId: 1, boltMs: 1_000, leafMs: 1_000 }];
  const home = startSimHome({ nukis, cameras: [{ id: 'porch', door: 'front' }] }, clock);
  t.teardown(() => home.close());
  const see = (ageMs = 0) => viewOf(home.camera('porch').told(), ageMs);
  t.equal(see().led, 'black', 'locked');
  home.nuki('front').pressButton();
  t.strictSame([see(0).led, see(250).led, see(500).led], ['white', 'black', 'white'], 'it moves');
  clock.advance(1_000);
  t.strictSame([see(0).led, see(200).led, see(3_000).led], ['white', 'black', 'white'], 'it is not locked');
  home.door('front').openLeaf();
  clock.advance(500);
  t.equal(see().leaf, 0.5);
  home.nuki('front').holdButton();
  t.strictSame([see(0).led, see(300).led], ['white', 'white'], 'it pairs');
});

t.test('whoever comes is here after the walk, and whoever leaves is away', async (t) => {
  const { clock, home, see, camera } = startHome(t);
  t.equal(see().courier, undefined);
  home.scene('porch', { courier: 'coming' });
  clock.advance(1_250);
  t.match(see().courier, { near: 0.5, leaving: false, carries: true });
  clock.advance(1_250);
  t.match(camera.told().courier, { at: 'here', forMs: 0 });
  t.match(see().courier, { near: 1, steps: undefined });
  home.scene('porch', { parcel: true, courier: 'leaving' });
  clock.advance(500);
  t.match(see().courier, { leaving: true, carries: false });
  clock.advance(2_000);
  t.equal(camera.told().courier.at, 'away');
  t.equal(see().courier, undefined);
});

t.test('a parcel lies on the mat, or in the hall where the door was open', async (t) => {
  const { clock, home, see } = startHome(t);
  home.scene('porch', { courier: 'here', parcel: true });
  t.match(see(), { parcel: 'mat', putDown: 0 });
  clock.advance(500);
  t.match(see(), { parcel: 'mat', putDown: 1 });
  home.scene('porch', { parcel: false });
  t.equal(see().parcel, 'none');
  home.door('front').openLeaf('key');
  clock.advance(1_000);
  home.scene('porch', { parcel: true });
  t.equal(see().parcel, 'inside');
});

t.test('faults are set, told and mended; what does not fit is refused', async (t) => {
  const { home, camera } = startHome(t);
  let changes = 0;
  const stop = camera.onChange(() => {
    changes += 1;
  });
  home.cameraFault('porch', { fault: 'loop' });
  home.cameraFault('porch', { fault: 'slow', lateMs: 5 });
  t.strictSame(camera.told().faults, [
    { fault: 'loop', active: true, ms: 10_000 },
    { fault: 'slow', active: true, lateMs: 5, everyMs: 0 },
  ]);
  home.cameraFault('porch', { fault: 'loop', active: false });
  t.match(camera.told().faults, [{ fault: 'slow' }]);
  t.equal(changes, 3);
  stop();
  home.cameraFault('porch', { fault: 'slow', active: false });
  t.equal(changes, 3);
  t.throws(() => home.cameraFault('porch', { fault: 'woodworm' } as never), { code: 'BODY_MALFORMED' });
  t.throws(() => home.scene('porch', { courier: 'flying' } as never), { code: 'BODY_MALFORMED' });
  t.throws(() => home.cameraFault('cellar', { fault: 'freeze' }), { code: 'NOT_FOUND' });
});

t.test('another door does not move this picture', async (t) => {
  const { home, camera } = startHome(t);
  camera.onChange(() => t.fail('nothing to tell'));
  home.door('side').openLeaf('key');
  t.equal(camera.told().leaf.at, 'closed');
});
