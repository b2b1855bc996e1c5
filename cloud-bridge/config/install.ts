/** Fills a new data folder: keys, certificates, sets, the operator's token. What is there stays. */
import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { rootSetHash } from '../../wire/issuer-set.ts';
import { hashOf } from '../../wire/jws.ts';
import { mediaInstanceIdOf } from '../../wire/topics.ts';
import { createAuthority, issueBroker, issueCloud, issueCloudMedia, openAuthority } from '../ca/issue.ts';
import { instanceIdOf } from '../ca/names.ts';
import { createCodeKey } from '../code/key.ts';
import { createPushKeys } from '../notify/push-keys.ts';
import { performCeremony } from '../roots/ceremony.ts';
import { issuerSetFile, rootSetFile } from '../roots/sets.ts';
import { createSigningKey, PrivateOkp } from '../signer/file.ts';
import { createVaultKey } from '../vault/vault.ts';
import { layoutOf } from './layout.ts';

export interface InstallWish {
  readonly dataDir: string;
  /** Where root keys and the operator's token go. The service never reads it: take it away afterwards. */
  readonly offlineDir: string;
  /** DNS names and IP addresses of the broker, beside localhost and 127.0.0.1. */
  readonly brokerNames: readonly string[];
  /** `cloud-…` */
  readonly instance: string;
  readonly issuer: string;
  readonly rootCount: number;
  readonly threshold: number;
  /** ms since 1970. */
  readonly nowMs: number;
}

