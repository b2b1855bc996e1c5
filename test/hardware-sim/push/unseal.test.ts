import { createECDH } from 'node:crypto';
import t from 'tap';
import { newBrowserKeys, unseal } from '../../../hardware-sim/push/unseal.ts';

/** RFC 8291 section 5 and appendix A. */
const example = {
  secret: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  body: 'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

t.test('the example of RFC 8291 opens, and nothing that was changed does', async (t) => {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(Buffer.from(example.secret, 'base64url'));
  const keys = { ecdh, auth: Buffer.from(example.auth, 'base64url') };
  const body = Buffer.from(example.body, 'base64url');
  t.equal(unseal(body, keys).toString(), 'When I grow up, I want to be a watermelon');
  for (const at of [0, 30, 90, body.length - 1]) {
    const changed = Buffer.from(body);
    changed[at]! ^= 1;
    t.throws(() => unseal(changed, keys), `byte ${at}`);
  }
  t.throws(() => unseal(body, newBrowserKeys()), 'another browser');
  t.throws(() => unseal(body.subarray(0, 40), keys), 'cut off');
});
