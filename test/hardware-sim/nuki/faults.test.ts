import t from 'tap';
import { Client, u16, u32 } from './client.ts';
import { pairedStreet, pin } from './street.ts';

const error = (code: number, command: number) => ({ command: 0x12, payload: Buffer.from([code, ...u16(command)]) });
const complete = { command: 0x0e, payload: Buffer.from([0]) };
const accepted = { command: 0x0e, payload: Buffer.from([1]) };

t.test('drop: a lost reply means it was heard, a lost request that it was not', async (t) => {
  const { client, fault, nuki } = pairedStreet();
  const nonce = client.challenge();
  const action = Buffer.concat([Buffer.from([1]), u32(1), Buffer.from([0]), nonce]);
  fault({ fault: 'drop', way: 'requests', next: 1 });
  t.strictSame(client.ask(0x0d, action), []);
  t.equal(nuki.truth().motions, 0);
  fault({ fault: 'drop', next: 1 });
  t.equal(client.ask(0x0d, action)[0]!.command, 0x0c, 'ACCEPTED is lost, states arrive');
  t.equal(nuki.truth().motions, 1);
});

/** Which of 100 requests are answered. */
function answered(seed: number): string {
  const { client, fault } = pairedStreet({ seed });
  fault({ fault: 'drop', chance: 0.3 });
  return Array.from({ length: 100 }, () => client.ask(0x01, u16(0x0c)).length).join('');
}

t.test('drop: chance loses its share, the same for the same seed', async (t) => {
  t.equal(answered(7), answered(7));
  t.not(answered(7), answered(8));
  const lost = [...answered(7)].filter((one) => one === '0').length;
  t.ok(lost > 15 && lost < 45, `${lost} of 100`);
});

t.test('corrupt: a spoilt request is refused, a spoilt reply does not open', async (t) => {
  const { client, fault, nuki } = pairedStreet({}, { mtu: 247 });
  fault({ fault: 'corrupt', way: 'requests', next: 1 });
  const refused = client.ask(0x01, u16(0x0c));
  t.match(refused, [{ command: 0x12 }]);
  fault({ fault: 'corrupt', next: 1 });
  t.strictSame(client.ask(0x01, u16(0x0c)), []);
  t.equal(nuki.truth().motions, 0);
});

t.test('silent: connected, and no word', async (t) => {
  const { client, fault, nuki } = pairedStreet();
  fault({ fault: 'silent' });
  t.strictSame(client.ask(0x01, u16(0x0c)), []);
  t.equal(nuki.truth().connections, 1);
  fault({ fault: 'silent', active: false });
  t.equal(client.states()[0], 2);
});

t.test('shadow: no adverts, no connection, and what stands carries nothing', async (t) => {
  const { client, fault, nuki } = pairedStreet();
  fault({ fault: 'shadow' });
  t.equal(nuki.advert(), undefined);
  t.strictSame(client.ask(0x01, u16(0x0c)), []);
  t.equal(new Client(nuki).connect(), false);
  fault({ fault: 'shadow', active: false });
  t.ok(nuki.advert());
  t.equal(new Client(nuki).connect(), true);
});

t.test('connect-failure: the next ones fail, then it connects', async (t) => {
  const { fault, nuki } = pairedStreet();
  fault({ fault: 'connect-failure', next: 2 });
  t.strictSame(
    [1, 2, 3].map(() => new Client(nuki).connect()),
    [false, false, true],
  );
});

t.test('held: phones hold its connections; there are four', async (t) => {
  const { fault, nuki, client } = pairedStreet();
  fault({ fault: 'held', connections: 3 });
  t.equal(new Client(nuki).connect(), false);
  client.disconnect();
  t.equal(new Client(nuki).connect(), true);
  fault({ fault: 'held', active: false });
  t.strictSame(
    [1, 2, 3, 4].map(() => new Client(nuki).connect()),
    [true, true, true, false],
  );
});

