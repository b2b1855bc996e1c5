/**
 * The certificate request, kept until enrolment is done: the cloud takes a token again only with the very request that it came with,
 * and no two signatures under a request are alike.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keepWhole } from './keep.ts';

const requestPath = (dataDir: string): string => join(dataDir, 'enrolment.csr');

/** @returns the request of before, where it is for this key, else a new one, kept. PEM, PKCS#10 */
export async function keptRequest(dataDir: string, tlsKeyPem: string): Promise<string> {
  const path = requestPath(dataDir);
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined && (await isFor(kept, tlsKeyPem))) return kept;
  const made = await makeRequest(tlsKeyPem);
  await keepWhole(path, made);
  return made;
}

/** Once it has served; harmless when there is none. */
export const forgetRequest = (dataDir: string): Promise<void> => rm(requestPath(dataDir), { force: true });

const spkiOf = (tlsKeyPem: string): Buffer => createPublicKey(tlsKeyPem).export({ type: 'spki', format: 'der' });

/** The library is loaded here only: a running hub never needs it. */
async function load(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

async function isFor(pem: string, tlsKeyPem: string): Promise<boolean> {
  const { Pkcs10CertificateRequest } = await load();
  try {
    const request = new Pkcs10CertificateRequest(pem);
    return Buffer.from(request.publicKey.rawData).equals(spkiOf(tlsKeyPem)) && (await request.verify());
  } catch {
    return false;
  }
}

async function makeRequest(tlsKeyPem: string): Promise<string> {
  const { Pkcs10CertificateRequestGenerator } = await load();
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const pkcs8 = createPrivateKey(tlsKeyPem).export({ type: 'pkcs8', format: 'der' });
  const keys = {
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', spkiOf(tlsKeyPem), algorithm, true, ['verify']),
  };
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=doorward-hub',
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return csr.toString('pem');
}
