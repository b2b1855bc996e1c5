/** X.509 for the devices: one authority, a few kinds of certificate, ECDSA P-256 throughout. */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  type PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

/** Life of certificates, days. */
export const certificateDays = { authority: 7_300, hub: 825, broker: 825, cloud: 825 } as const;

/** A certificate and its private key (PKCS#8), both PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** The authority, ready to sign. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

const keyToPem = async (key: webcrypto.CryptoKey): Promise<string> =>
  `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;

const newSerial = (): string => {
  const bytes = randomBytes(16);
  // Positive and without leading zeros, RFC 5280 section 4.1.2.2.
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
};

/** An hour back, so that a client whose clock is a little behind takes a fresh certificate. */
const validFor = (days: number, nowMs: number): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(nowMs - 3_600_000),
  notAfter: new Date(nowMs + days * dayMs),
});

/** Makes the device CA: it signs certificates of hubs, of the broker and of cloud instances, and no other CA. */
export async function createAuthority(nowMs: number): Promise<Pair> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: 'CN=Doorward device CA',
    ...validFor(certificateDays.authority, nowMs),
    signingAlgorithm: signing,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyToPem(keys.privateKey) };
}

/** @throws what the parsers throw when these are no certificate and key */
export async function openAuthority(pair: Pair): Promise<Authority> {
  const [der] = PemConverter.decode(pair.key);
  return {
    certificate: new X509Certificate(pair.certificate),
    privateKey: await webcrypto.subtle.importKey('pkcs8', der!, curve, false, ['sign']),
  };
}

interface Wish {
  readonly subject: string;
  readonly days: number;
  readonly usage: ExtendedKeyUsage;
  readonly names?: readonly string[];
  readonly nowMs: number;
}

/** Signs one end-entity certificate. @returns PEM */
export async function issue(
  authority: Authority,
  publicKey: PublicKey | webcrypto.CryptoKey,
  wish: Wish,
): Promise<string> {
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([wish.usage]),
    await AuthorityKeyIdentifierExtension.create(authority.certificate),
  ];
  if (wish.names) {
    extensions.push(
      new SubjectAlternativeNameExtension(
        wish.names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    );
  }
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: wish.subject,
    issuer: authority.certificate.subject,
    ...validFor(wish.days, wish.nowMs),
    signingAlgorithm: signing,
    publicKey,
    signingKey: authority.privateKey,
    extensions,
  });
  return `${certificate.toString('pem')}\n`;
}

/** Makes a key and a certificate for the broker's server side. @param names  DNS names and IP addresses that clients reach it by */
export async function issueBroker(authority: Authority, names: readonly string[], nowMs: number): Promise<Pair> {
  const keys = await newKeys();
  const certificate = await issue(authority, keys.publicKey, {
    subject: `CN=${names[0] ?? 'localhost'}, OU=broker`,
    days: certificateDays.broker,
    usage: ExtendedKeyUsage.serverAuth,
    names,
    nowMs,
  });
  return { certificate, key: await keyToPem(keys.privateKey) };
}

/** Makes a key and a certificate for a cloud instance. @param instance  `cloud-…` */
export const issueCloud = (authority: Authority, instance: string, nowMs: number): Promise<Pair> =>
  issueClient(authority, `CN=${instance}, OU=cloud`, nowMs);

/** Makes a key and a certificate for the media client of a cloud instance. @param name  `cloudmedia-…` */
export const issueCloudMedia = (authority: Authority, name: string, nowMs: number): Promise<Pair> =>
  issueClient(authority, `CN=${name}, OU=cloudmedia`, nowMs);

async function issueClient(authority: Authority, subject: string, nowMs: number): Promise<Pair> {
  const keys = await newKeys();
  const certificate = await issue(authority, keys.publicKey, {
    subject,
    days: certificateDays.cloud,
    usage: ExtendedKeyUsage.clientAuth,
    nowMs,
  });
  return { certificate, key: await keyToPem(keys.privateKey) };
}
