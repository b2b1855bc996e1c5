/** An owner's device in Node: the page's own keys, made by WebCrypto, and the home as the page knows it. */
import { generateKeyPairSync } from 'node:crypto';
import { toVerifyKey } from '../../../cloud-bridge/pages/owner/device/documents.ts';
import { makeDeviceKeys } from '../../../cloud-bridge/pages/owner/device/keys.ts';
import type { Home } from '../../../cloud-bridge/pages/owner/video/stream-key.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { type FakeHub, makeHub } from './sealer.ts';

export const door = `door-${'d'.repeat(20)}`;
/** 2026-09-21, whole seconds. */
export const start = 1_790_000_000_000;

export async function makeDevice(hub: FakeHub = makeHub()) {
  const keys = await makeDeviceKeys();
  const home: Home = {
    hub: hub.id,
    hubKey: await toVerifyKey(hub.jwk),
    owners: [await toVerifyKey(keys.sign.jwk)],
    seal: keys.seal,
  };
  return { hub, keys, home, to: [keys.seal.jwk] };
}

/** Somebody else's P-256 key. */
export function strangersKey(): EcJwk {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x: x!, y: y! };
}
