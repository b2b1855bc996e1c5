import t from 'tap';
import { DeviceKeys, maxDeviceKeys } from '../../../device/grant/device-keys.ts';
import { verifyKnock } from '../../../wire/knock.ts';
import { knockOf, newCast, newSignKey } from '../../support/keys.ts';

t.test('a key is imported once, and is the key that came', async (t) => {
  const keys = new DeviceKeys();
  const { jwk, kid } = await newSignKey('ES256');
  const first = await keys.import(jwk);
  t.equal(first.kid, kid);
  t.equal(await keys.import({ ...jwk }), first, 'the same key again');
  t.not(await keys.import((await newSignKey('ES256')).jwk), first, 'another key');
});

t.test('of very many keys the oldest is forgotten', async (t) => {
  const keys = new DeviceKeys();
  const { jwk } = await newSignKey('ES256');
  const first = await keys.import(jwk);
  for (let n = 0; n < maxDeviceKeys; n += 1) await keys.import((await newSignKey('ES256')).jwk);
  t.not(await keys.import(jwk), first);
});

t.test('a kept key still refuses a knock that it did not sign', async (t) => {
  const cast = await newCast();
  const keys = new DeviceKeys();
  const { kid } = cast.courier;
  const good = await knockOf(cast, { act: 'open', visit: 'a'.repeat(22), nonce: 'b'.repeat(22), grant: 'a grant' });
  t.ok((await verifyKnock(good, kid, (jwk) => keys.import(jwk))).ok);
  const [header, claims, signature = ''] = good.split('.');
  const bent = Buffer.from(signature, 'base64url');
  bent[0]! ^= 1;
  const forged = `${header}.${claims}.${bent.toString('base64url')}`;
  t.match(await verifyKnock(forged, kid, (jwk) => keys.import(jwk)), { ok: false, code: 'KNOCK_NOT_GENUINE' });
});
