/** An authenticator in software: a passkey that says what a test wants it to say, signed with a real key. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { type Passkey, withAssertion } from '../../wire/passkey.ts';
import type { EcJwk } from '../../wire/shapes.ts';

/** What one assertion says other than it should. */
export interface AssertionChange {
  /** 0x01 user present, 0x04 user verified, 0x18 synced. */
  readonly flags?: number;
  readonly rp?: string;
  readonly type?: string;
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  /** The text that the challenge is made of. */
  readonly over?: string;
}

export interface SoftPasskey {
  /** What is pinned. */
  readonly passkey: Passkey;
  /** The three parts of an assertion over a document. The signature is DER. */
  assert(
    jws: string,
    change?: AssertionChange,
  ): { readonly authenticatorData: Buffer; readonly clientDataJson: Buffer; readonly signature: Buffer };
  /** The document with its assertion. */
  confirm(jws: string, change?: AssertionChange): string;
}

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** @param rp  RP ID */
export function newSoftPasskey(rp = 'app.example'): SoftPasskey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as unknown as EcJwk;
  const assert: SoftPasskey['assert'] = (jws, change = {}) => {
    const client = {
      type: change.type ?? 'webauthn.get',
      challenge: sha256(change.over ?? jws).toString('base64url'),
      origin: change.origin ?? `https://${rp}`,
      crossOrigin: change.crossOrigin ?? false,
    };
    const clientDataJson = Buffer.from(JSON.stringify(client));
    const flags = Buffer.from([change.flags ?? 0x1d]);
    const authenticatorData = Buffer.concat([sha256(change.rp ?? rp), flags, Buffer.alloc(4)]);
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientDataJson)]), privateKey);
    return { authenticatorData, clientDataJson, signature };
  };
  return {
    passkey: { id: randomBytes(32).toString('base64url'), jwk, rp },
    assert,
    confirm: (jws, change) => withAssertion(jws, assert(jws, change)),
  };
}
