import t from 'tap';
import { type CertificateFacts, readIdentity } from '../../broker/identity.ts';
import { hubIdOf, mediaIdFor } from './pki.ts';

const nowMs = Date.UTC(2026, 0, 15);
const dates = { valid_from: 'Jan 10 00:00:00 2026 GMT', valid_to: 'Jan 20 00:00:00 2026 GMT' };
const read = (facts: CertificateFacts, atMs = nowMs) => readIdentity({ ...dates, ...facts }, atMs);

t.test('a hub, a cloud instance and their media clients are known by name and unit', async (t) => {
  const id = hubIdOf('a');
  const validUntilMs = Date.UTC(2026, 0, 20);
  t.strictSame(read({ subject: { CN: id, OU: 'hub' } }), { ok: true, value: { id, role: 'hub', validUntilMs } });
  const cloud = { id: 'cloud-eu-1', role: 'cloud', validUntilMs };
  t.strictSame(read({ subject: { CN: 'cloud-eu-1', OU: 'cloud' } }), { ok: true, value: cloud });
  const media = { id: mediaIdFor('a'), role: 'media', validUntilMs };
  t.strictSame(read({ subject: { CN: media.id, OU: 'media' } }), { ok: true, value: media });
  const cloudmedia = { id: 'cloudmedia-eu-1', role: 'cloudmedia', validUntilMs };
  t.strictSame(read({ subject: { CN: cloudmedia.id, OU: 'cloudmedia' } }), { ok: true, value: cloudmedia });
});

t.test('a name alone makes nobody, and neither does a unit', async (t) => {
  const subjects = [
    { CN: 'cloud-1' },
    { CN: 'cloud-1', OU: 'hub' },
    { CN: hubIdOf('a'), OU: 'cloud' },
    { CN: 'admin', OU: 'cloud' },
    { CN: mediaIdFor('a'), OU: 'hub' },
    { CN: hubIdOf('a'), OU: 'media' },
    { CN: 'cloudmedia-1', OU: 'cloud' },
    { CN: 'cloud-1', OU: 'cloudmedia' },
    { CN: 'cloudmedia-1', OU: 'media' },
    { CN: 'hub-#', OU: 'hub' },
    { CN: `${hubIdOf('a')}\n`, OU: 'hub' },
    { CN: [hubIdOf('a'), hubIdOf('b')], OU: 'hub' },
    { CN: hubIdOf('a'), OU: ['hub', 'cloud'] },
    {},
  ];
  for (const subject of subjects) {
    t.match(read({ subject }), { ok: false, code: 'BROKER_CERTIFICATE_REFUSED' }, JSON.stringify(subject));
  }
  t.match(readIdentity({}, nowMs), { ok: false, code: 'BROKER_CERTIFICATE_REFUSED' }, 'no certificate at all');
});

t.test('a certificate counts from its first moment until its last, also in a resumed session', async (t) => {
  const subject = { CN: hubIdOf('a'), OU: 'hub' };
  t.equal(read({ subject }, Date.UTC(2026, 0, 10)).ok, true);
  t.equal(read({ subject }, Date.UTC(2026, 0, 10) - 1).ok, false);
  t.equal(read({ subject }, Date.UTC(2026, 0, 20) - 1).ok, true);
  t.equal(read({ subject }, Date.UTC(2026, 0, 20)).ok, false);
  t.equal(read({ subject, valid_to: 'never' }).ok, false);
});
