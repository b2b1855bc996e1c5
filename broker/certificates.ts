/** The broker's own certificate, its key, and the CA that its clients' certificates have to come from. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Fault } from '../wire/faults.ts';

export interface CertificateFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** PEM, as `tls.createServer` takes it. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads the three files, and refuses them now rather than at the first handshake.
 * @param nowMs  ms since 1970
 * @throws Fault BROKER_FILES_INVALID: a file is missing or no PEM, the CA is no CA, the key is another certificate's, the certificate is not in force
 */
export async function loadCertificates(files: CertificateFiles, nowMs: number): Promise<Certificates> {
  const [ca, cert, key] = await Promise.all([read(files.caFile), read(files.certFile), read(files.keyFile)]);
  const authorities = pemBlocks(ca).map((pem) => parse(files.caFile, () => new X509Certificate(pem)));
  if (authorities.length === 0) throw invalid(files.caFile, 'no certificate in it');
  if (authorities.some((authority) => !authority.ca)) throw invalid(files.caFile, 'not a CA');
  const leaf = parse(files.certFile, () => new X509Certificate(cert));
  if (!(Date.parse(leaf.validFrom) <= nowMs && nowMs < Date.parse(leaf.validTo))) {
    throw invalid(files.certFile, 'not in force');
  }
  const privateKey = parse(files.keyFile, () => createPrivateKey(key));
  if (!leaf.checkPrivateKey(privateKey)) throw invalid(files.keyFile, 'not the key of the certificate');
  return { ca, cert, key };
}

const invalid = (file: string, reason: string, cause?: unknown): Fault =>
  new Fault('BROKER_FILES_INVALID', { file, reason }, { cause });

const pemBlocks = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw invalid(file, (cause as NodeJS.ErrnoException).code ?? 'unreadable', cause);
  }
}

function parse<T>(file: string, parser: () => T): T {
  try {
    return parser();
  } catch (cause) {
    throw invalid(file, 'not the PEM that belongs there', cause);
  }
}
