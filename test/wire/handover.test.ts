import t from 'tap';
import {
  fromHandoverUri,
  type HandoverCode,
  proveHandover,
  toHandoverUri,
  verifyHandover,
} from '../../wire/handover.ts';
import { newId } from '../../wire/jws.ts';
import type { EcJwk } from '../../wire/shapes.ts';
import { newCast, newHubId, newSealJwk } from '../support/keys.ts';

const cast = await newCast();
const code: HandoverCode = { hub: cast.hubId, key: cast.hub.kid, secret: newId() };
const device = { sign: cast.owner.sign.jwk as EcJwk, seal: cast.owner.seal };

t.test('the text of the QR code is read back', async (t) => {
  t.same(fromHandoverUri(toHandoverUri(code)), { ok: true, value: code });
});

t.test('any other text is malformed', async (t) => {
  const good = toHandoverUri(code);
  for (const uri of [
    '',
    good.slice(0, -1),
    `${good}&x=1`,
    good.replace('doorward', 'https'),
    `x${good}`,
    `${good}\n`,
    good.repeat(5),
  ]) {
    t.match(fromHandoverUri(uri), { code: 'HANDOVER_MALFORMED' }, uri.slice(0, 40));
  }
});

t.test('a proof holds for this secret, hub, key, device and side, and for no other', async (t) => {
  const proof = await proveHandover('phone', code, device);
  t.same(await verifyHandover('phone', code, device, proof), { ok: true, value: device });
  const other = cast.stranger.ec.jwk as EcJwk;
  const wrong = { code: 'HANDOVER_NOT_GENUINE' };
  t.match(await verifyHandover('hub', code, device, proof), wrong, 'sent back as the proof of the hub');
  t.match(await verifyHandover('phone', { ...code, secret: newId() }, device, proof), wrong);
  t.match(await verifyHandover('phone', { ...code, hub: newHubId() }, device, proof), wrong);
  t.match(await verifyHandover('phone', { ...code, key: cast.issuer.kid }, device, proof), wrong);
  t.match(await verifyHandover('phone', code, { ...device, sign: other }, proof), wrong, 'a key slipped in on the way');
  t.match(await verifyHandover('phone', code, { ...device, seal: newSealJwk() }, proof), wrong);
  t.match(await verifyHandover('phone', code, { sign: device.seal, seal: device.sign }, proof), wrong, 'keys swapped');
  t.match(await verifyHandover('phone', code, device, ''), wrong);
});

t.test('a device whose key is no point of its curve is refused, even with a good proof', async (t) => {
  const broken = { ...device, seal: { ...device.seal, x: 'A'.repeat(43), y: 'A'.repeat(43) } };
  const proof = await proveHandover('phone', code, broken);
  t.match(await verifyHandover('phone', code, broken, proof), { code: 'HANDOVER_NOT_GENUINE' });
});
