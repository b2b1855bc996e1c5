import { createHmac, randomBytes } from 'node:crypto';
import t from 'tap';
import { guestToken, proveGuest, verifyGuest } from '../../wire/guest.ts';

const secret = randomBytes(32).toString('base64url');
const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const hmac = (text: string): string =>
  createHmac('sha256', Buffer.from(secret, 'base64url')).update(text).digest('base64url');

t.test('what the cloud finds it by says nothing of the secret, and proves nothing', async (t) => {
  const token = await guestToken(secret);
  t.equal(token, hmac('doorward-guest-token-1'));
  t.match(token, /^[\w-]{43}$/);
  t.not(await proveGuest(token, jkt), await proveGuest(secret, jkt));
});

t.test("R3: a proof holds for this link's secret and this key, and for no other", async (t) => {
  const proof = await proveGuest(secret, jkt);
  t.equal(proof, hmac(`doorward-guest-key-1:${jkt}`));
  t.same(await verifyGuest(secret, { jkt, proof }), { ok: true, value: { jkt } });
  const other = `${jkt.slice(0, -1)}Q`;
  const no = { ok: false, code: 'INVITATION_NOT_GENUINE' };
  t.match(await verifyGuest(secret, { jkt: other, proof }), no);
  t.match(await verifyGuest(randomBytes(32).toString('base64url'), { jkt, proof }), no);
  t.match(await verifyGuest(secret, { jkt, proof: proof.slice(0, -1) }), no);
  t.match(await verifyGuest(secret, { jkt, proof: '' }), no);
});
