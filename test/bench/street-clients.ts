/** Certificates for clients of a street's own broker that are no part of the street: issued by its device CA. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ExtendedKeyUsage, PemConverter } from '@peculiar/x509';
import { type Authority, issue, issueCloud, openAuthority } from '../../cloud-bridge/ca/issue.ts';
import { layoutOf } from '../../cloud-bridge/config/layout.ts';
import type { Street } from '../../hardware-sim/start/street.ts';
import { newHubId } from '../support/keys.ts';
import type { BareClient } from './bare-peer.ts';

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export interface StreetClients {
  /** @param name  after `cloud-` */
  cloud(name: string): Promise<BareClient>;
  /** A hub with an id of its own. */
  hub(): Promise<BareClient>;
}

export async function clientsOf({ paths, settings }: Street): Promise<StreetClients> {
  const files = layoutOf(paths.cloud);
  const ca = readFileSync(files.caCertificate, 'utf8');
  const authority = await openAuthority({ certificate: ca, key: readFileSync(files.caKey, 'utf8') });
  const broker = `mqtts://localhost:${settings.brokerPort}`;
  return {
    cloud: async (name) => {
      const id = `cloud-${name}`;
      const { certificate, key } = await issueCloud(authority, id, Date.now());
      return { broker, id, ca, cert: certificate, key };
    },
    hub: async () => {
      const id = newHubId();
      return { broker, id, ca, ...(await issueHub(authority, id)) };
    },
  };
}

/** As an enrolment would, but with a key made here. */
async function issueHub(authority: Authority, id: string): Promise<{ cert: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const subject = `CN=${id}, OU=hub`;
  const wish = { subject, days: 1, usage: ExtendedKeyUsage.clientAuth, nowMs: Date.now() };
  const cert = await issue(authority, keys.publicKey, wish);
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { cert, key };
}
