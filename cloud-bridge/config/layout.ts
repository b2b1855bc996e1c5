/** Where everything stands in the data folder. `offline/` is for the ceremony only: the service never opens it. */
import { join } from 'node:path';

export interface Layout {
  readonly database: string;
  readonly caCertificate: string;
  readonly caKey: string;
  readonly brokerCertificate: string;
  readonly brokerKey: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  /** Of this instance's media client. */
  readonly mediaCertificate: string;
  readonly mediaKey: string;
  /** Folder with the sealed pictures of each hub. */
  readonly recordings: string;
  /** Folder with the sealed photos of deliveries. */
  readonly photos: string;
  readonly issuerKey: string;
  /** What push services know this service by. */
  readonly pushKeys: string;
  /** What the database keeps sealed opens with it: no backup of the database holds it. */
  readonly vaultKey: string;
  /** What hand-over codes are derived with. */
  readonly codeKey: string;
  /** SHA-256 of the operator's token, base64url. */
  readonly operatorHash: string;
  /** Folder with the signed sets. */
  readonly roots: string;
}

export const layoutOf = (dataDir: string): Layout => ({
  database: join(dataDir, 'cloud.sqlite'),
  caCertificate: join(dataDir, 'ca', 'device-ca.pem'),
  caKey: join(dataDir, 'ca', 'device-ca.key'),
  brokerCertificate: join(dataDir, 'broker', 'server.pem'),
  brokerKey: join(dataDir, 'broker', 'server.key'),
  clientCertificate: join(dataDir, 'cloud', 'client.pem'),
  clientKey: join(dataDir, 'cloud', 'client.key'),
  mediaCertificate: join(dataDir, 'cloud', 'media.pem'),
  mediaKey: join(dataDir, 'cloud', 'media.key'),
  recordings: join(dataDir, 'recordings'),
  photos: join(dataDir, 'photos'),
  issuerKey: join(dataDir, 'cloud', 'issuer.jwk'),
  pushKeys: join(dataDir, 'cloud', 'push.json'),
  vaultKey: join(dataDir, 'cloud', 'vault.key'),
  codeKey: join(dataDir, 'cloud', 'code.key'),
  operatorHash: join(dataDir, 'cloud', 'operator.hash'),
  roots: join(dataDir, 'roots'),
});
