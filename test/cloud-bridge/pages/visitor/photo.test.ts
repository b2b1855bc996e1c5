/** What the courier's phone does to a photo before it leaves: S077, S082. */
import { exportJWK, generateKeyPair } from 'jose';
import t from 'tap';
import { blockOf, blurAt, blurOutside } from '../../../../cloud-bridge/pages/visitor/photo/blur.ts';
import { flawsOf, frameOf, type Pixels } from '../../../../cloud-bridge/pages/visitor/photo/judge.ts';
import { devicesOf, sealPhoto } from '../../../../cloud-bridge/pages/visitor/photo/seal.ts';
import { packPhoto, unpackPhoto } from '../../../../wire/delivery-photo.ts';
import { newId, signDocument } from '../../../../wire/jws.ts';
import { ownerListForm } from '../../../../wire/owner.ts';
import { openSealed } from '../../../../wire/seal.ts';
import type { EcJwk, OkpJwk } from '../../../../wire/shapes.ts';
import { newSignKey } from '../../support/keys.ts';

/** @param luma  of each place, 0..255 */
function paint(width: number, height: number, luma: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data.set([luma(x, y), luma(x, y), luma(x, y), 255], 4 * (y * width + x));
  }
  return { width, height, data };
}

/** A parcel with a label, lit like this. */
const parcel = (light: number) => (x: number, y: number) =>
  Math.floor(x / 12) % 2 === Math.floor(y / 12) % 2 ? 200 * light : 90 * light;
/** The same, out of focus. */
const soft = (luma: (x: number, y: number) => number) => (x: number, y: number) => {
  let sum = 0;
  for (let dx = -12; dx < 12; dx += 3) for (let dy = -12; dy < 12; dy += 3) sum += luma(x + dx, y + dy);
  return sum / 64;
};

t.test('sharp and lit passes; dark, bright and out of focus are told apart', async (t) => {
  t.same(flawsOf(paint(960, 720, parcel(1))), []);
  t.same(flawsOf(paint(960, 720, parcel(0.1))), ['dark']);
  t.same(flawsOf(paint(960, 720, () => 250)), ['bright', 'blurred']);
  t.same(
    flawsOf(
      paint(
        480,
        360,
        soft((x, y) => parcel(1)(x, y) * (1 + Math.sin(x / 40) / 4)),
      ),
    ),
    ['blurred'],
  );
  const noisy = paint(960, 720, (x, y) => 12 + ((x * 7919 + y * 104729) % 13));
  t.match(flawsOf(noisy), ['dark'], 'noise does not make a dark picture good');
});

t.test('S082: outside of the frame each block has one colour, inside nothing has changed', async (t) => {
  for (const [width, height] of [
    [960, 720],
    [701, 1280],
  ] as const) {
    const before = paint(width, height, (x, y) => (x * 31 + y * 17 + ((x * y) % 97)) % 256);
    const pixels = { ...before, data: before.data.slice() };
    const frame = frameOf(pixels);
    blurOutside(pixels, frame);
    const side = blockOf(pixels);
    const isInside = (x: number, y: number) =>
      x >= frame.left && y >= frame.top && x < frame.left + frame.width && y < frame.top + frame.height;
    const colours = new Map<string, Set<number>>();
    let changed = 0;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = 4 * (y * width + x);
        if (isInside(x, y)) changed += pixels.data[at] === before.data[at] ? 0 : 1;
        else {
          const block = `${Math.floor(x / side)} ${Math.floor(y / side)}`;
          colours.set(block, (colours.get(block) ?? new Set()).add(pixels.data[at]!));
        }
      }
    }
    t.equal(changed, 0);
    t.ok([...colours.values()].every(({ size }) => size === 1));
    t.ok(colours.size < 700, `${colours.size} colours are all that is left of it`);
  }
});

t.test('S082: what the courier draws over inside of the frame goes, too', async (t) => {
  const pixels = paint(960, 720, (x, y) => (x * 31 + y * 17) % 256);
  const side = blockOf(pixels);
  blurAt(pixels, 500, 400);
  const [left, top] = [Math.floor(500 / side) * side, Math.floor(400 / side) * side];
  const seen = new Set<number>();
  for (let y = top; y < top + side; y += 1) {
    for (let x = left; x < left + side; x += 1) seen.add(pixels.data[4 * (y * 960 + x)]!);
  }
  t.equal(seen.size, 1);
});

const newDevice = async () => {
  const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  const { x, y } = await exportJWK(pair.publicKey);
  return { jwk: { kty: 'EC', crv: 'P-256', x, y } as EcJwk, privateKey: pair.privateKey };
};

t.test('what the page seals each device of the household opens, and nobody else', async (t) => {
  const [one, two, stranger] = [await newDevice(), await newDevice(), await newDevice()];
  const facts = { delivery: newId(), attempt: 1, at: 5, flaws: [], blurred: 'frame' } as const;
  const plain = packPhoto({ ...facts, flaws: [] }, new Uint8Array([1, 2, 3]));
  for (const devices of [[one], [one, two]]) {
    const sealed = await sealPhoto(
      devices.map(({ jwk }) => jwk),
      plain,
    );
    for (const { privateKey } of devices) {
      t.match(unpackPhoto(await openSealed(sealed, privateKey)), { facts, picture: new Uint8Array([1, 2, 3]) });
    }
    await t.rejects(openSealed(sealed, stranger.privateKey));
  }
  t.equal(unpackPhoto(new Uint8Array([0, 0])), undefined);
  t.equal(unpackPhoto(new Uint8Array([0, 0, 0, 9, 1])), undefined);
  t.equal(unpackPhoto(new Uint8Array([0, 0, 0, 1, 1])), undefined);
});

t.test('a list that another hub has signed, or that was changed, is sealed for by nobody', async (t) => {
  const [hub, other, device] = [await newSignKey('Ed25519'), await newSignKey('Ed25519'), await newDevice()];
  const sign = (await newSignKey('ES256')).jwk as EcJwk;
  const id = `hub-${'a'.repeat(20)}`;
  const claims = { iss: id, version: 3, iat: 1, devices: [{ sign, seal: device.jwk }] };
  const ownerList = await signDocument(ownerListForm, claims, hub);
  const keys = { hub: id, hubKey: hub.jwk as OkpJwk, ownerList };
  t.match(await devicesOf(keys), { version: 3, devices: [{ seal: device.jwk }] });
  t.equal(await devicesOf({ ...keys, hubKey: other.jwk as OkpJwk }), undefined);
  t.equal(await devicesOf({ ...keys, hub: `hub-${'b'.repeat(20)}` }), undefined);
  const [head, , signature] = ownerList.split('.');
  const forged = Buffer.from(JSON.stringify({ ...claims, version: 4 })).toString('base64url');
  t.equal(await devicesOf({ ...keys, ownerList: `${head}.${forged}.${signature}` }), undefined);
});
