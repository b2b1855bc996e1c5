/** Certificates for tests: a CA of its own, and leaves that are good, expired or someone else's. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

/** PEM of one certificate with its key, and of the CA that it is good under. */
export interface Leaf {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface LeafWish {
  /** Common name. */
  readonly name: string;
  /** Organizational unit; by the name's form when left out, none when ''. */
  readonly unit?: string;
  /** Validity in days from now, both ends. */
  readonly fromDays?: number;
  readonly toDays?: number;
  /** For a broker's own certificate. */
  readonly isServer?: boolean;
}

export interface TestCa {
  readonly pem: string;
  issue(wish: LeafWish): Promise<Leaf>;
}

let serial = 1;
const nextSerial = (): string => (serial++).toString(16).padStart(8, '0');

const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const keyPem = async (key: webcrypto.CryptoKey): Promise<string> =>
  PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');

/** What stands before the first `-` of a name is its unit. */
const unitOf = (wish: LeafWish): string => wish.unit ?? wish.name.slice(0, wish.name.indexOf('-'));

/** Makes a CA with an ECDSA P-256 key. */
export async function makeCa(name = 'Doorward test device CA'): Promise<TestCa> {
  const keys = await makeKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: nextSerial(),
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 365 * dayMs),
    notAfter: new Date(Date.now() + 365 * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const pem = root.toString('pem');
  return { pem, issue: (wish) => issue(root, keys.privateKey, pem, wish) };
}

async function issue(
  root: X509Certificate,
  signingKey: webcrypto.CryptoKey,
  ca: string,
  wish: LeafWish,
): Promise<Leaf> {
  const keys = await makeKeys();
  const isServer = wish.isServer === true;
  const unit = isServer ? '' : unitOf(wish);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: nextSerial(),
    issuer: root.subject,
    subject: unit === '' ? `CN=${wish.name}` : `CN=${wish.name},OU=${unit}`,
    notBefore: new Date(Date.now() + (wish.fromDays ?? -1) * dayMs),
    notAfter: new Date(Date.now() + (wish.toDays ?? 30) * dayMs),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([isServer ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2']),
      ...(isServer
        ? [
            new SubjectAlternativeNameExtension([
              { type: 'dns', value: 'localhost' },
              { type: 'ip', value: '127.0.0.1' },
            ]),
          ]
        : []),
    ],
  });
  return { ca, cert: certificate.toString('pem'), key: await keyPem(keys.privateKey) };
}

/** A fresh folder, gone with the process: a broker may read it until then. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-broker-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Files as a broker reads them, in a fresh folder. */
export interface LeafFiles {
  readonly folder: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export async function writeLeaf(leaf: Leaf): Promise<LeafFiles> {
  const folder = freshFolder();
  const files = {
    folder,
    caFile: join(folder, 'ca.pem'),
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'key.pem'),
  };
  await writeFile(files.caFile, leaf.ca);
  await writeFile(files.certFile, leaf.cert);
  await writeFile(files.keyFile, leaf.key, { mode: 0o600 });
  return files;
}

/** The id of its media client. */
export const mediaIdFor = (seed: string): string => hubIdOf(seed).replace('hub-', 'media-');

/** A hub id of the right form. @param seed  any text of a-z0-9, at most 20 characters */
export const hubIdOf = (seed: string): string => `hub-${seed.padEnd(20, '0')}`;