t.test('slow: replies come later, and in order', async (t) => {
  const { client, clock, fault } = pairedStreet();
  fault({ fault: 'slow', ms: 500 });
  t.strictSame(client.ask(0x01, u16(0x0c)), []);
  fault({ fault: 'slow', active: false });
  t.strictSame(client.ask(0x01, u16(0x11)), []);
  clock.advance(499);
  t.strictSame(client.told(), []);
  clock.advance(1);
  t.strictSame(
    client.told().map(({ command }) => command),
    [0x0c, 0x11],
  );
});

t.test('small-pieces: whatever the MTU, in pieces of so many bytes', async (t) => {
  const { client, fault } = pairedStreet({}, { mtu: 247 });
  fault({ fault: 'small-pieces', bytes: 7 });
  t.equal(client.states().length, 27);
  t.ok(client.pieces.every(({ length }) => length <= 7));
});

t.test('cut-after-n-writes: the last one is heard, its answer may be', async (t) => {
  const { client, fault, nuki } = pairedStreet();
  fault({ fault: 'cut-after-n-writes', writes: 2 });
  t.match(client.act(1)[0], accepted);
  t.equal(client.ended, true);
  t.strictSame(client.ask(0x01, u16(0x0c)), []);
  t.match(nuki.truth(), { motions: 1, connections: 0 });
});

t.test('hang-up: gone after ACCEPTED, and the motor goes on', async (t) => {
  const { client, clock, door, fault } = pairedStreet();
  fault({ fault: 'hang-up' });
  t.match(client.act(1)[0], accepted);
  clock.advance(1000);
  t.equal(client.ended, true);
  t.equal(door.truth().bolt, 'drawn');
  client.connect();
  t.strictSame([...client.states().subarray(15, 18)], [1, 0, 0]);
});

t.test('action-fails: accepted, then refused by name, and the bolt is where it was', async (t) => {
  for (const code of [0x42, 0x46, 0x49]) {
    const { client, clock, door, fault } = pairedStreet();
    fault({ fault: 'action-fails', code });
    t.match(client.act(1)[0], accepted);
    clock.advance(1000);
    t.strictSame(client.told().at(-1), error(code, 0x0d));
    t.equal(door.truth().bolt, 'thrown');
    t.equal(client.states()[17], { 66: 1, 70: 2, 73: 5 }[code]);
  }
});

t.test('a jammed bolt: blocked for seconds, then it says again where it is', async (t) => {
  const { client, clock, door } = pairedStreet();
  door.fault({ fault: 'bolt-jam', active: true });
  client.act(1);
  clock.advance(1000);
  t.strictSame(client.told().at(-1), error(0x42, 0x0d));
  t.equal(client.states()[1], 0xfe);
  clock.advance(3000);
  t.equal(client.states()[1], 0x01);
});

t.test('busy: refused before anything moves', async (t) => {
  const { client, fault, nuki } = pairedStreet();
  fault({ fault: 'busy', next: 1 });
  t.strictSame(client.act(1), [error(0x45, 0x0d)]);
  t.equal(nuki.truth().motions, 0);
  t.match(client.act(1)[0], accepted);
});

t.test('bad-nonce: the challenge is worthless, a new one is not', async (t) => {
  const { client, fault } = pairedStreet();
  fault({ fault: 'bad-nonce' });
  t.strictSame(client.act(1), [error(0x22, 0x0d)]);
  t.match(client.act(1)[0], accepted);
});

t.test('handle-not-lifted: COMPLETE, and only the log knows better', async (t) => {
  const { client, clock, door, fault } = pairedStreet();
  client.act(1);
  clock.advance(1000);
  fault({ fault: 'handle-not-lifted' });
  client.told();
  client.act(2);
  clock.advance(1000);
  t.strictSame(client.told().at(-1), complete);
  t.equal(door.truth().bolt, 'drawn');
  t.strictSame([...client.states().subarray(15, 18)], [2, 0, 0x0b]);
  const [newest] = client.withPin(0x31, Buffer.concat([u32(0), u16(1), Buffer.from([1, 0])]), pin);
  t.strictSame([...newest!.payload.subarray(48)], [2, 0, 0, 0x0b]);
});

