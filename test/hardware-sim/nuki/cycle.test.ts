import t from 'tap';
import { text, u16, u32 } from './client.ts';
import { pairedStreet, pin } from './street.ts';

/** Commands, with the lock state where they are states and the value where they are a status or an error. */
const short = (told: readonly { readonly command: number; readonly payload: Buffer }[]): string =>
  told
    .map(({ command, payload }) => {
      const at = command === 0x0c ? payload[1]! : payload[0]!;
      return `${{ 12: 'state', 14: 'status', 18: 'error' }[command] ?? command}:${at.toString(16)}`;
    })
    .join(' ');

for (const [model, bytes] of Object.entries({ gen2: 21, gen4: 27, ultra: 27 } as const)) {
  t.test(`${model}: unlock and lock take their time, and say so`, async (t) => {
    const { client, clock, door, nuki } = pairedStreet({ model: model as 'gen2' });
    t.equal(client.states().length, bytes);
    t.equal(short(client.act(1)), 'status:1 state:2');
    t.equal(door.truth().bolt, 'drawing');
    clock.advance(999);
    t.equal(short(client.told()), '');
    clock.advance(1);
    t.equal(short(client.told()), 'state:3 status:0');
    t.match(door.truth(), { bolt: 'drawn', latch: 'home' }, 'unlock never pulls the latch');
    t.equal(short(client.act(2)), 'status:1 state:4');
    clock.advance(1000);
    const [last] = client.told();
    t.strictSame([...last!.payload.subarray(15, 18)], [2, 0, 0], 'last action, trigger, completion');
    t.equal(door.truth().bolt, 'thrown');
    t.equal(nuki.truth().motions, 2);
  });
}

t.test('messages of more than 20 bytes come in pieces, unless the MTU carries them whole', async (t) => {
  const small = pairedStreet();
  small.client.states();
  t.strictSame(
    small.client.pieces.map(({ length }) => length),
    [20, 20, 20, 20, 1],
  );
  const large = pairedStreet({}, { mtu: 247 });
  large.client.states();
  t.strictSame(
    large.client.pieces.map(({ length }) => length),
    [81],
  );
});

t.test('unlock of what is unlocked completes without motion; lock of what is locked turns again', async (t) => {
  const { client, clock, nuki } = pairedStreet();
  client.act(1);
  clock.advance(1000);
  client.told();
  t.equal(short(client.act(1)), 'status:0');
  t.equal(nuki.truth().motions, 1);
  client.act(2);
  clock.advance(1000);
  client.told();
  t.equal(short(client.act(2)), 'status:1 state:4');
  clock.advance(1000);
  t.equal(short(client.told()), 'state:1 status:0');
  t.equal(nuki.truth().motions, 3);
});

t.test('unlatch draws the bolt, holds the latch for its time, and lets go', async (t) => {
  const { client, clock, door } = pairedStreet();
  t.strictSame(door.openLeaf(), { moved: false, because: 'bolted' });
  t.equal(short(client.act(3)), 'status:1 state:7');
  clock.advance(1100);
  t.equal(short(client.told()), 'state:5');
  t.equal(door.truth().latch, 'free');
  clock.advance(3000);
  t.equal(short(client.told()), 'state:3 status:0');
  clock.advance(100);
  t.strictSame(door.openLeaf(), { moved: false, because: 'latched' });
});

t.test("lock'n'go counts down and locks by itself; with unlatch as well", async (t) => {
  const { client, clock, door } = pairedStreet();
  client.act(4);
  clock.advance(1000);
  t.equal(short(client.told()), 'state:6 status:0');
  t.equal(client.states()[14], 20);
  clock.advance(19_000);
  t.equal(client.states()[14], 1);
  client.told();
  clock.advance(1000);
  t.equal(short(client.told()), 'state:4');
  clock.advance(1000);
  t.equal(short(client.told()), 'state:1');
  t.equal(client.states()[14], 0);
  client.act(5);
  clock.advance(4100);
  t.equal(client.states()[1], 0x06);
  clock.advance(21_000);
  t.equal(door.truth().bolt, 'thrown');
});

t.test('a second action while the motor runs is busy, and the first goes on', async (t) => {
  const { client, clock, nuki } = pairedStreet();
  client.act(1);
  t.equal(short(client.act(2)), 'error:45');
  clock.advance(1000);
  t.equal(short(client.told()), 'state:3 status:0');
  t.equal(nuki.truth().motions, 1);
});

t.test(
  'hands, the button, the keypad and the door change things while nobody is connected, and the log says who',
  async (t) => {
    const { client, clock, door, nuki } = pairedStreet({}, { idType: 1 });
    client.withPin(0x41, Buffer.concat([u32(345_678), text('Ann', 20), Buffer.alloc(20)]), pin);
    client.states();
    client.disconnect();
    const isChanged = () => nuki.advert()!.manufacturerData!.at(-1)! & 1;
    t.equal(isChanged(), 0, 'a bridge has read the states');
    t.ok(nuki.turn('unlocked'));
    clock.advance(1000);
    t.equal(isChanged(), 1);
    nuki.pressButton();
    clock.advance(1000);
    t.equal(nuki.typeCode(111_111), false);
    t.equal(nuki.typeCode(345_678), true);
    clock.advance(1000);
    door.openLeaf('key');
    clock.advance(600);
    client.connect();
    const states = client.states();
    t.strictSame([states[1], states[2], states[18]], [3, 2, 3], 'unlocked, by the keypad, door open');
    t.equal(isChanged(), 0);
    const told = client.withPin(0x31, Buffer.concat([u32(0), u16(20), Buffer.from([0, 1])]), pin);
    t.equal(told[0]!.command, 0x33);
    const entries = told
      .filter(({ command }) => command === 0x32)
      .map(({ payload }) => ({
        name: payload.subarray(15, 47).toString().replaceAll('\0', ''),
        type: payload[47],
        data: [...payload.subarray(48)],
      }));
    t.strictSame(entries, [
      { name: '', type: 2, data: [1, 1, 0, 0] },
      { name: '', type: 2, data: [2, 2, 0, 0] },
      { name: '', type: 5, data: [1, 1, 0xe0, 0, 0] },
      { name: 'Ann', type: 5, data: [1, 1, 0, 1, 0] },
      { name: 'Ann', type: 2, data: [1, 2, 0, 0] },
      { name: '', type: 6, data: [0] },
    ]);
  },
);

t.test('an app sees the flag stay; the name suffix says who acted through the hub', async (t) => {
  const { client, clock, nuki } = pairedStreet();
  client.act(1, 'Courier 7');
  clock.advance(1000);
  client.states();
  t.equal(nuki.truth().isChanged, true);
  const [newest] = client.withPin(0x31, Buffer.concat([u32(0), u16(1), Buffer.from([1, 0])]), pin);
  t.match(newest!.payload.subarray(15, 47).toString(), 'Hub Courier 7');
  t.equal(newest!.payload.readUInt32LE(11), client.me!.id);
});

t.test('auto-lock locks after its time', async (t) => {
  const { client, clock, door } = pairedStreet();
  const { payload } = client.guarded(0x36)[0]!;
  const advanced = Buffer.from(payload.subarray(2));
  advanced.writeUInt16LE(30, 15);
  advanced[26] = 1;
  t.equal(short(client.withPin(0x35, advanced, pin)), 'status:0');
  client.act(1);
  clock.advance(31_000);
  t.equal(door.truth().bolt, 'throwing');
  clock.advance(1000);
  t.strictSame([...client.states().subarray(1, 3)], [1, 6]);
});
