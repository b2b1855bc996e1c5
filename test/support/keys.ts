/** The people of one home with real keys of their own, and the documents that they sign when all is well. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type ApprovalClaims, approvalForm } from '../../wire/approval.ts';
import { type AssignmentClaims, assignmentForm } from '../../wire/assignment.ts';
import { type GrantBundle, type GrantClaims, grantForm } from '../../wire/grant.ts';
import { type IssuerSetClaims, type RootSetClaims, signIssuerSet, signRootSet } from '../../wire/issuer-set.ts';
import { hashOf, newId, type SignAlg, type SignKey, signDocument, toSignKey } from '../../wire/jws.ts';
import { type KnockClaims, knockForm } from '../../wire/knock.ts';
import { type OwnerListClaims, ownerListForm } from '../../wire/owner.ts';
import { type Ends, type RevocationClaims, revocationForm } from '../../wire/revocation.ts';
import { type Rule, type RuleBookClaims, ruleBookForm } from '../../wire/rule-book.ts';
import type { EcJwk, SignJwk } from '../../wire/shapes.ts';
import { timeForm, type WitnessClaims, witnessForm } from '../../wire/witness.ts';

/** 20 of a-z0-9, as ids of hubs and doors end. */
const randomTail = (): string =>
  [...randomBytes(20)].map((byte) => 'abcdefghijklmnopqrstuvwxyz0123456789'[byte % 36]).join('');
export const newHubId = (): string => `hub-${randomTail()}`;
export const newDoorId = (): string => `door-${randomTail()}`;

/** A fresh key pair for signing. */
export function newSignKey(alg: SignAlg): Promise<SignKey> {
  const { privateKey } =
    alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return toSignKey(privateKey.export({ format: 'jwk' }) as unknown as SignJwk & { d: string });
}

/** The public half of a fresh key that is sealed to. */
export const newSealJwk = (): EcJwk =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as unknown as EcJwk;

export interface OwnerPhone {
  readonly sign: SignKey;
  readonly seal: EcJwk;
}

/** Everybody at one home, and the moment at which they act. */
export interface Cast {
  /** Seconds. */
  readonly nowS: number;
  readonly hubId: string;
  readonly doorId: string;
  readonly hub: SignKey;
  /** Three root keys, two of which have to sign. */
  readonly roots: readonly SignKey[];
  readonly issuer: SignKey;
  readonly owner: OwnerPhone;
  readonly carrierId: string;
  readonly carrier: SignKey;
  readonly courier: SignKey;
  readonly guestId: string;
  readonly guest: SignKey;
  /** Somebody whose keys nobody ever signed for. */
  readonly stranger: { readonly ec: SignKey; readonly ed: SignKey };
  readonly delivery: string;
}

/** @param nowS  whole seconds since the epoch at which the good documents are good */
export async function newCast(nowS = 1_790_000_000): Promise<Cast> {
  const ed = () => newSignKey('EdDSA');
  const ec = () => newSignKey('ES256');
  return {
    nowS,
    hubId: newHubId(),
    doorId: newDoorId(),
    hub: await ed(),
    roots: [await ed(), await ed(), await ed()],
    issuer: await ed(),
    owner: { sign: await ec(), seal: newSealJwk() },
    carrierId: 'hermes',
    carrier: await ec(),
    courier: await ec(),
    guestId: 'guest-1',
    guest: await ec(),
    stranger: { ec: await ec(), ed: await ed() },
    delivery: newId(),
  };
}

const day = 86_400;

export const rootSetOf = (cast: Cast, change: Partial<RootSetClaims> = {}, signers = cast.roots): Promise<string> =>
  signRootSet(
    {
      version: 1,
      exp: cast.nowS + 365 * day,
      threshold: 2,
      keys: cast.roots.map(({ jwk }) => jwk as RootSetClaims['keys'][number]),
      ...change,
    },
    signers,
  );

export const issuerSetOf = (
  cast: Cast,
  change: Partial<IssuerSetClaims> = {},
  signers = cast.roots.slice(0, 2),
): Promise<string> =>
  signIssuerSet(
    {
      version: 1,
      exp: cast.nowS + 30 * day,
      issuer: 'doorward',
      keys: [
        {
          jwk: cast.issuer.jwk as IssuerSetClaims['keys'][number]['jwk'],
          nbf: cast.nowS - day,
          exp: cast.nowS + 30 * day,
        },
      ],
      ...change,
    },
    signers,
  );

export const ownerListOf = (cast: Cast, change: Partial<OwnerListClaims> = {}, key = cast.hub): Promise<string> =>
  signDocument(
    ownerListForm,
    {
      iss: cast.hubId,
      version: 1,
      iat: cast.nowS - day,
      devices: [{ sign: cast.owner.sign.jwk as EcJwk, seal: cast.owner.seal }],
      ...change,
    },
    key,
  );

/** The carrier may deliver on its own word (`auto`), today. */
export const carrierRule = (cast: Cast, change: Partial<Rule> = {}): Rule => ({
  id: 'rule-carrier',
  door: cast.doorId,
  party: { kind: 'carrier', id: cast.carrierId, jwk: cast.carrier.jwk },
  from: cast.nowS - day,
  until: cast.nowS + day,
  visits: 2,
  entries: 2,
  camera: 'recorded',
  consent: 'auto',
  ...change,
});

