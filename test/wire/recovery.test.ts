import t from 'tap';
import { newId, signDocument, thumbprintOf, toVerifyKey } from '../../wire/jws.ts';
import { deriveRecovery, isNotedHub, recoveryForm, toRecoveryMark } from '../../wire/recovery.ts';
import { newRecoveryCode, readRecoveryCode, toRecoveryCode } from '../../wire/recovery-code.ts';
import { verifyRecovery } from '../../wire/verify-recovery.ts';
import { newHubId, newSealJwk, newSignKey } from '../support/keys.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const counted = Uint8Array.from({ length: 16 }, (_, at) => at * 17);

t.test('a code is seven groups of four, and gives its 128 bits back', async (t) => {
  for (const secret of [counted, new Uint8Array(16), new Uint8Array(16).fill(255)]) {
    const code = toRecoveryCode(secret);
    t.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    t.same(readRecoveryCode(code), { ok: true, value: secret });
  }
  t.not(newRecoveryCode(), newRecoveryCode());
});

t.test('it is understood however it is typed', async (t) => {
  const code = toRecoveryCode(counted);
  const typed = ` ${code.toLowerCase().replaceAll('-', '  ').replaceAll('0', 'o').replaceAll('1', 'l')}\n`;
  t.same(readRecoveryCode(typed), { ok: true, value: counted });
});

t.test('every single wrong sign and every swap of neighbours is caught', async (t) => {
  let tried = 0;
  for (const code of [toRecoveryCode(counted), newRecoveryCode()].map((one) => one.replaceAll('-', ''))) {
    const wrong: string[] = [];
    for (let at = 0; at < code.length; at += 1) {
      for (const sign of alphabet) {
        if (sign !== code[at]) wrong.push(code.slice(0, at) + sign + code.slice(at + 1));
      }
      if (at > 0 && code[at] !== code[at - 1]) {
        wrong.push(`${code.slice(0, at - 1)}${code[at]}${code[at - 1]}${code.slice(at + 1)}`);
      }
    }
    tried += wrong.length;
    t.same(
      wrong.filter((one) => readRecoveryCode(one).ok),
      [],
    );
  }
  t.ok(tried > 2 * 28 * 31);
  for (const odd of ['', 'A', `${toRecoveryCode(counted)}A`, 'U'.repeat(28), '€'.repeat(28), '0'.repeat(10_000)]) {
    t.match(readRecoveryCode(odd), { ok: false, code: 'RECOVERY_CODE_MISTYPED' });
  }
});

t.test('a code derives one key, which is the same everywhere', async (t) => {
  const [once, again] = [await deriveRecovery(counted), await deriveRecovery(counted)];
  t.same(once.jwk, again.jwk);
  // RFC 5869 with OpenSSL: HKDF-SHA-256, salt `doorward-recovery-1`, info `sign`, as the seed of an Ed25519 key (RFC 8032).
  t.equal(once.jwk.x, 'x1vWEHROgrdBsMBtXkpBcndgdMIhUKPfIAGyM6E5Pj4');
  t.not((await deriveRecovery(new Uint8Array(16))).jwk.x, once.jwk.x);
  t.equal(once.privateKey.extractable, false, 'no script reads it back');
});

t.test('the note tells the hub of the code from every other', async (t) => {
  const keys = await deriveRecovery(counted);
  const hub = { id: newHubId(), key: thumbprintOf((await newSignKey('EdDSA')).jwk) };
  const { note } = await toRecoveryMark(keys, hub);
  t.ok(await isNotedHub(keys, hub, note));
  t.notOk(await isNotedHub(keys, { ...hub, id: newHubId() }, note));
  t.notOk(await isNotedHub(keys, { ...hub, key: thumbprintOf((await newSignKey('EdDSA')).jwk) }, note));
  t.notOk(await isNotedHub(await deriveRecovery(new Uint8Array(16)), hub, note));
  t.notOk(await isNotedHub(keys, hub, '§'));
});

t.test('a request is good for the one hub, with the one code', async (t) => {
  const { jwk, privateKey } = await deriveRecovery(counted);
  const pinned = await toVerifyKey(jwk);
  const hubId = newHubId();
  const device = { sign: (await newSignKey('ES256')).jwk as never, seal: newSealJwk() };
  const claims = { aud: hubId, jti: newId(), iat: 1_790_000_000, device };
  const signed = await signDocument(recoveryForm, claims, { ...pinned, privateKey });
  t.match(await verifyRecovery(signed, pinned, hubId), { ok: true, value: claims });
  t.match(await verifyRecovery(signed, pinned, newHubId()), { code: 'RECOVERY_WRONG_HUB' });
  t.match(await verifyRecovery(signed, undefined, hubId), { code: 'RECOVERY_KEY_UNKNOWN' });
  t.match(await verifyRecovery(signed, await newSignKey('EdDSA'), hubId), { code: 'RECOVERY_KEY_UNKNOWN' });
  const offCurve = { ...device, seal: { ...device.seal, x: 'A'.repeat(43) } };
  const odd = await signDocument(recoveryForm, { ...claims, device: offCurve }, { ...pinned, privateKey });
  t.match(await verifyRecovery(odd, pinned, hubId), { code: 'RECOVERY_MALFORMED' });
});