t.test('uncalibrated: it says so and does nothing, until it is calibrated', async (t) => {
  const { client, clock, fault } = pairedStreet();
  fault({ fault: 'uncalibrated' });
  t.equal(client.states()[1], 0x00);
  t.strictSame(client.act(1), [error(0x47, 0x0d)]);
  client.withPin(0x1a, Buffer.alloc(0), pin);
  clock.advance(4000);
  client.told();
  t.equal(client.states()[1], 0x01);
});

t.test('state-stuck, door-sensor, battery-low: it tells what is not so', async (t) => {
  const { client, fault } = pairedStreet();
  fault({ fault: 'state-stuck', at: 0x06 });
  fault({ fault: 'door-sensor', at: 0xf0 });
  fault({ fault: 'battery-low', percent: 8 });
  const states = client.states();
  t.strictSame([states[1], states[12], states[18]], [0x06, (4 << 2) | 1, 0xf0]);
  fault({ fault: 'state-stuck', active: false });
  t.equal(client.states()[1], 0x01);
});

t.test('keypad-battery-low: a bit of its own, where there is a keypad', async (t) => {
  for (const [hasKeypad, bits] of [
    [true, 0b0011],
    [false, 0],
  ] as const) {
    const { client, fault } = pairedStreet({ model: 'gen4', hasKeypad });
    fault({ fault: 'keypad-battery-low' });
    t.equal(client.states()[20]! & 0b0011, bits);
  }
});

t.test('a door sensor with a cut wire is unknown, in the numbers of its generation', async (t) => {
  for (const [model, unknown] of [
    ['gen2', 4],
    ['gen4', 0xff],
  ] as const) {
    const { client, door } = pairedStreet({ model });
    t.equal(client.states()[18], 2);
    door.fault({ fault: 'contact-cut', active: true });
    t.equal(client.states()[18], unknown);
  }
});

t.test('flag-stuck: adverts that never tell of a change, or always do', async (t) => {
  const { fault, nuki, clock } = pairedStreet({}, { idType: 1 });
  const flag = () => nuki.advert()!.manufacturerData!.at(-1)! & 1;
  fault({ fault: 'flag-stuck', at: 0 });
  nuki.turn('unlocked');
  clock.advance(1000);
  t.equal(flag(), 0);
  fault({ fault: 'flag-stuck', at: 1 });
  t.equal(flag(), 1);
});

t.test('log-cleared: what was logged is gone, and it goes on logging', async (t) => {
  const { fault, nuki, clock } = pairedStreet();
  nuki.turn('unlocked');
  clock.advance(1000);
  t.ok(nuki.truth().logged > 0);
  fault({ fault: 'log-cleared' });
  t.equal(nuki.truth().logged, 0);
  nuki.turn('locked');
  clock.advance(1000);
  t.ok(nuki.truth().logged > 0);
});

t.test('reset: nobody is paired with it any more, and nothing is in its log', async (t) => {
  const { fault, nuki, clock, client } = pairedStreet();
  nuki.turn('unlocked');
  clock.advance(1000);
  t.equal(nuki.truth().authorizations.length, 1);
  fault({ fault: 'reset' });
  t.match(nuki.truth(), { authorizations: [], codes: 0, logged: 0, connections: 0 });
  nuki.holdButton();
  client.connect();
  client.pair({ idType: 0 });
  t.equal(nuki.truth().authorizations.length, 1);
});

t.test('clock-drift: its time is another, until it is set', async (t) => {
  const { client, fault } = pairedStreet();
  fault({ fault: 'clock-drift', seconds: 125 });
  t.strictSame([...client.states().subarray(7, 10)], [9, 2, 5]);
  const at = Buffer.concat([u16(2026), Buffer.from([1, 5, 9, 0, 0])]);
  t.strictSame(client.withPin(0x21, at, pin), [complete]);
  t.strictSame(client.states().subarray(3, 10), at);
});
