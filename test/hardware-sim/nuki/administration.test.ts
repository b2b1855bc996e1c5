import t from 'tap';
import { crc, type Told, text, u16, u32, uuid } from './client.ts';
import { pairedStreet, pin } from './street.ts';

const error = (code: number, command: number) => [{ command: 0x12, payload: Buffer.from([code, ...u16(command)]) }];
const complete = [{ command: 0x0e, payload: Buffer.from([0]) }];
const commands = (told: readonly Told[]): number[] => told.map(({ command }) => command);
const noLimit = Buffer.alloc(20);

t.test('codes: added, listed, changed, removed, by the rules of the keypad', async (t) => {
  const { client, nuki, clock } = pairedStreet();
  const add = (code: number, limit = noLimit) =>
    client.withPin(0x41, Buffer.concat([u32(code), text('Ann', 20), limit]), pin);
  const [added] = add(345_678);
  t.match(added, { command: 0x42 });
  for (const bad of [12_345, 123_456, 340_678]) t.strictSame(add(bad), error(0x2b, 0x41), `${bad}`);
  t.strictSame(add(345_678), error(0x2a, 0x41));
  const list = () => client.withPin(0x43, Buffer.concat([u16(0), u16(9)]), pin);
  t.strictSame(commands(list()), [0x44, 0x45, 0x0e]);
  t.equal(list()[1]!.payload.length, 44);
  const id = added!.payload.subarray(0, 2);
  const change = Buffer.concat([id, u32(356_789), text('Ben', 20), Buffer.from([0]), noLimit]);
  t.strictSame(client.withPin(0x46, change, pin), complete);
  t.equal(nuki.typeCode(345_678), false);
  t.equal(nuki.typeCode(356_789), false, 'not enabled');
  t.strictSame(client.withPin(0x47, id, pin), complete);
  t.strictSame(client.withPin(0x47, id, pin), error(0x2b, 0x47));
  // From 2026-01-05 to 06, Mondays, 9:00 to 10:00; it is Monday, 9:00.
  const limit = Buffer.from('01ea070105000000ea0701060000004009000a00', 'hex');
  t.equal(limit.length, 20);
  t.equal(commands(add(345_678, limit))[0], 0x42);
  t.equal(list()[1]!.payload.length, 63);
  t.equal(nuki.typeCode(345_678), true);
  clock.advance(3_660_000);
  t.equal(nuki.typeCode(345_678), false, 'an hour later it counts no more');
});

t.test('authorizations: our own comes first, one can be switched off and removed', async (t) => {
  const { client, nuki } = pairedStreet();
  const key = Buffer.alloc(32, 7);
  const invite = Buffer.concat([text('Eve', 32), Buffer.from([0]), key, Buffer.from([1]), noLimit]);
  const [invited] = client.withPin(0x0b, invite, pin);
  t.match(invited, { command: 0x1f });
  const list = client.withPin(0x09, Buffer.concat([u16(0), u16(9)]), pin);
  t.strictSame(commands(list), [0x27, 0x0a, 0x0a, 0x0e]);
  t.equal(list[1]!.payload.readUInt32LE(), client.me!.id);
  t.equal(list[1]!.payload.length, 56);
  const own = client.me!;
  const id = invited!.payload.readUInt32LE();
  client.me = { id, key };
  t.equal(client.states()[1], 1);
  client.me = own;
  const off = Buffer.concat([u32(id), text('Eve', 32), Buffer.from([0, 1]), noLimit]);
  t.strictSame(client.withPin(0x25, off, pin), complete);
  client.me = { id, key };
  t.strictSame(client.ask(0x01, u16(0x0c)), error(0x25, 0x01));
  client.me = own;
  t.strictSame(client.withPin(0x08, u32(id), pin), complete);
  t.strictSame(client.withPin(0x08, u32(id), pin), error(0x24, 0x08));
  t.equal(nuki.truth().authorizations.length, 1);
});

