/** An authenticator in software: a passkey that says what a test wants it to say, signed with a real key. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { accountText, type Passkey, withAssertion } from '../../wire/passkey.ts';
import type { EcJwk } from '../../wire/shapes.ts';

/** What it says other than it should. */
export interface AssertionChange {
  /** 0x01 user present, 0x04 user verified, 0x18 synced. */
  readonly flags?: number;
  readonly rp?: string;
  readonly type?: string;
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly counter?: number;
  /** The text that the challenge is made of. */
  readonly over?: string;
}

interface Parts {
  readonly authenticatorData: Buffer;
  readonly clientDataJson: Buffer;
  /** DER. */
  readonly signature: Buffer;
}

export interface SoftPasskey {
  /** What is pinned. */
  readonly passkey: Passkey;
  /** The three parts of an assertion over a document. */
  assert(jws: string, change?: AssertionChange): Parts;
  /** The document with its assertion. */
  confirm(jws: string, change?: AssertionChange): string;
  /** What a browser sends after making this passkey. @param fmt  of the attestation */
  made(challenge: string, change?: AssertionChange & { readonly fmt?: string }): Record<string, unknown>;
  /** What a browser sends after asking it to log in. */
  answered(challenge: string, change?: AssertionChange & { readonly userHandle?: string }): Record<string, unknown>;
}

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

const cborText = (text: string): Buffer => Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
/** @param bytes  24..65,535 of them */
const cborBytes = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x59, bytes.length >> 8, bytes.length]), bytes]);

/** COSE key of an ES256 passkey (RFC 9053, 7.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
const coseOf = ({ x, y }: EcJwk): Buffer =>
  Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);

/** @param rp  RP ID; `origin`: of the page, where it is not the plain one */
export function newSoftPasskey(rp = 'app.example', origin = `https://${rp}`): SoftPasskey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as unknown as EcJwk;
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');

  /** @param challenge  the text that it is made of */
  const clientData = (type: string, challenge: string, change: AssertionChange): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: change.type ?? type,
        challenge: sha256(change.over ?? challenge).toString('base64url'),
        origin: change.origin ?? origin,
        crossOrigin: change.crossOrigin ?? false,
      }),
    );
  const authenticatorData = (change: AssertionChange, attested?: Buffer): Buffer => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(change.counter ?? 0);
    const flags = (change.flags ?? 0x1d) | (attested === undefined ? 0 : 0x40);
    return Buffer.concat([sha256(change.rp ?? rp), Buffer.from([flags]), counter, attested ?? Buffer.alloc(0)]);
  };
  const assertOver = (challenge: string, change: AssertionChange): Parts => {
    const data = authenticatorData(change);
    const clientDataJson = clientData('webauthn.get', challenge, change);
    const signature = sign('sha256', Buffer.concat([data, sha256(clientDataJson)]), privateKey);
    return { authenticatorData: data, clientDataJson, signature };
  };
  const assert: SoftPasskey['assert'] = (jws, change = {}) => assertOver(jws, change);

  return {
    passkey: { id, jwk, rp },
    assert,
    confirm: (jws, change) => withAssertion(jws, assert(jws, change)),
    made: (challenge, change = {}) => {
      const length = Buffer.from([0, credentialId.length]);
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, coseOf(jwk)]);
      const attestation = Buffer.concat([
        ...[
          Buffer.from([0xa3]),
          cborText('fmt'),
          cborText(change.fmt ?? 'none'),
          cborText('attStmt'),
          Buffer.from([0xa0]),
        ],
        ...[cborText('authData'), cborBytes(authenticatorData(change, attested))],
      ]);
      return {
        id,
        clientDataJSON: clientData('webauthn.create', accountText(challenge), change).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      };
    },
    answered: (challenge, change = {}) => {
      const parts = assertOver(accountText(challenge), change);
      return {
        id,
        clientDataJSON: parts.clientDataJson.toString('base64url'),
        authenticatorData: parts.authenticatorData.toString('base64url'),
        signature: parts.signature.toString('base64url'),
        ...(change.userHandle === undefined ? {} : { userHandle: change.userHandle }),
      };
    },
  };
}
