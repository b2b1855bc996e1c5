/** When the hub takes a photo of a doorstep, and when not: S076, S079, S080. */
import { exportJWK, generateKeyPair } from 'jose';
import t, { type Test } from 'tap';
import { checkConfig } from '../../../device/config/load.ts';
import { doorstepDesk } from '../../../device/doorstep/desk.ts';
import { installDoorsteps } from '../../../device/doorstep/install.ts';
import { deliverer } from '../../../device/media/deliver.ts';
import { type HubPhoto, maxHubPhotosAnHour, maxPhotosOfAttempt, unpackPhoto } from '../../../wire/delivery-photo.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { documentIn, readMedia, writeAck } from '../../../wire/media.ts';
import { openSealed } from '../../../wire/seal.ts';
import { WoundClock } from '../../support/clock.ts';
import { newDoorId, newHubId } from '../../support/keys.ts';
import { freshStore } from '../../support/store.ts';
import { decoded, drawn } from './pictures.ts';

const door = newDoorId();
const frame = { left: 20, top: 20, width: 60, height: 60 };
const good = drawn();
const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
const { kty, crv, x, y } = await exportJWK(pair.publicKey);
const seal = { kty, crv, x, y };

/** A desk over a real journal; its camera gives what it is told to give. */
function bench(t: Test, pictures: () => Uint8Array = () => good) {
  const clock = new WoundClock(1_790_000_000_000);
  const { journal } = freshStore(t, newHubId());
  const inForce = { retention: { doorPhotos: true }, owners: { version: 3, devices: [{ seal }], keys: [] } };
  const told = { holds: 0, shots: 0, sent: [] as Uint8Array[], isTaken: true, knows: true };
  const desk = doorstepDesk({
    cameras: new Map([
      [
        door,
        {
          frame,
          hold: () => {
            told.holds += 1;
            return () => {
              told.holds -= 1;
            };
          },
          snapshot: async () => {
            told.shots += 1;
            clock.pass(500);
            return pictures();
          },
        },
      ],
    ]),
    knows: () => told.knows,
    trust: { inForce: () => inForce as never },
    journal,
    record: async (draft) => journal.append([draft]),
    deliver: async (_stream, message) => {
      told.sent.push(message);
      return told.isTaken;
    },
    clock,
    now: () => clock.now(),
  });
  const stop = { delivery: newId(), attempt: 1, door };
  const noted = () => journal.recent({ door, kinds: ['stop.photo'] }, 99).map(({ body }) => body);
  return { clock, desk, inForce, told, stop, noted };
}

t.test('taken: written down before it leaves, sealed for the household, nothing but the frame in it', async (t) => {
  const { desk, told, stop, noted, clock } = bench(t);
  const taken = await desk.photograph(stop);
  if (!taken.ok) throw new TypeError(taken.code);
  const read = readMedia(told.sent[0]!);
  if (!read.ok) throw new TypeError(read.code);
  t.match(read.value, { type: 'photo', seq: 1, isKey: false });
  const { sealed, ...rest } = JSON.parse(documentIn(read.value)) as HubPhoto;
  t.same(rest, { delivery: stop.delivery, attempt: 1, ownerList: 3 });
  t.equal(hashOf(sealed), taken.value.photo);
  const opened = unpackPhoto(await openSealed(sealed, pair.privateKey))!;
  t.same(opened.facts, { delivery: stop.delivery, attempt: 1, at: clock.now(), door, flaws: [], blurred: 'frame' });
  t.match(await decoded(opened.picture), { width: 320, height: 240 });
  t.same(noted(), [{ delivery: stop.delivery, attempt: 1, photo: taken.value.photo }]);
  t.equal(told.holds, 0, 'the camera is let go');
});

t.test('a camera that was off is waited for until its picture is good', async (t) => {
  let shot = 0;
  const { desk, told, stop } = bench(t, () => {
    shot += 1;
    return shot < 4 ? drawn({ light: 0.02 }) : good;
  });
  t.match(await desk.photograph(stop), { ok: true });
  t.equal(told.shots, 4);
});

const flat = drawn({ tile: 400 });
for (const [why, picture] of Object.entries({ dark: drawn({ light: 0.02 }), blurred: flat })) {
  t.test(`${why}: not accepted, said why, written down, nothing sealed or sent`, async (t) => {
    const { desk, told, stop, noted } = bench(t, () => picture);
    t.match(await desk.photograph(stop), { ok: false, code: 'PHOTO_POOR', detail: { flaw: why } });
    t.same(noted(), [{ delivery: stop.delivery, attempt: 1, why }]);
    t.same(told.sent, []);
    t.equal(told.holds, 0);
  });
}

t.test('without the owner’s word, without a stop, without a household: the camera is not even started', async (t) => {
  for (const [code, change] of [
    ['PHOTO_NOT_WANTED', ({ inForce }: ReturnType<typeof bench>) => Object.assign(inForce, { retention: undefined })],
    [
      'PHOTO_NOT_WANTED',
      ({ inForce }: ReturnType<typeof bench>) => Object.assign(inForce.retention, { doorPhotos: false }),
    ],
    ['STOP_NOT_HERE', ({ told }: ReturnType<typeof bench>) => Object.assign(told, { knows: false })],
    ['OWNER_MISSING', ({ inForce }: ReturnType<typeof bench>) => Object.assign(inForce, { owners: undefined })],
  ] as const) {
    const one = bench(t);
    change(one);
    t.match(await one.desk.photograph(one.stop), { ok: false, code });
    t.equal(one.told.shots, 0);
    t.same(one.noted(), []);
  }
  const { desk, stop } = bench(t);
  t.match(await desk.photograph({ ...stop, door: newDoorId() }), { ok: false, code: 'CAMERA_NOT_CONFIGURED' });
});

