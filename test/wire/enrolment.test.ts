import t from 'tap';
import { type EnrolmentRequest, enrolmentForm, verifyEnrolment } from '../../wire/enrolment.ts';
import { hashOf, newId, signDocument } from '../../wire/jws.ts';
import { newCast } from '../support/keys.ts';

const cast = await newCast();
const csr = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';
const token = newId();

async function requestOf(change: object = {}, key = cast.hub): Promise<EnrolmentRequest> {
  const claims = { iat: cast.nowS, token: hashOf(token), csr: hashOf(csr), seal: cast.owner.seal, ...change };
  return { token, csr, proof: await signDocument(enrolmentForm, claims, key) };
}

t.test('a hub proves that token, certificate request and keys belong together', async (t) => {
  t.same(await verifyEnrolment(await requestOf()), {
    ok: true,
    value: { sign: cast.hub.jwk, seal: cast.owner.seal, kid: cast.hub.kid },
  });
});

t.test('another token, another request or a forged proof is not genuine', async (t) => {
  const wrong = { code: 'ENROLMENT_NOT_GENUINE' };
  const good = await requestOf();
  t.match(await verifyEnrolment({ ...good, token: newId() }), wrong);
  t.match(await verifyEnrolment({ ...good, csr: `${csr} ` }), wrong);
  const [header, claims] = good.proof.split('.');
  const { proof } = await requestOf({}, cast.issuer);
  t.match(await verifyEnrolment({ ...good, proof: `${header}.${claims}.${proof.split('.')[2]}` }), wrong);
  const seal = { ...cast.owner.seal, x: 'A'.repeat(43), y: 'A'.repeat(43) };
  t.match(await verifyEnrolment(await requestOf({ seal })), wrong, 'a key that is no point of its curve');
});

t.test('what is no proof is malformed', async (t) => {
  const good = await requestOf();
  t.match(await verifyEnrolment({ ...good, proof: 'a.b.c' }), { code: 'ENROLMENT_MALFORMED' });
  t.match(await verifyEnrolment({ ...good, proof: '' }), { code: 'ENROLMENT_MALFORMED' });
});
