/** A parcel that is put down before a door with a camera: the real hub takes the photo, only where the owner's signed word lets it. S076, S079, S080, S082, S084, R10. */
import t from 'tap';
import * as v from 'valibot';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { unpackPhoto } from '../../wire/delivery-photo.ts';
import { fromEntryText } from '../../wire/journal.ts';
import { hashOf, newId, peek, type SignKey, signDocument } from '../../wire/jws.ts';
import { openSealed } from '../../wire/seal.ts';
import { type StopActClaims, StopView, stopActForm } from '../../wire/stop.ts';
import { stopReceiptForm, stopSealForm } from '../../wire/stop-receipt.ts';
import { verifyEvidence } from '../../wire/verify-evidence.ts';
import { newSignKey } from '../cloud-bridge/support/keys.ts';
import { decoded } from '../device/doorstep/pictures.ts';
import { openRig } from '../support/rig.ts';
import { Villain } from './hostile/villain.ts';

const frame = { left: 25, top: 25, width: 50, height: 50 };
const rig = await openRig(t, {
  doors: [{ name: 'front', camera: 'jpeg', hub: { doorstep: { from: 'camera', frame } } }],
});
const { owner, carrier } = rig;
const { http } = owner;
const home = `/v1/homes/${owner.pinned.home}`;
const door = rig.door().id;
const Any = v.any();
const ask = async (method: 'GET' | 'PUT', path: string, body?: object) =>
  mustHave(await http.call({ method, path: `${home}${path}`, proof: owner.keys.sign, ...(body && { body }) }, Any));

let word = 0;
/** The owner's signed word on photos by the hub, at the hub. */
const allow = async (doorPhotos: boolean | undefined): Promise<void> => {
  word += 1;
  mustHave(await owner.orders.keepRecordings(word, 72, [], doorPhotos));
};
/** It is early in the morning there: no test runs into a midnight. */
const ahead = Math.round((5 - new Date(rig.time.now()).getUTCHours() + 36) % 24) - 12;
const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
let version = 0;
const wish = async (more: object = {}): Promise<void> => {
  version += 1;
  const wishes = { order: ['drop'], drop: 'Behind the shed', zone, waitSeconds: 0, ...more };
  await ask('PUT', '/wishes', { version, wishes });
};

/** A courier who has rung, and stands before the door with the parcel. */
async function atDrop() {
  const nowS = Math.floor(rig.time.now() / 1000);
  const announced = { door, from: nowS - 60, until: nowS + 7_200, parcels: 1, reference: newId(), can: ['drop'] };
  const { delivery } = mustHave(await carrier.dispatch.announce(announced as never));
  const { token } = mustHave(await carrier.dispatch.taskLink(delivery));
  const key: SignKey = await newSignKey('ES256');
  const path = `/v1/tasks/${token}`;
  const call = (method: 'GET' | 'POST', at: string, body?: object) =>
    http.call({ method, path: `${path}${at}`, proof: key, ...(body && { body }) }, Any);
  const look = async (): Promise<StopView> => v.parse(StopView, mustHave(await call('GET', '/stop')));
  const act = async (claims: object) => {
    const { nonce } = await look();
    const whole = { delivery, attempt: 1, jti: newId(), nonce, iat: Math.floor(rig.time.now() / 1000), ...claims };
    return call('POST', '/stop/acts', { act: await signDocument(stopActForm, whole as StopActClaims, key) });
  };
  mustHave(await call('POST', '/claim', {}));
  mustHave(await act({ act: 'arrive' }));
  mustHave(await act({ act: 'ring' }));
  rig.time.wind(1_000);
  return { delivery, look, act, photograph: () => call('POST', '/stop/photo', {}) };
}
const noted = (delivery: string) =>
  rig.hubJournal().flatMap((text) => {
    const read = fromEntryText(text);
    return read.ok && read.value.kind === 'stop.photo' && read.value.body.delivery === delivery
      ? [read.value.body]
      : [];
  });
const photosOf = async (delivery: string) => (await ask('GET', `/deliveries/${delivery}/photos`)).photos;

