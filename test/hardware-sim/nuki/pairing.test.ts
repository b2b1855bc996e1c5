import t from 'tap';
import { Client, u16, u32, uuid } from './client.ts';
import { pairedStreet, street } from './street.ts';

const error = (code: number, command = 0) => ({ command: 0x12, payload: Buffer.from([code, ...u16(command)]) });
const complete = { command: 0x0e, payload: Buffer.from([0]) };

for (const model of ['gen2', 'gen4'] as const) {
  for (const mtu of [23, 247]) {
    t.test(`${model} at MTU ${mtu}: ten messages, and the one who paired is heard`, async (t) => {
      const { nuki, client } = street({ model });
      t.ok(nuki.holdButton());
      t.ok(client.connect(mtu));
      t.strictSame(client.pair({ name: 'Hub' }), complete);
      t.ok(client.pieces.every(({ length }) => length <= mtu - 3));
      t.match(nuki.truth(), { isPairing: false, authorizations: [{ id: client.me!.id, idType: 0, name: 'Hub' }] });
      t.equal(client.states()[1], 0x01);
    });
  }
}

t.test('Ultra: the PIN is asked for in a sealed message, and there is no confirmation', async (t) => {
  const { nuki, client } = street({ model: 'ultra' });
  nuki.holdButton();
  client.connect();
  t.match(client.pairWithPin(123_456), { command: 0x07 });
  t.match(nuki.truth(), { isPairing: false, authorizations: [{ id: client.me!.id, idType: 0, name: 'Hub' }] });
  t.equal(client.states().length, 27);
});

t.test('Ultra: a wrong PIN is refused, and after five of them the right one too, for a while', async (t) => {
  const { nuki, client, clock } = street({ model: 'ultra' });
  nuki.holdButton();
  client.connect();
  for (let i = 0; i < 4; i++) t.strictSame(client.pairWithPin(111_111), error(0x21, 0x06));
  t.strictSame(client.pairWithPin(111_111), error(0x28, 0x06));
  t.strictSame(client.pairWithPin(123_456), error(0x28, 0x06));
  clock.advance(60_000);
  t.match(client.pairWithPin(123_456), { command: 0x07 });
  t.equal(nuki.truth().authorizations.length, 1);
});

t.test('nobody pairs but while the button says so, and not for ever', async (t) => {
  const { nuki, client, clock } = street();
  client.connect();
  t.strictSame(client.pair(), error(0x10, 0x01));
  nuki.holdButton();
  t.match(client.pair({ stopAfter: 3 }), { command: 0x04 });
  clock.advance(120_000);
  t.strictSame(client.pair(), error(0x10, 0x01));
  t.strictSame(nuki.truth().authorizations, []);
});

t.test('broken off after any message, it leaves nobody behind', async (t) => {
  for (const stopAfter of [1, 3, 5, 7]) {
    const { nuki, client } = street();
    nuki.holdButton();
    client.connect();
    client.pair({ stopAfter });
    client.disconnect();
    t.strictSame(nuki.truth().authorizations, [], `after message ${stopAfter}`);
    client.connect();
    t.strictSame(client.pair(), complete, 'and can be begun anew');
  }
});

t.test('a wrong proof, a wrong check, a wrong length and a wrong order are refused', async (t) => {
  const { nuki, client } = street();
  nuki.holdButton();
  client.connect();
  client.pair({ stopAfter: 3 });
  t.strictSame(client.clear(uuid.pairing, 0x05, Buffer.alloc(32)), [error(0x11, 0x05)]);
  t.strictSame(client.clear(uuid.pairing, 0x05, Buffer.alloc(32)), [error(0x12, 0x05)], 'and it has to begin anew');
  client.write(uuid.pairing, Buffer.from('0100030027a8', 'hex'));
  t.strictSame(client.told(), [error(0xfd, 0x01)]);
  client.write(uuid.pairing, Buffer.from('01', 'hex'));
  t.strictSame(client.told(), [error(0xfe)]);
  client.pair({ stopAfter: 1 });
  t.strictSame(client.clear(uuid.pairing, 0x03, Buffer.alloc(32)), [error(0x12, 0x03)], 'a key of zeros');
});

t.test('the same client replaces itself, a bridge the other bridge, and there is an end to it', async (t) => {
  const { nuki, client } = street();
  client.connect();
  const pair = (id: number, idType = 0) => {
    nuki.holdButton();
    return client.pair({ id, idType });
  };
  pair(7);
  pair(7);
  t.equal(nuki.truth().authorizations.length, 1);
  pair(8, 1);
  pair(9, 1);
  t.strictSame(
    nuki.truth().authorizations.map(({ idType }) => idType),
    [0, 1],
  );
  pair(10);
  pair(11);
  t.strictSame(pair(12), error(0x13, 0x06));
});

t.test('two are paired at once, each with its own key and its own challenge', async (t) => {
  const { nuki, client } = pairedStreet();
  const other = new Client(nuki);
  other.connect(247);
  nuki.holdButton();
  other.pair({ id: 8 });
  const nonce = client.challenge();
  const theirs = other.challenge();
  const action = Buffer.concat([Buffer.from([1]), u32(1), Buffer.from([0])]);
  t.strictSame(other.ask(0x0d, Buffer.concat([action, nonce])), [error(0x22, 0x0d)]);
  t.strictSame(client.ask(0x0d, Buffer.concat([action, theirs])), [error(0x22, 0x0d)]);
  t.equal(nuki.truth().motions, 0);
});

t.test('adverts: factory-new, pairing, at the door; a name in the scan response', async (t) => {
  const { nuki, client } = street();
  t.match(nuki.advert(), {
    name: 'Nuki_33C335C5',
    serviceData: { uuid: 'a92ee000550111e4916c0800200c9a66', bytes: Buffer.from('33c335c5', 'hex') },
  });
  nuki.holdButton();
  t.match(nuki.advert()?.serviceData, { uuid: 'a92ee100550111e4916c0800200c9a66' });
  t.ok(nuki.advert()!.payload.length <= 31 && nuki.advert()!.scanResponse.length <= 31);
  client.connect();
  client.pair();
  const beacon = '4c000215a92ee200550111e4916c0800200c9a6633c335c5c8';
  t.equal(Buffer.from(nuki.advert()!.manufacturerData!).toString('hex'), beacon, 'as a real one was captured');
  t.equal(Buffer.from(nuki.advert()!.payload).toString('hex'), `0201061aff${beacon}`);
  t.equal(street({ model: 'ultra' }).nuki.services[0]!.uuid, 'a92ee300550111e4916c0800200c9a66');
});
