import { createHmac, randomBytes } from 'node:crypto';
import t from 'tap';
import { guestToken, proveGuest, readGuestFragment, toGuestUrl, verifyGuest } from '../../wire/guest.ts';
import { readTaskFragment } from '../../wire/task.ts';

const secret = randomBytes(32).toString('base64url');
const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const hmac = (text: string): string =>
  createHmac('sha256', Buffer.from(secret, 'base64url')).update(text).digest('base64url');

t.test("a guest's link says everything behind its #, and is no task's", async (t) => {
  const link = { secret, api: 'https://api.example.org' };
  const url = toGuestUrl('https://pages.example.org', link);
  t.equal(new URL(url).pathname, '/visit/', 'the host of the page learns no more');
  t.same(readGuestFragment(new URL(url).hash), link);
  t.equal(readTaskFragment(new URL(url).hash), undefined);
  for (const [what, fragment] of Object.entries({
    nothing: '',
    "a task's": `#${secret}@${link.api}`,
    'no API': `#guest=${secret}`,
    'half a secret': `#guest=${secret.slice(0, 20)}@${link.api}`,
    'a path': `#guest=${secret}@${link.api}/v1`,
    'a script': `#guest=${secret}@javascript:alert(1)`,
    'two APIs': `#guest=${secret}@${link.api}@https://evil.example`,
  })) {
    t.equal(readGuestFragment(fragment), undefined, what);
  }
});

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