/** The guest may come with the pinned key, today. */
export const guestRule = (cast: Cast, change: Partial<Rule> = {}): Rule => ({
  ...carrierRule(cast),
  id: 'rule-guest',
  party: { kind: 'guest', id: cast.guestId, jkt: cast.guest.kid },
  camera: 'off',
  ...change,
});

export const ruleBookClaimsOf = (cast: Cast, change: Partial<RuleBookClaims> = {}): RuleBookClaims => ({
  aud: cast.hubId,
  version: 1,
  iat: cast.nowS - 3600,
  exp: cast.nowS - 3600 + 7 * day,
  rules: [carrierRule(cast), guestRule(cast)],
  ...change,
});

export const ruleBookOf = (cast: Cast, change: Partial<RuleBookClaims> = {}, key = cast.owner.sign): Promise<string> =>
  signDocument(ruleBookForm, ruleBookClaimsOf(cast, change), key);

export const grantClaimsOf = (cast: Cast, change: Partial<GrantClaims> = {}): GrantClaims => ({
  iss: 'doorward',
  aud: cast.hubId,
  jti: newId(),
  sub: 'courier-7',
  door: cast.doorId,
  purpose: 'delivery',
  rule: 'rule-carrier',
  iat: cast.nowS - 60,
  nbf: cast.nowS - 60,
  exp: cast.nowS + 3600,
  entries: 1,
  epoch: 0,
  cnf: { jkt: cast.courier.kid },
  delivery: cast.delivery,
  ...change,
});

export const grantOf = (cast: Cast, change: Partial<GrantClaims> = {}, key = cast.issuer): Promise<string> =>
  signDocument(grantForm, grantClaimsOf(cast, change), key);

/** A grant for the guest. */
export function guestGrantOf(cast: Cast, change: Partial<GrantClaims> = {}, key = cast.issuer): Promise<string> {
  const { delivery: _, ...claims } = grantClaimsOf(cast);
  return signDocument(
    grantForm,
    { ...claims, purpose: 'guest', rule: 'rule-guest', sub: 'visitor-1', cnf: { jkt: cast.guest.kid }, ...change },
    key,
  );
}

export const assignmentClaimsOf = (cast: Cast, change: Partial<AssignmentClaims> = {}): AssignmentClaims => ({
  iss: cast.carrierId,
  aud: cast.hubId,
  jti: newId(),
  iat: cast.nowS - 120,
  nbf: cast.nowS - 120,
  exp: cast.nowS + 3600,
  delivery: cast.delivery,
  door: cast.doorId,
  cnf: { jkt: cast.courier.kid },
  ...change,
});

export const assignmentOf = (cast: Cast, change: Partial<AssignmentClaims> = {}, key = cast.carrier): Promise<string> =>
  signDocument(assignmentForm, assignmentClaimsOf(cast, change), key);

/** The owner's yes to this grant. */
export const approvalOf = (
  cast: Cast,
  grant: string,
  change: Partial<ApprovalClaims> = {},
  key = cast.owner.sign,
): Promise<string> =>
  signDocument(
    approvalForm,
    {
      aud: cast.hubId,
      jti: newId(),
      iat: cast.nowS - 30,
      exp: cast.nowS + 3600,
      door: cast.doorId,
      grant: hashOf(grant),
      ...change,
    },
    key,
  );

/** A grant with the carrier's assignment beside it. */
export const bundleOf = async (cast: Cast, change: Partial<GrantClaims> = {}): Promise<GrantBundle> => ({
  grant: await grantOf(cast, change),
  assignment: await assignmentOf(cast),
});

export const knockOf = (
  cast: Cast,
  about: Pick<KnockClaims, 'act' | 'visit' | 'nonce'> & { readonly grant: string },
  change: Partial<KnockClaims> = {},
  key = cast.courier,
): Promise<string> =>
  signDocument(
    knockForm,
    { aud: cast.hubId, jti: newId(), iat: cast.nowS, ...about, grant: hashOf(about.grant), ...change },
    key,
  );

export const revocationOf = (
  cast: Cast,
  ends: Ends,
  key = cast.owner.sign,
  change: Partial<RevocationClaims> = {},
): Promise<string> =>
  signDocument(revocationForm, { aud: cast.hubId, jti: newId(), iat: cast.nowS, ends, ...change }, key);

/** The cloud's time, as the answer to the hub's nonce. */
export const timeOf = (cast: Cast, nonce: string, nowMs = cast.nowS * 1000, key = cast.issuer): Promise<string> =>
  signDocument(timeForm, { aud: cast.hubId, nonce, now: nowMs }, key);

export const witnessOf = (
  cast: Cast,
  head: Pick<WitnessClaims, 'seq' | 'hash'>,
  change: Partial<WitnessClaims> = {},
  key = cast.issuer,
): Promise<string> => signDocument(witnessForm, { aud: cast.hubId, iat: cast.nowS, ...head, ...change }, key);