export interface Installed {
  /** `rootSetHash` of the first root set: what installers compare. */
  readonly rootHash: string;
  /** Undefined when the offline folder has been taken away. */
  readonly operatorToken: string | undefined;
  /** False when everything was there already. */
  readonly fresh: boolean;
  /** True when this was an installation from before the media link, and got the certificate for it now. */
  readonly mediaAdded: boolean;
  /** True when this was an installation from before notifications, and got keys for push now. */
  readonly pushAdded: boolean;
  /** True when this was an installation from before the vault, and got its key now. */
  readonly vaultAdded: boolean;
  /** True when this was an installation from before hand-over codes, and got the key for them now. */
  readonly codeAdded: boolean;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Writes whole or not at all, durable before it resolves. */
async function keep(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  const file = await open(draft, 'w', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

const keepSecret = (path: string, text: string): Promise<void> => keep(path, text, 0o600);
const keepPublic = (path: string, text: string): Promise<void> => keep(path, text, 0o644);

/** @returns whether the media client's certificate was made now */
async function installCertificates(wish: InstallWish): Promise<boolean> {
  const at = layoutOf(wish.dataDir);
  if (!(await exists(at.caCertificate))) {
    const pair = await createAuthority(wish.nowMs);
    await keepSecret(at.caKey, pair.key);
    await keepPublic(at.caCertificate, pair.certificate);
  }
  const authority = await openAuthority({
    certificate: await readFile(at.caCertificate, 'utf8'),
    key: await readFile(at.caKey, 'utf8'),
  });
  if (!(await exists(at.brokerCertificate))) {
    const names = [...new Set([...wish.brokerNames, 'localhost', '127.0.0.1'])];
    const pair = await issueBroker(authority, names, wish.nowMs);
    await keepSecret(at.brokerKey, pair.key);
    await keepPublic(at.brokerCertificate, pair.certificate);
  }
  if (!(await exists(at.clientCertificate))) {
    const pair = await issueCloud(authority, wish.instance, wish.nowMs);
    await keepSecret(at.clientKey, pair.key);
    await keepPublic(at.clientCertificate, pair.certificate);
  }
  if (await exists(at.mediaCertificate)) return false;
  // Named after the certificate that is there, whatever the wish calls the instance.
  const instance = instanceIdOf(await readFile(at.clientCertificate, 'utf8'));
  const pair = await issueCloudMedia(authority, mediaInstanceIdOf(instance), wish.nowMs);
  await keepSecret(at.mediaKey, pair.key);
  await keepPublic(at.mediaCertificate, pair.certificate);
  return true;
}

/** @returns whether they were made now */
async function installPushKeys({ dataDir }: InstallWish): Promise<boolean> {
  const { pushKeys } = layoutOf(dataDir);
  if (await exists(pushKeys)) return false;
  await keepSecret(pushKeys, JSON.stringify(await createPushKeys()));
  return true;
}

/** @returns whether it was made now */
async function installVaultKey({ dataDir }: InstallWish): Promise<boolean> {
  const { vaultKey } = layoutOf(dataDir);
  if (await exists(vaultKey)) return false;
  await keepSecret(vaultKey, createVaultKey());
  return true;
}

/** Made once: a code that is out there dies with the key. @returns whether it was made now */
async function installCodeKey({ dataDir }: InstallWish): Promise<boolean> {
  const { codeKey } = layoutOf(dataDir);
  if (await exists(codeKey)) return false;
  await keepSecret(codeKey, createCodeKey());
  return true;
}

/** The first root set is written last: it says that the ceremony is done. */
async function installRoots(wish: InstallWish): Promise<void> {
  const at = layoutOf(wish.dataDir);
  if (await exists(join(at.roots, rootSetFile(1)))) return;
  if (!(await exists(at.issuerKey))) await keepSecret(at.issuerKey, JSON.stringify(await createSigningKey()));
  const { kty, crv, x } = v.parse(PrivateOkp, JSON.parse(await readFile(at.issuerKey, 'utf8')));
  const made = await performCeremony({
    count: wish.rootCount,
    threshold: wish.threshold,
    issuer: wish.issuer,
    issuerKey: { kty, crv, x },
    nowS: Math.floor(wish.nowMs / 1000),
  });
  for (const [index, key] of made.rootKeys.entries()) {
    await keepSecret(join(wish.offlineDir, `root-${index + 1}.jwk`), JSON.stringify(key));
  }
  await keepPublic(join(at.roots, issuerSetFile), made.issuerSet);
  await keepPublic(join(at.roots, rootSetFile(1)), made.rootSet);
}

async function installOperator(wish: InstallWish): Promise<string | undefined> {
  const at = layoutOf(wish.dataDir);
  const tokenFile = join(wish.offlineDir, 'operator.token');
  if (!(await exists(at.operatorHash))) {
    const token = `dwo_${randomBytes(32).toString('base64url')}`;
    await keepSecret(tokenFile, token);
    await keepSecret(at.operatorHash, hashOf(token));
  }
  return readFile(tokenFile, 'utf8').catch(() => undefined);
}

/**
 * Installs. Safe to repeat: an interrupted installation goes on, a finished one changes nothing.
 * @throws Fault USAGE when the threshold is above the number of root keys; CONFIG_INVALID when the folder cannot be written
 */
export async function install(wish: InstallWish): Promise<Installed> {
  if (wish.threshold < 1 || wish.threshold > wish.rootCount || wish.rootCount > 5) {
    throw new Fault('USAGE', { why: '1 <= threshold <= root keys <= 5' });
  }
  const at = layoutOf(wish.dataDir);
  try {
    const fresh = !(await exists(at.operatorHash));
    const mediaMade = await installCertificates(wish);
    const pushMade = await installPushKeys(wish);
    const vaultMade = await installVaultKey(wish);
    const codeMade = await installCodeKey(wish);
    await installRoots(wish);
    const operatorToken = await installOperator(wish);
    const rootHash = rootSetHash(await readFile(join(at.roots, rootSetFile(1)), 'utf8'));
    const added = {
      mediaAdded: mediaMade && !fresh,
      pushAdded: pushMade && !fresh,
      vaultAdded: vaultMade && !fresh,
      codeAdded: codeMade && !fresh,
    };
    return { rootHash, operatorToken, fresh, ...added };
  } catch (cause) {
    throw cause instanceof Fault
      ? cause
      : new Fault('CONFIG_INVALID', { setting: 'dataDir', why: 'cannot be written' }, { cause });
  }
}
