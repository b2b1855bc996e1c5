/** Every way in which a document of the owner's is refused when the hub is to take it. */
import { openTrust, type TakeScene, type Trust } from '../../../../device/grant/trust.ts';
import type { FaultCode } from '../../../../wire/faults.ts';
import { newId, signDocument } from '../../../../wire/jws.ts';
import { type ClockResetClaims, clockResetForm } from '../../../../wire/owner.ts';
import { maxLeaseSeconds } from '../../../../wire/rule-book.ts';
import { type RetentionClaims, retentionForm } from '../../../../wire/video.ts';
import { Counts, goodDocuments, plainTrustStore } from '../../../support/decision.ts';
import { approvalOf, type Cast, grantOf, newHubId, ruleBookClaimsOf, ruleBookOf } from '../../../support/keys.ts';
import type { Row } from './row.ts';
import { withByteFlipped, withClaims, withHeader } from './tamper.ts';

/** The trust of a hub that is enrolled and handed over. */
export const goodTrust = async (cast: Cast): Promise<Trust> =>
  openTrust({
    store: plainTrustStore(await goodDocuments(cast)),
    grants: Object.assign(new Counts(), { end: () => {}, prune: () => {} }),
    hubId: cast.hubId,
    hubKey: cast.hub,
    hasHead: () => 'has',
  });

const resetOf = (cast: Cast, change: Partial<ClockResetClaims> = {}, key = cast.owner.sign): Promise<string> =>
  signDocument(clockResetForm, { aud: cast.hubId, iat: cast.nowS, nonce: newId(), mark: cast.nowS, ...change }, key);

const retentionOf = (cast: Cast, change: Partial<RetentionClaims> = {}, key = cast.owner.sign): Promise<string> =>
  signDocument(
    retentionForm,
    { aud: cast.hubId, version: 1, iat: cast.nowS, keepHours: 48, keep: [newId()], ...change },
    key,
  );

/** @returns one row for each check of a rule book, an approval that comes by itself, a clock reset and a retention setting */
export function documentRows(cast: Cast): Row[] {
  const { nowS } = cast;
  const row = (code: FaultCode, says: string, make: () => Promise<string>, scene: TakeScene = { nowS }): Row => ({
    code,
    says,
    attempt: async () => (await goodTrust(cast)).take(await make(), scene),
  });
  const book = (change = {}, key = cast.owner.sign) => ruleBookOf(cast, { version: 2, ...change }, key);
  const approval = async (change = {}, key = cast.owner.sign) => approvalOf(cast, await grantOf(cast), change, key);
  const offCurve = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const;
  const nonce = newId();
  const reset = { nowS, resetNonce: nonce };
  return [
    row('RULE_BOOK_MALFORMED', 'the rule book carries a claim of its own', async () =>
      withClaims(await book(), { admin: true }),
    ),
    row('RULE_BOOK_MALFORMED', 'two rules have the same id', async () => {
      const { rules } = ruleBookClaimsOf(cast);
      return withClaims(await book(), { rules: [rules[0], rules[0]] });
    }),
    row('RULE_BOOK_MALFORMED', 'the key of a carrier is no point of its curve', async () => {
      const { rules } = ruleBookClaimsOf(cast);
      return book({ rules: [{ ...rules[0], party: { kind: 'carrier', id: 'c', jwk: offCurve } }] });
    }),
    row('RULE_BOOK_KEY_UNKNOWN', 'the rule book is signed by a stranger', () => book({}, cast.stranger.ec)),
    row('RULE_BOOK_NOT_GENUINE', "a stranger signs under the name of the owner's device", async () =>
      withHeader(await book({}, cast.stranger.ec), { kid: cast.owner.sign.kid }),
    ),
    row('RULE_BOOK_WRONG_HUB', 'the rule book is for another hub', () => book({ aud: newHubId() })),
    row('RULE_BOOK_OLD', 'rule book of an older version', () => book({ version: 0 })),
    row('RULE_BOOK_OLD', 'another rule book of the same version', () => book({ version: 1, exp: nowS + 60 })),
    row('RULE_BOOK_LEASE_TOO_LONG', 'the lease is a second longer than 7 days', () =>
      book({ iat: nowS, exp: nowS + maxLeaseSeconds + 1 }),
    ),
    row('RULE_BOOK_EARLY', 'the rule book is dated further ahead than clocks may differ', () =>
      book({ iat: nowS + 61 }),
    ),
    row('APPROVAL_MALFORMED', 'an approval carries a claim of its own', async () =>
      withClaims(await approval(), { x: 1 }),
    ),
    row('APPROVAL_KEY_UNKNOWN', 'an approval of a stranger comes by itself', () => approval({}, cast.stranger.ec)),
    row('APPROVAL_NOT_GENUINE', 'one bit of an approval is flipped', async () => withByteFlipped(await approval(), 2)),
    row('APPROVAL_WRONG_HUB', 'an approval for another hub comes by itself', () => approval({ aud: newHubId() })),
    row('APPROVAL_LATE', 'an approval that has ended comes by itself', () => approval({ exp: nowS })),
    row(
      'CLOCK_RESET_MALFORMED',
      'the reset lacks its mark',
      async () => withClaims(await resetOf(cast), { mark: undefined }),
      reset,
    ),
    row(
      'CLOCK_RESET_KEY_UNKNOWN',
      'T27: a stranger sets the clock',
      () => resetOf(cast, { nonce }, cast.stranger.ec),
      reset,
    ),
    row(
      'CLOCK_RESET_NOT_GENUINE',
      'T27: the mark is changed after signing',
      async () => withClaims(await resetOf(cast, { nonce }), { mark: 0 }),
      reset,
    ),
    row(
      'CLOCK_RESET_WRONG_HUB',
      'the reset is for another hub',
      () => resetOf(cast, { nonce, aud: newHubId() }),
      reset,
    ),
    row('CLOCK_RESET_NONCE_UNKNOWN', 'T27: the reset answers an older question', () => resetOf(cast), reset),
    row('CLOCK_RESET_NONCE_UNKNOWN', 'the clock has no question out', () => resetOf(cast, { nonce })),
    row('RETENTION_MALFORMED', 'the setting keeps for a month and a day', async () =>
      withClaims(await retentionOf(cast), { keepHours: 744 }),
    ),
    row('RETENTION_KEY_UNKNOWN', 'a stranger sets how long recordings stay', () =>
      retentionOf(cast, {}, cast.stranger.ec),
    ),
    row('RETENTION_NOT_GENUINE', 'a dispute is taken out after signing', async () =>
      withClaims(await retentionOf(cast), { keep: [] }),
    ),
    row('RETENTION_WRONG_HUB', 'the setting is for another hub', () => retentionOf(cast, { aud: newHubId() })),
    {
      code: 'RETENTION_OLD',
      says: 'another setting of the same version',
      attempt: async () => {
        const trust = await goodTrust(cast);
        await trust.take(await retentionOf(cast), { nowS });
        return trust.take(await retentionOf(cast), { nowS });
      },
    },
  ];
}
