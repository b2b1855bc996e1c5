/** Enrols this hub with a cloud: proves its keys and the one-time token, checks and keeps what comes back. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { EnrolmentAnswer, type EnrolmentRequest, enrolmentForm } from '../../wire/enrolment.ts';
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import { verifyFirstRootSet, verifyIssuerSet } from '../../wire/issuer-set.ts';
import { hashOf, signDocument } from '../../wire/jws.ts';
import { openHubStore } from '../journal/sqlite.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { ensureKeys, keepEnrolment, readEnrolment } from './identity.ts';

export interface EnrolOptions {
  readonly dataDir: string;
  readonly secrets: Secrets;
  /** Base URL of the cloud, `https://…` or loopback. */
  readonly cloud: string;
  /** One-time token from the operator. */
  readonly token: string;
  /** SHA-256 of the root set's text, base64url, which the installer has from the operator by another way. */
  readonly rootHash: string;
  readonly nowMs: number;
}

/** Name of the journal's file in the data folder. */
export const journalFile = 'journal.db';

/**
 * Enrols. Safe to repeat after an interruption: the same keys and token get the same hub.
 * @throws Fault ENROLMENT_DONE, ENROLMENT_TOKEN_UNKNOWN, ENROLMENT_ROOT_WRONG, ENROLMENT_NOT_GENUINE, or the cloud's own refusal
 */
export async function enrol(options: EnrolOptions): Promise<{ hub: string; home: string }> {
  if (readEnrolment(options.dataDir) !== undefined) throw new Fault('ENROLMENT_DONE');
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const keys = await ensureKeys(options.secrets);
  const csr = await toCertificateRequest(keys.tlsKeyPem);
  const claims = {
    iat: Math.floor(options.nowMs / 1000),
    token: hashOf(options.token),
    csr: hashOf(csr),
    seal: keys.seal,
  };
  const answer = await post(options.cloud, {
    token: options.token,
    csr,
    proof: await signDocument(enrolmentForm, claims, keys.sign),
  });
  await checkAnswer(answer, options);

  const store = openHubStore(join(options.dataDir, journalFile), answer.hub);
  try {
    store.trust.keepDocument('rootSet', answer.rootSet);
    store.trust.keepDocument('issuerSet', answer.issuerSet);
    store.journal.append([
      { at: options.nowMs, kind: 'hub.enrolled', body: { home: answer.home, rootSet: options.rootHash } },
    ]);
  } finally {
    store.close();
  }
  const { hub, home, certificate, mediaCertificate, brokerCa, broker } = answer;
  const kept = { hub, home, certificate, mediaCertificate, brokerCa, broker, cloud: options.cloud };
  await keepEnrolment(options.dataDir, kept);
  return { hub, home };
}

/** PKCS#10 over the hub's TLS key. The library is loaded here only: a running hub never needs it. */
async function toCertificateRequest(tlsKeyPem: string): Promise<string> {
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const { createPrivateKey, createPublicKey } = await import('node:crypto');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const pkcs8 = createPrivateKey(tlsKeyPem).export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(tlsKeyPem).export({ type: 'spki', format: 'der' });
  const keys = {
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=doorward-hub',
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return csr.toString('pem');
}

async function post(cloud: string, request: EnrolmentRequest): Promise<EnrolmentAnswer> {
  let response: Response;
  try {
    response = await fetch(new URL('/v1/hubs/enrol', cloud), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(20_000),
    });
  } catch (cause) {
    throw new Fault('BROKER_UNREACHABLE', { cloud }, { cause });
  }
  const json: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const code = (json as { code?: unknown } | undefined)?.code;
    throw new Fault(typeof code === 'string' && code in faults ? (code as FaultCode) : 'INTERNAL', {
      status: response.status,
    });
  }
  const parsed = v.safeParse(EnrolmentAnswer, json);
  if (!parsed.success) throw new Fault('ENROLMENT_MALFORMED', { why: v.getDotPath(parsed.issues[0]) ?? 'answer' });
  return parsed.output;
}

async function checkAnswer(answer: EnrolmentAnswer, options: EnrolOptions): Promise<void> {
  if (hashOf(answer.rootSet) !== options.rootHash) throw new Fault('ENROLMENT_ROOT_WRONG');
  const nowS = Math.floor(options.nowMs / 1000);
  const roots = await verifyFirstRootSet(answer.rootSet, nowS);
  if (!roots.ok) throw new Fault(roots.code);
  const issuers = await verifyIssuerSet(answer.issuerSet, roots.value, 0, nowS);
  if (!issuers.ok) throw new Fault(issuers.code);
}
