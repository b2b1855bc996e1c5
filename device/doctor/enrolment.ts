/** Is this hub enrolled, and are its certificates good: in time, for its key, with its names? */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Fault } from '../../wire/faults.ts';
import { mediaIdOf } from '../../wire/topics.ts';
import type { Enrolment } from '../enrol/identity.ts';
import { type Facts, given } from './facts.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const dayMs = 86_400_000;
const soonDays = 30;
const afresh = 'Ask the operator for a token, and enrol afresh in an empty data folder.';

export function checkEnrolment({ enrolment, keys, clock }: Facts): Finding[] {
  if (enrolment === undefined) {
    const fix = 'doorward hub enroll';
    return [fail('enrolment', 'ENROLMENT_MISSING', 'this hub is not enrolled', fix)];
  }
  if (enrolment instanceof Fault) {
    const { why } = enrolment.detail;
    const fix = 'Run this as the user of the hub. Put it back from a backup, or enrol afresh in an empty data folder.';
    return [fail('enrolment', enrolment.code, `enrolment.json cannot be read: ${why}`, fix)];
  }
  const { hub, home, mediaCertificate } = enrolment;
  const key = given(keys)?.tlsKeyPem;
  const of = (check: string, pem: string, name: string): Finding =>
    checkCertificate(check, { pem, name, key, ca: enrolment.brokerCa, nowMs: clock.now() });
  return [
    ok('enrolment', `${hub} of home ${home}`),
    of('certificate', enrolment.certificate, hub),
    mediaCertificate === undefined
      ? warn('media certificate', 'none: enrolled before there was a media link; it carries no pictures', afresh)
      : of('media certificate', mediaCertificate, mediaIdOf(hub)),
    checkCa(enrolment, clock.now()),
  ];
}

export interface Shown {
  readonly pem: string;
  /** Its CN has to be. */
  readonly name: string;
  /** PEM, where it can be read. */
  readonly key: string | undefined;
  /** PEM: what the broker's certificate is trusted by, and signs the hub's too unless the operator keeps two. */
  readonly ca: string;
  readonly nowMs: number;
}

export function checkCertificate(check: string, { pem, name, key, ca, nowMs }: Shown): Finding {
  const bad = (says: string): Finding => fail(check, 'BROKER_CERTIFICATE_REFUSED', says, afresh);
  let certificate: X509Certificate;
  let isOfCa: boolean;
  try {
    certificate = new X509Certificate(pem);
    isOfCa = certificate.verify(new X509Certificate(ca).publicKey);
  } catch {
    return bad('it, or the CA, cannot be read');
  }
  const names = certificate.subject.split('\n');
  if (!names.includes(`CN=${name}`)) return bad(`it names another: ${names[0]}`);
  if (key !== undefined && !certificate.checkPrivateKey(createPrivateKey(key))) {
    return bad("it is not for this hub's key");
  }
  const timed = inTime(check, certificate, nowMs, afresh);
  if (timed.level !== 'ok' || isOfCa) return timed;
  return warn(
    check,
    'it is not signed by the CA that the broker is trusted by',
    'Look at the broker below: it may know it all the same.',
  );
}

function checkCa({ brokerCa }: Enrolment, nowMs: number): Finding {
  try {
    return inTime('broker CA', new X509Certificate(brokerCa), nowMs, afresh);
  } catch {
    return fail('broker CA', 'BROKER_CERTIFICATE_REFUSED', 'cannot be read', afresh);
  }
}

function inTime(check: string, { validFrom, validTo }: X509Certificate, nowMs: number, fix: string): Finding {
  const leftDays = Math.floor((Date.parse(validTo) - nowMs) / dayMs);
  const until = new Date(validTo).toISOString().slice(0, 10);
  if (leftDays < 0) return fail(check, 'BROKER_CERTIFICATE_REFUSED', `expired on ${until}`, fix);
  if (Date.parse(validFrom) > nowMs) {
    return fail(
      check,
      'CLOCK_DISAGREES',
      `valid from ${validFrom} only, by the clock of this machine`,
      'Set the clock: NTP.',
    );
  }
  if (leftDays < soonDays) return warn(check, `expires in ${leftDays} days, on ${until}`, fix);
  return ok(check, `good until ${until}`);
}