t.test('put down: the hub takes the photo, the household alone opens it, the receipt has the hub say so', async (t) => {
  await wish();
  await allow(true);
  rig.sim.scene('front', { courier: 'here', parcel: true });
  const courier = await atDrop();
  await rig.until('the courier is offered the camera', async () => (await courier.look()).doorCamera);
  t.equal((await courier.look()).doorNumber, undefined, 'there is no keypad');
  const { photo } = mustHave(await courier.photograph());
  t.match(await photosOf(courier.delivery), [{ photo, by: 'hub', attempt: 1, isProof: false }]);
  t.match(mustHave(await courier.act({ act: 'put', place: 'drop', photo })), { end: 'put' });
  t.match(await photosOf(courier.delivery), [{ photo, by: 'hub', isProof: true }]);
  t.same(noted(courier.delivery), [{ delivery: courier.delivery, attempt: 1, photo }]);
  const { deliveries } = await ask('GET', '/deliveries');
  const isIt = (one: { delivery: string }): boolean => one.delivery === courier.delivery;
  t.match(deliveries.find(isIt), { state: 'delivered', outcome: 'put', proof: 'hub-photo' });

  const { sealed } = await ask('GET', `/deliveries/${courier.delivery}/photos/${photo}`);
  t.equal(hashOf(sealed), photo);
  const opened = unpackPhoto(await openSealed(sealed, owner.keys.seal.privateKey))!;
  t.match(opened.facts, { delivery: courier.delivery, attempt: 1, door, blurred: 'frame', flaws: [] });
  const { width, height, data } = await decoded(opened.picture);
  const spread = (left: number, top: number, side: number): number => {
    const greens: number[] = [];
    for (let y = top; y < top + side; y += 1)
      for (let x = left; x < left + side; x += 1) greens.push(data[4 * (y * width + x) + 1]!);
    return Math.max(...greens) - Math.min(...greens);
  };
  t.same([width, height], [640, 480]);
  t.ok(spread(2, 2, 28) <= 2, 'S082: outside of the frame nothing is told apart');
  t.ok(spread(260, 180, 120) > 20, 'inside everything is');

  const pack = await rig.until('the receipt is sealed', async () => {
    const { packs } = await ask('GET', `/deliveries/${courier.delivery}/evidence`);
    return packs[0]?.seal === undefined ? undefined : packs[0];
  });
  const receipt = peek(stopReceiptForm, pack.receipt);
  const seal = peek(stopSealForm, pack.seal);
  t.equal(receipt.ok && receipt.value.claims.handover.photo, photo);
  t.equal(seal.ok && seal.value.claims.saw.photo, photo, 'signed by the hub');
  const verified = await verifyEvidence(JSON.stringify(pack));
  t.equal(verified.ok && verified.value.seal?.saw.photo, photo);
});

t.test('too dark: it is not accepted, the courier is told why, and takes the photo by hand', async (t) => {
  const courier = await atDrop();
  rig.sim.cameraFault('front', { fault: 'blackout', active: true });
  const refused = await courier.photograph();
  rig.sim.cameraFault('front', { fault: 'blackout', active: false });
  t.match(refused, { ok: false, code: 'PHOTO_POOR' });
  t.same(noted(courier.delivery), [{ delivery: courier.delivery, attempt: 1, why: 'dark' }]);
  t.same(await photosOf(courier.delivery), []);
  t.match(await courier.act({ act: 'put', place: 'drop' }), { ok: false, code: 'STOP_PROOF_MISSING' });
});

t.test('S079, S080: without the owner’s signed word the hub takes none, whatever the cloud says', async (t) => {
  const villain = await Villain.open(t, rig);
  const delivery = newId();
  const stop = { delivery, attempt: 1, door };
  const expect = { op: 'stop.expect', ...stop, until: rig.time.now() + 600_000 } as const;
  const photograph = { op: 'stop.photograph', ...stop } as const;
  t.equal(await villain.codeOf(photograph), 'STOP_NOT_HERE', 'of no stop that it was not told of');
  for (const off of [false, undefined]) {
    await allow(off);
    const courier = await atDrop();
    t.notOk((await courier.look()).doorCamera, 'nobody is offered it');
    t.match(await courier.photograph(), { ok: false, code: 'PHOTO_NOT_WANTED' });
    t.match(await villain.ask(expect), { ok: true });
    t.equal(await villain.codeOf(photograph), 'PHOTO_NOT_WANTED');
    t.equal(await villain.codeOf({ ...photograph, delivery: courier.delivery }), 'PHOTO_NOT_WANTED');
    t.same([...noted(delivery), ...noted(courier.delivery)], []);
  }
  const other = { ...photograph, door: `door-${'a'.repeat(20)}` };
  t.equal(await villain.codeOf(other), 'CAMERA_NOT_CONFIGURED');
});

t.test('S080: the cloud asks for none where the wishes want none, although the hub would', async (t) => {
  await allow(true);
  const courier = await atDrop();
  await wish({ photos: false });
  t.match(await courier.look(), { photo: false });
  t.match(await courier.photograph(), { ok: false, code: 'PHOTO_NOT_WANTED' });
  t.same(noted(courier.delivery), []);
});
