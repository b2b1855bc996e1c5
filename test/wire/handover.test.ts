import { createHmac } from 'node:crypto';
import t from 'tap';
import {
  fromHandoverUri,
  type HandoverCode,
  proveHandover,
  toHandoverUri,
  verifyHandover,
} from '../../wire/handover.ts';
import { newId, thumbprintOf } from '../../wire/jws.ts';
import type { EcJwk, OkpJwk } from '../../wire/shapes.ts';
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

t.test(
  'a proof is an HMAC of the secret over label, side, hub and the thumbprints of all keys, one a line',
  async (t) => {
    const mark = { key: cast.hub.jwk as OkpJwk, note: 'n'.repeat(43) };
    const passkey = { id: newId(), jwk: cast.stranger.ec.jwk as EcJwk, rp: 'doorward.example' };
    const { x, y } = passkey.jwk;
    const keys = [cast.hub.kid, thumbprintOf(device.sign), thumbprintOf(device.seal)];
    const said = ['doorward-handover-1', 'phone', code.hub, ...keys];
    const more = [[x, y, passkey.id, passkey.rp].join('.'), `recovery ${cast.hub.kid} ${mark.note}`];
    const hmac = (lines: readonly string[]): string =>
      createHmac('sha256', Buffer.from(code.secret, 'base64url')).update(lines.join('\n')).digest('base64url');
    t.equal(await proveHandover('phone', code, device), hmac(said));
    t.equal(await proveHandover('phone', code, { ...device, passkey }, mark), hmac([...said, ...more]));
  },
);

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