t.test('S080: switched off while the camera looks, nothing is sealed', async (t) => {
  const one = bench(t, () => {
    one.inForce.retention.doorPhotos = false;
    return good;
  });
  t.match(await one.desk.photograph(one.stop), { ok: false, code: 'PHOTO_NOT_WANTED' });
  t.same(one.told.sent, []);
});

t.test('a few of one stop, and some at a door in an hour: whoever asks for more gets none', async (t) => {
  const { desk, stop, told, clock } = bench(t);
  for (let at = 0; at < maxPhotosOfAttempt; at += 1) t.match(await desk.photograph(stop), { ok: true });
  t.match(await desk.photograph(stop), { ok: false, code: 'RATE_LIMITED' });
  for (let at = maxPhotosOfAttempt; at < maxHubPhotosAnHour; at += 1) {
    t.match(await desk.photograph({ ...stop, delivery: newId() }), { ok: true });
  }
  t.match(await desk.photograph({ ...stop, delivery: newId() }), { ok: false, code: 'RATE_LIMITED' });
  t.equal(told.shots, maxHubPhotosAnHour);
  clock.pass(3_600_000);
  t.match(await desk.photograph({ ...stop, delivery: newId() }), { ok: true });
});

t.test('what the cloud does not take is no photo, and one at a time', async (t) => {
  const { desk, stop, told } = bench(t);
  told.isTaken = false;
  const [first, second] = await Promise.all([desk.photograph(stop), desk.photograph(stop)]);
  t.match(first, { ok: false, code: 'CLOUD_SILENT' });
  t.match(second, { ok: false, code: 'RATE_LIMITED' });
});

t.test('a message of its own is said again until the relay has it, and given up in time', async (t) => {
  const clock = new WoundClock(0);
  const sent: Uint8Array[] = [];
  let onAck: (payload: Uint8Array) => void = () => undefined;
  let isOnline = false;
  let busy = 0;
  const link = {
    send: (message: Uint8Array) => isOnline && sent.push(message) > 0,
    onAck: (listener: typeof onAck) => {
      onAck = listener;
    },
  };
  const onBusy = (isBusy: boolean): void => {
    busy += isBusy ? 1 : -1;
  };
  const deliver = deliverer({ link, clock, onBusy });
  const stream = newId();
  const given = deliver(stream, Uint8Array.of(1));
  clock.pass(1_000);
  t.same([sent.length, busy], [0, 1]);
  isOnline = true;
  clock.pass(4_000);
  t.equal(sent.length, 2);
  onAck(writeAck({ kind: 'stored', stream: newId(), ranges: [[1, 1]] }));
  onAck(writeAck({ kind: 'seen', stream, seqs: [1] }));
  onAck(Uint8Array.of(9));
  onAck(writeAck({ kind: 'stored', stream, ranges: [[1, 1]] }));
  t.equal(await given, true);
  const lost = deliver(newId(), Uint8Array.of(2));
  clock.pass(20_000);
  t.equal(await lost, false);
  t.equal(busy, 0);
});

t.test('which camera looks at a doorstep is the installer’s word: one that gives JPEG, or stills', async (t) => {
  const lock = { kind: 'osdp', port: 'bus.tty' };
  const camera = { kind: 'process', command: ['none'], codec: 'jpeg' };
  const stills = { kind: 'vc0706', port: 'still.tty' };
  const of = (more: object) => checkConfig({ dataDir: 'd', doors: [{ id: door, name: 'front', lock, ...more }] }, '/');
  const given = { hold: () => () => undefined, snapshot: async () => good };
  const parts = { clock: new WoundClock(0), log: { camera: () => undefined, unexpected: () => undefined } };
  const found = (more: object) => installDoorsteps(of(more).doors, new Map([[door, given]]), parts);
  t.equal(found({ camera }).size, 0, 'a camera is for nothing that it was not named for');
  t.same(
    await found({ camera, doorstep: { from: 'camera', frame } })
      .get(door)
      ?.snapshot(),
    good,
  );
  const serial = found({ camera, stills, doorstep: { from: 'stills', frame } }).get(door)!;
  await t.rejects(serial.snapshot(), { code: 'CAMERA_NOT_LIVE' }, 'it runs only while it is held');
  for (const bad of [
    { doorstep: { from: 'camera', frame } },
    { camera: { ...camera, codec: 'h264' }, doorstep: { from: 'camera', frame } },
    { camera, doorstep: { from: 'stills', frame } },
    { camera, doorstep: { from: 'camera', frame: { ...frame, width: 90 } } },
    { camera, doorstep: { from: 'camera' } },
  ]) {
    t.throws(() => of(bad), { code: 'CONFIG_INVALID' });
  }
});
