/** Who this hub is: its keys from the secret store and what enrolment gave it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import * as v from 'valibot';
import { EnrolmentAnswer } from '../../wire/enrolment.ts';
import { Fault } from '../../wire/faults.ts';
import { type SignKey, toSignKey } from '../../wire/jws.ts';
import { EcJwk, OkpJwk } from '../../wire/shapes.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { keepWhole } from './keep.ts';

/** What enrolment gave, kept in `enrolment.json`; nothing in it is secret. A hub that was enrolled before there was a media link has no certificate for it. */
export const Enrolment = v.strictObject({
  ...v.pick(EnrolmentAnswer, ['hub', 'home', 'certificate', 'brokerCa', 'broker']).entries,
  mediaCertificate: v.optional(EnrolmentAnswer.entries.mediaCertificate),
  /** Base URL of the cloud; a hub that was enrolled earlier did not keep it. */
  cloud: v.optional(v.string()),
});
export type Enrolment = v.InferOutput<typeof Enrolment>;

const PrivateOkp = v.strictObject({ ...OkpJwk.entries, d: v.string() });
const PrivateEc = v.strictObject({ ...EcJwk.entries, d: v.string() });

/** The hub's own keys (DESIGN 3). */
export interface HubKeys {
  /** Ed25519: what the hub signs. */
  readonly sign: SignKey;
  /** P-256: the public half of what is sealed for the hub alone. */
  readonly seal: EcJwk;
  /** Its private half: opens what is sealed for the hub alone. */
  readonly open: CryptoKey;
  /** PKCS#8 PEM, P-256: mutual TLS. */
  readonly tlsKeyPem: string;
}

const enrolmentPath = (dataDir: string): string => join(dataDir, 'enrolment.json');

/** @returns what enrolment gave, or undefined before it. @throws Fault CONFIG_INVALID for a file that is damaged or may not be read */
export function readEnrolment(dataDir: string): Enrolment | undefined {
  let text: string;
  try {
    text = readFileSync(enrolmentPath(dataDir), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // What is there and cannot be read is no reason to enrol once more.
    if (code !== 'ENOENT')
      throw new Fault('CONFIG_INVALID', { setting: 'enrolment.json', why: code ?? 'unknown' }, { cause });
    return undefined;
  }
  try {
    return v.parse(Enrolment, JSON.parse(text));
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { setting: 'enrolment.json', why: 'damaged' }, { cause });
  }
}

/** Writes what enrolment gave: whole or not at all, durable before it resolves. */
export const keepEnrolment = (dataDir: string, enrolment: Enrolment): Promise<void> =>
  keepWhole(enrolmentPath(dataDir), JSON.stringify(enrolment, null, 2));

async function readKey<S extends v.GenericSchema>(
  secrets: Secrets,
  name: string,
  schema: S,
): Promise<v.InferOutput<S> | undefined> {
  const bytes = await secrets.get(name);
  return bytes === undefined ? undefined : v.parse(schema, JSON.parse(Buffer.from(bytes).toString('utf8')));
}

async function makeKey(secrets: Secrets, name: string, alg: 'Ed25519' | 'ECDH-ES'): Promise<void> {
  const options = alg === 'ECDH-ES' ? { crv: 'P-256', extractable: true } : { extractable: true };
  const { privateKey } = await generateKeyPair(alg, options);
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  await secrets.put(name, Buffer.from(JSON.stringify({ kty, crv, x, ...(y === undefined ? {} : { y }), d })));
}

async function makeTlsKey(secrets: Secrets): Promise<void> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  await secrets.put(
    'tls-key',
    Buffer.from(`-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`),
  );
}

/** Makes the keys that are not there yet. Safe to repeat: an interrupted enrolment goes on with the same keys. */
export async function ensureKeys(secrets: Secrets): Promise<HubKeys> {
  if ((await secrets.get('sign-key')) === undefined) await makeKey(secrets, 'sign-key', 'Ed25519');
  if ((await secrets.get('seal-key')) === undefined) await makeKey(secrets, 'seal-key', 'ECDH-ES');
  if ((await secrets.get('tls-key')) === undefined) await makeTlsKey(secrets);
  return readKeys(secrets);
}

/** @throws Fault SECRET_MISSING */
export async function readKeys(secrets: Secrets): Promise<HubKeys> {
  const [sign, seal, tls] = await Promise.all([
    readKey(secrets, 'sign-key', PrivateOkp),
    readKey(secrets, 'seal-key', PrivateEc),
    secrets.get('tls-key'),
  ]);
  if (sign === undefined || seal === undefined || tls === undefined)
    throw new Fault('SECRET_MISSING', { what: 'hub keys' });
  const { d: _private, ...sealPublic } = seal;
  const opens = (await importJWK(seal as JWK, 'ECDH-ES+A256KW')) as CryptoKey;
  return { sign: await toSignKey(sign), seal: sealPublic, open: opens, tlsKeyPem: Buffer.from(tls).toString('utf8') };
}
