import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { startSimHome } from '../../../hardware-sim/home.ts';
import { Client, text, u16, u32 } from './client.ts';

const pin = 1234;
const complete = [{ command: 0x0e, payload: Buffer.from([0]) }];
const log = (client: Client, by: number) =>
  client.withPin(0x31, Buffer.concat([u32(0), u16(50), Buffer.from([0, 0])]), by).slice(0, -1);

/** Starts the same home again and again, as after losses of power. */
function lives(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'sim-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const state = join(folder, 'state.json');
  const start = () => {
    const clock = new SimClock();
    const front = { id: 'front', address: '54:d2:72:00:00:01', nukiId: 1, pin, keypad: true, replyMs: 0 };
    const home = startSimHome({ state, nukis: [front] }, clock);
    t.teardown(() => home.close());
    return { clock, home, nuki: home.nuki('front'), door: home.door('front') };
  };
  return { state, start };
}

t.test('a lock knows after a loss of power what it knew before', async (t) => {
  const { state, start } = lives(t);
  const first = start();
  first.nuki.holdButton();
  const client = new Client(first.nuki);
  client.connect(247);
  client.pair({ idType: 1, name: 'Doorward' });
  t.equal(statSync(state).mode & 0o777, 0o600);
  const code = Buffer.concat([u32(345_678), text('Ann', 20), Buffer.alloc(20)]);
  t.match(client.withPin(0x41, code, pin), [{ command: 0x42 }]);
  const limited = Buffer.from('01ea070105000000ea0701060000004009000a00', 'hex');
  t.match(client.withPin(0x41, Buffer.concat([u32(456_789), text('Ben', 20), limited]), pin), [{ command: 0x42 }]);
  t.match(client.withPin(0x47, u16(1), pin), complete);
  const at = Buffer.concat([u16(2030), Buffer.from([2, 3, 4, 5, 6])]);
  t.strictSame(client.withPin(0x21, at, pin), complete);
  const flags = [Buffer.from([0, 1, 1, 1, 3]), u16(60), Buffer.from([1, 4, 1, 2, 0, 0]), u16(37)];
  t.strictSame(client.withPin(0x13, Buffer.concat([text('Gate', 32), Buffer.alloc(8), ...flags]), pin), complete);
  const advanced = client.guarded(0x36)[0]!.payload.subarray(2);
  advanced[14] = 7;
  t.strictSame(client.withPin(0x35, advanced, pin), complete);
  t.strictSame(client.withPin(0x19, u16(4321), pin), complete);
  client.act(1);
  first.clock.advance(1_500);
  client.told();
  const told = log(client, 4321);
  t.ok(told.length >= 1);
  const before = first.nuki.truth();

  const { nuki, door, clock } = start();
  t.equal(door.truth().bolt, 'drawn');
  t.match(nuki.truth(), { authorizations: before.authorizations, codes: 1, logged: before.logged, isChanged: true });
  const again = new Client(nuki);
  again.me = client.me;
  again.connect(247);
  t.equal(again.states()[1], 3, 'the key of the pairing still opens its messages, and the bolt is where it was');
  const hour = again.states().subarray(3, 8);
  t.strictSame(hour, Buffer.concat([u16(2030), Buffer.from([2, 3, 4])]), 'the clock is as wrong as it was set');
  t.strictSame(log(again, 4321), told);
  t.equal(again.guarded(0x14)[0]!.payload.subarray(4, 8).toString(), 'Gate');
  t.equal(again.guarded(0x36)[0]!.payload[16], 7);
  t.match(again.withPin(0x41, code, pin), [{ command: 0x12 }], 'the first PIN is over');
  t.equal(again.withPin(0x41, code, 4321)[0]!.payload.readUInt16LE(), 3, 'no number is given twice');
  t.equal(nuki.typeCode(345_678, 'lock'), true);
  clock.advance(1_500);
  t.equal(door.truth().bolt, 'thrown');
  nuki.holdButton();
  const phone = new Client(nuki);
  phone.connect(247);
  phone.pair({ id: 8 });
  t.equal(phone.me!.id, client.me!.id + 1);
});

t.test('whatever was answered is kept, whenever the power goes', async (t) => {
  const { start } = lives(t);
  const first = start();
  first.nuki.holdButton();
  const client = new Client(first.nuki);
  client.connect(247);
  client.pair();
  t.equal(start().nuki.truth().authorizations.length, 1);
  const code = Buffer.concat([u32(345_678), text('Ann', 20), Buffer.alloc(20)]);
  t.match(client.withPin(0x41, code, pin), [{ command: 0x42 }]);
  t.equal(start().nuki.truth().codes, 1);
  first.home.nukiFault('front', { fault: 'clock-drift', seconds: 7_200 });
  const other = new Client(start().nuki);
  other.me = client.me;
  other.connect(247);
  t.equal(other.states().readUInt8(7), 11, 'two hours ahead of nine');
  t.strictSame(client.withPin(0x08, u32(client.me!.id), pin), complete);
  t.equal(start().nuki.truth().authorizations.length, 0);
});

t.test('a bolt that was moving is where it was before, and nothing is written that was not there', async (t) => {
  const { state, start } = lives(t);
  const first = start();
  first.nuki.pressButton();
  first.clock.advance(700);
  t.equal(first.door.truth().bolt, 'drawing');
  t.equal(start().door.truth().bolt, 'thrown');
  t.strictSame(Object.keys(JSON.parse(readFileSync(state, 'utf8'))), ['nuki:front']);
});

t.test('a state file with something else in it is refused, not overwritten', async (t) => {
  const { state, start } = lives(t);
  for (const text of ['{"nuki:front":{"bolt":"thrown"}}', '[]', '{']) {
    writeFileSync(state, text);
    t.throws(() => start(), { code: 'CONFIG_INVALID', detail: { at: 'state' } });
    t.equal(readFileSync(state, 'utf8'), text);
  }
});