t.test('settings: read, changed as a whole, and counted', async (t) => {
  for (const [model, bytes] of [
    ['gen2', 74],
    ['gen4', 78],
  ] as const) {
    const { client } = pairedStreet({ model });
    const [told] = client.guarded(0x14);
    t.equal(told!.payload.length, bytes);
    t.equal(told!.payload.readUInt32LE(), 0x33c335c5);
    const before = client.states()[13]!;
    const set = Buffer.concat([text('Oak door', 32), told!.payload.subarray(36, 49), Buffer.alloc(8), u16(37)]);
    t.strictSame(client.withPin(0x13, set, pin), complete);
    t.equal(client.guarded(0x14)[0]!.payload.subarray(4, 12).toString(), 'Oak door');
    t.equal(client.states()[13], before + 1);
    t.strictSame(client.withPin(0x13, set.subarray(1), pin), error(0xfe, 0x13));
  }
});

t.test('PIN: verified, changed, refused, and guarded against trying', async (t) => {
  const { client, clock } = pairedStreet();
  const none = Buffer.alloc(0);
  t.strictSame(client.withPin(0x20, none, pin), complete);
  t.strictSame(client.withPin(0x19, u16(4321), pin), complete);
  t.strictSame(client.withPin(0x20, none, pin), error(0x21, 0x20));
  t.strictSame(client.withPin(0x20, none, 4321), complete);
  for (let i = 0; i < 4; i++) t.strictSame(client.withPin(0x20, none, 1), error(0x21, 0x20));
  t.strictSame(client.withPin(0x20, none, 1), error(0x28, 0x20));
  t.strictSame(client.withPin(0x20, none, 4321), error(0x28, 0x20));
  clock.advance(60_000);
  t.strictSame(client.withPin(0x20, none, 4321), complete);
});

t.test('a challenge counts once, and not over a new connection', async (t) => {
  const { client, nuki } = pairedStreet();
  const action = (nonce: Buffer) => Buffer.concat([Buffer.from([2]), u32(1), Buffer.from([0]), nonce]);
  const nonce = client.challenge();
  t.match(client.ask(0x0d, action(nonce))[0], { command: 0x0e });
  t.strictSame(client.ask(0x0d, action(nonce)), error(0x22, 0x0d));
  const old = client.challenge();
  client.disconnect();
  client.connect();
  t.strictSame(client.ask(0x0d, action(old)), error(0x22, 0x0d));
  t.equal(nuki.truth().motions, 1);
});

t.test('who is not authorised is answered in clear, and so is a wrong length', async (t) => {
  const { client } = pairedStreet();
  const request = client.plain(0x01, u16(0x0c));
  const whole = Buffer.concat([request, u16(crc(request))]);
  const stranger = client.sealed(whole, undefined, Buffer.alloc(32, 1));
  client.pieces.length = 0;
  client.write(uuid.usdio, stranger);
  t.equal(client.pieces[0]?.toString('hex'), '120020000013d7', 'as a real one was seen to');
  t.strictSame(client.told(), error(0x20, 0x00));
  client.write(uuid.usdio, client.sealed(whole, u32(99)));
  t.strictSame(client.told(), error(0x20, 0x00));
  client.write(uuid.usdio, client.sealed(whole).subarray(0, -1));
  t.strictSame(client.told(), error(0xfe, 0x00));
  client.write(uuid.usdio, client.sealed(Buffer.concat([request, Buffer.alloc(2)])));
  t.strictSame(client.told(), error(0xfd, 0x01));
});

t.test('an unknown command is FF, the connection stays; time, battery, calibration, reboot', async (t) => {
  const { client, clock } = pairedStreet();
  t.strictSame(client.ask(0x0777), error(0xff, 0x0777));
  t.equal(client.ask(0x01, u16(0x11))[0]!.payload.length, 17);
  const at = Buffer.concat([u16(2030), Buffer.from([2, 3, 4, 5, 6])]);
  t.strictSame(client.withPin(0x21, at, pin), complete);
  t.strictSame(client.states().subarray(3, 10), at);
  t.strictSame(client.withPin(0x21, Buffer.concat([u16(2030), Buffer.from([2, 31, 4, 5, 6])]), pin), error(0x23, 0x21));
  t.match(client.withPin(0x1a, Buffer.alloc(0), pin)[1]?.payload[1], 0xfc);
  clock.advance(4000);
  t.strictSame(client.told().slice(-1), complete);
  t.strictSame(client.withPin(0x1d, Buffer.alloc(0), pin), complete);
  clock.advance(10);
  t.equal(client.ended, true);
});
