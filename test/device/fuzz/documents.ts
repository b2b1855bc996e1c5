/** Surface: signed documents of every type that the hub is asked to take. */
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import { approvalForm } from '../../../wire/approval.ts';
import { hashOf, newId, type SignKey, signDocument } from '../../../wire/jws.ts';
import { clearanceForm, clockResetForm, ownerChangeForm } from '../../../wire/owner.ts';
import { revocationForm } from '../../../wire/revocation.ts';
import { ruleBookForm } from '../../../wire/rule-book.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { retentionForm } from '../../../wire/video.ts';
import { Counts, goodDocuments, plainTrustStore } from '../../support/decision.ts';
import { type Cast, newHubId, newSealJwk, ruleBookClaimsOf } from '../../support/keys.ts';
import type { Ledger } from './ledger.ts';
import { mutateClaims, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import type { Surface } from './surface.ts';

/** After this many documents the hub starts afresh, so that what was accepted does not pile up. */
const perHub = 100;

interface Kind {
  readonly typ: string;
  readonly make: () => object;
  /** Changes that each aim at one check. */
  readonly aims: readonly ((random: Random) => object)[];
}

export async function documentSurface(cast: Cast, ledger: Ledger): Promise<Surface> {
  const { nowS, hubId } = cast;
  const setting = { aud: hubId, version: 1, iat: nowS, keepHours: 72, keep: [] };
  const kept = await goodDocuments(cast, { retention: await signDocument(retentionForm, setting, cast.owner.sign) });
  const resetNonce = newId();
  const base = () => ({ aud: hubId, jti: newId(), iat: nowS });
  const elsewhere = () => ({ aud: newHubId() });
  const ahead = (random: Random) => ({ iat: nowS + 61 + random.int(10_000) });
  const kinds: readonly Kind[] = [
    {
      typ: ruleBookForm.typ,
      make: () => ({ ...ruleBookClaimsOf(cast), version: 2 }),
      aims: [
        elsewhere,
        () => ({ version: 0 }),
        (random) => ({ version: 2 + random.int(1000) }),
        ahead,
        (random) => ({ exp: nowS + 8 * 86_400 + random.int(10_000) }),
        () => ({ exp: nowS + 7 * 86_400 + 1 }),
      ],
    },
    {
      typ: approvalForm.typ,
      make: () => ({ ...base(), exp: nowS + 60, door: cast.doorId, grant: hashOf(newId()) }),
      aims: [elsewhere, ahead, (random) => ({ exp: nowS - random.int(1000) })],
    },
    {
      typ: clockResetForm.typ,
      make: () => ({ aud: hubId, iat: nowS, nonce: resetNonce, mark: nowS }),
      aims: [elsewhere, () => ({ nonce: newId() })],
    },
    {
      typ: revocationForm.typ,
      make: () => ({ ...base(), ends: { kind: 'visit', id: newId() } }),
      aims: [
        elsewhere,
        () => ({ ends: { kind: 'rule', id: 'rule-x' } }),
        (random) => ({ ends: { kind: 'epoch', epoch: 17 + random.int(1000) } }),
      ],
    },
    {
      typ: retentionForm.typ,
      make: () => ({ aud: hubId, version: 2, iat: nowS, keepHours: 48, keep: [newId()] }),
      aims: [elsewhere, () => ({ version: 1 })],
    },
    { typ: clearanceForm.typ, make: () => ({ ...base(), door: cast.doorId, alarm: 7 }), aims: [elsewhere] },
    {
      typ: ownerChangeForm.typ,
      make: () => ({ ...base(), version: 2, add: { sign: cast.stranger.ec.jwk as EcJwk, seal: newSealJwk() } }),
      aims: [elsewhere, () => ({ version: 9 }), () => ({ add: undefined, remove: cast.owner.sign.kid })],
    },
  ];
  const open = (): Promise<Trust> =>
    openTrust({
      store: plainTrustStore(kept),
      grants: Object.assign(new Counts(), { end: () => {}, prune: () => {} }),
      hubId,
      hubKey: cast.hub,
      hasHead: () => 'has',
    });
  let trust = await open();
  let sent = 0;

  return async (random) => {
    if (++sent % perHub === 0) trust = await open();
    const { typ, make, aims } = random.pick(kinds);
    const aimed = random.chance(0.6);
    const again = random.chance(0.7);
    const claims = aimed ? { ...make(), ...random.pick(aims)(random) } : make();
    const key: SignKey =
      aimed && !again ? random.pick([cast.stranger.ec, cast.courier, cast.carrier]) : cast.owner.sign;
    const signer = typ === revocationForm.typ && again && random.chance(0.3) ? cast.issuer : key;
    const name = aimed && !again && random.chance(0.5) ? { as: cast.owner.sign.kid } : 'kid';
    const signed = await ledger.sign(typ, aimed || !again ? claims : mutateClaims(claims, random), signer, name);
    const document = aimed || again ? signed : mutateText(signed, random);
    const verdict = await trust.take(document, { nowS, resetNonce });
    const violates: string[] = [];
    if (verdict.ok) {
      const byOwner = trust.inForce().owners?.keys.length !== 1 || ledger.has(document, cast.owner.sign);
      const narrowing = verdict.value.took === 'revocation' && ledger.has(document, cast.issuer);
      if (!byOwner && !narrowing) violates.push(`${verdict.value.took} without the owner`);
      if (verdict.value.took === 'ruleBook' && verdict.value.version < 2) violates.push('an older rule book');
      if (verdict.value.took === 'retention' && verdict.value.version < 2) violates.push('an older setting');
      if (verdict.value.took === 'ownerChange') trust = await open();
    }
    return { verdict, signedAgain: again, violates };
  };
}
