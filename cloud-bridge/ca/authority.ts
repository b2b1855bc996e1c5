/** The device CA as the running service uses it: certificates for hubs, from their requests' public keys alone. */
import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { ExtendedKeyUsage, Pkcs10CertificateRequest } from '@peculiar/x509';
import { Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { mediaIdOf } from '../../wire/topics.ts';
import { type Authority, certificateDays, issue, openAuthority } from './issue.ts';

export interface DeviceAuthority {
  /** PEM: what hubs trust the broker by, and the broker trusts hubs by. */
  readonly certificate: string;
  /**
   * Issues a hub's certificates, both for the public key of the request: nothing else of it counts, its subject and its
   * attributes are ignored.
   * @param csr  PKCS#10, PEM
   * @returns ENROLMENT_MALFORMED or ENROLMENT_NOT_GENUINE when it is refused
   */
  issueHub(csr: string, hubId: string): Promise<Verdict<HubCertificates>>;
}

/** PEM each. */
export interface HubCertificates {
  /** CN = hub id, OU = hub. */
  readonly hub: string;
  /** CN = media id of the hub, OU = media. */
  readonly media: string;
}

async function publicKeyOf(csr: string): Promise<Verdict<Pkcs10CertificateRequest['publicKey']>> {
  let request: Pkcs10CertificateRequest;
  try {
    request = new Pkcs10CertificateRequest(csr);
  } catch {
    return refuse('ENROLMENT_MALFORMED', { why: 'csr' });
  }
  try {
    const { name, namedCurve } = request.publicKey.algorithm as { name?: string; namedCurve?: string };
    if (name !== 'ECDSA' || namedCurve !== 'P-256') return refuse('ENROLMENT_MALFORMED', { why: 'csr key' });
    if (!(await request.verify())) return refuse('ENROLMENT_NOT_GENUINE', { why: 'csr' });
  } catch {
    return refuse('ENROLMENT_NOT_GENUINE', { why: 'csr' });
  }
  return { ok: true, value: request.publicKey };
}

/**
 * Opens the CA that `doorward-cloud init` made.
 * @throws Fault CONFIG_INVALID when the files cannot be read
 */
export async function openDeviceAuthority(files: {
  readonly certificate: string;
  readonly key: string;
}): Promise<DeviceAuthority> {
  let certificate: string;
  let authority: Authority;
  try {
    certificate = await readFile(files.certificate, 'utf8');
    authority = await openAuthority({ certificate, key: await readFile(files.key, 'utf8') });
  } catch {
    throw new Fault('CONFIG_INVALID', { file: files.certificate, why: 'no device CA; run `doorward-cloud init`' });
  }
  return {
    certificate,
    issueHub: async (csr, hubId) => {
      const key = await publicKeyOf(csr);
      if (!key.ok) return key;
      // TLS compares with the system's clock, so this does too.
      const nowMs = Date.now();
      const wish = { days: certificateDays.hub, usage: ExtendedKeyUsage.clientAuth, nowMs };
      const hub = await issue(authority, key.value, { ...wish, subject: `CN=${hubId}, OU=hub` });
      const media = await issue(authority, key.value, { ...wish, subject: `CN=${mediaIdOf(hubId)}, OU=media` });
      return { ok: true, value: { hub, media } };
    },
  };
}
