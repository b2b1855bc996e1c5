/** Surface: who asks for a device with a printed code, and who pins a new code. */
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import type { Verdict } from '../../../wire/faults.ts';
import { newId, type SignKey, signDocument } from '../../../wire/jws.ts';
import { maxRecoveryVetoes, recoveryCodeForm, recoveryForm, recoveryPinForm } from '../../../wire/recovery.ts';
import type { EcJwk, OkpJwk } from '../../../wire/shapes.ts';
import { verifyRecoveryPin } from '../../../wire/verify-recovery.ts';
import { Counts, goodDocuments, plainTrustStore } from '../../support/decision.ts';
import { type Cast, newHubId, newSealJwk, newSignKey } from '../../support/keys.ts';
import type { Ledger } from './ledger.ts';
import { mutateClaims, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import type { Surface } from './surface.ts';

/** After this many documents the hub starts afresh, so that what was accepted does not pile up. */
const perHub = 50;
/** How many of the hubs have seen too many vetoes already. */
const spentChance = 0.2;

interface Try {
  readonly typ: string;
  readonly claims: object | string;
  readonly key: SignKey;
  readonly as?: SignKey;
  readonly mutate?: boolean;
}

export async function recoverySurface(cast: Cast, ledger: Ledger): Promise<Surface> {
  const { nowS, hubId } = cast;
  const [printed, other] = [await newSignKey('EdDSA'), await newSignKey('EdDSA')];
  const mark = { key: printed.jwk as OkpJwk, note: 'n'.repeat(43) };
  const pin = { iss: hubId, version: 1, iat: nowS, mark };
  const kept = await goodDocuments(cast, { recoveryPin: await signDocument(recoveryPinForm, pin, cast.hub) });
  const over = newId();
  const device = { sign: cast.stranger.ec.jwk as EcJwk, seal: newSealJwk() };
  const base = () => ({ aud: hubId, jti: newId(), iat: nowS });
  const asked = (change: object = {}) => ({ ...base(), device, ...change });
  const renewed = (change: object = {}) => ({
    ...{ ...base(), version: 2, mark: { ...mark, key: other.jwk as OkpJwk } },
    ...change,
  });
  const [owner, stranger] = [cast.owner.sign, cast.stranger.ec];
  const [recovery, code] = [recoveryForm.typ, recoveryCodeForm.typ];
  const tries: readonly ((random: Random) => Try)[] = [
    () => ({ typ: recovery, claims: asked(), key: printed }),
    () => ({ typ: recovery, claims: asked({ jti: over }), key: printed }),
    () => ({ typ: recovery, claims: asked({ aud: newHubId() }), key: printed }),
    () => ({ typ: recovery, claims: asked(), key: other }),
    () => ({ typ: recovery, claims: asked(), key: other, as: printed }),
    () => ({ typ: recovery, claims: asked(), key: owner }),
    () => ({ typ: recovery, claims: asked(), key: printed, mutate: true }),
    (random) => ({ typ: recovery, claims: mutateClaims(asked(), random), key: printed }),
    () => ({ typ: code, claims: renewed(), key: owner }),
    () => ({ typ: code, claims: renewed({ aud: newHubId() }), key: owner }),
    (random) => ({ typ: code, claims: renewed({ version: random.pick([0, 1, 3]) }), key: owner }),
    () => ({ typ: code, claims: renewed(), key: stranger }),
    () => ({ typ: code, claims: renewed(), key: stranger, as: owner }),
    () => ({ typ: code, claims: renewed(), key: owner, mutate: true }),
    (random) => ({ typ: code, claims: mutateClaims(renewed(), random), key: owner }),
    () => ({ typ: recoveryPinForm.typ, claims: pin, key: cast.stranger.ed, as: cast.hub }),
    (random) => ({ typ: recoveryPinForm.typ, claims: mutateClaims(pin, random), key: cast.hub }),
  ];
  const open = (isSpent: boolean): Promise<Trust> => {
    const counts = new Counts();
    counts.ended.add(`recovery ${over}`);
    return openTrust({
      store: plainTrustStore(kept, { 'recovery-vetoes': isSpent ? maxRecoveryVetoes : 0 }),
      grants: Object.assign(counts, { end: () => {}, prune: () => {} }),
      hubId,
      hubKey: cast.hub,
      hasHead: () => 'has',
    });
  };
  let trust = await open(false);
  let sent = 0;

  return async (random) => {
    if (++sent % perHub === 0) trust = await open(random.chance(spentChance));
    const { typ, claims, key, as, mutate } = random.pick(tries)(random);
    const signed = await ledger.sign(typ, claims, key, as === undefined ? 'kid' : { as: as.kid });
    const document = mutate ? mutateText(signed, random) : signed;
    if (typ === recoveryPinForm.typ) {
      const verdict: Verdict<unknown> = await verifyRecoveryPin(document, cast.hub, hubId);
      const isHubs = ledger.has(document, cast.hub);
      return { verdict, signedAgain: true, violates: verdict.ok && !isHubs ? ['a pin without the hub'] : [] };
    }
    const verdict = await trust.take(document, { nowS });
    const violates: string[] = [];
    if (verdict.ok && verdict.value.took === 'recovery') {
      if (!ledger.has(document, printed)) violates.push('a recovery without the code');
      if (verdict.value.id === over) violates.push('a recovery that is over');
    }
    if (verdict.ok && verdict.value.took === 'recoveryCode') {
      if (!ledger.has(document, owner)) violates.push('a code without the owner');
      trust = await open(false);
    }
    if (trust.inForce().owners?.devices.length !== 1) violates.push('a device at once');
    return { verdict, signedAgain: true, violates };
  };
}
