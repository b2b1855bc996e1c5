/** Surface: what widens access, at a hub whose owner device is pinned with a passkey. */
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import { approvalForm } from '../../../wire/approval.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { clearanceForm, clockResetForm, ownerChangeForm } from '../../../wire/owner.ts';
import { recoveryCodeForm } from '../../../wire/recovery.ts';
import { ruleBookForm } from '../../../wire/rule-book.ts';
import type { EcJwk, OkpJwk } from '../../../wire/shapes.ts';
import { Counts, goodDocuments, plainTrustStore } from '../../support/decision.ts';
import { type Cast, carrierRule, newSealJwk, ownerListOf, ruleBookClaimsOf } from '../../support/keys.ts';
import { type AssertionChange, newSoftPasskey } from '../../support/soft-passkey.ts';
import type { Ledger } from './ledger.ts';
import { mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import type { Surface } from './surface.ts';

/** After this many documents the hub starts afresh, so that what was accepted does not pile up. */
const perHub = 50;

export async function passkeySurface(cast: Cast, ledger: Ledger): Promise<Surface> {
  const { nowS, hubId, doorId: door } = cast;
  const [own, other] = [newSoftPasskey(), newSoftPasskey()];
  const sign = cast.owner.sign.jwk as EcJwk;
  const devices = [{ sign, seal: cast.owner.seal, passkey: own.passkey }];
  const kept = await goodDocuments(cast, { ownerList: await ownerListOf(cast, { devices }) });
  const resetNonce = newId();
  const base = () => ({ aud: hubId, jti: newId(), iat: nowS });
  const mark = { key: cast.roots[0]!.jwk as OkpJwk, note: hashOf(newId()) };
  const added = { sign: cast.stranger.ec.jwk as EcJwk, seal: newSealJwk() };
  const kinds: readonly (readonly [typ: string, make: () => object])[] = [
    [ruleBookForm.typ, () => ({ ...ruleBookClaimsOf(cast), version: 2, rules: [carrierRule(cast, { id: 'more' })] })],
    [approvalForm.typ, () => ({ ...base(), exp: nowS + 60, door, grant: hashOf(newId()) })],
    [clearanceForm.typ, () => ({ ...base(), door, alarm: 7 })],
    [clockResetForm.typ, () => ({ aud: hubId, iat: nowS, nonce: resetNonce, mark: nowS })],
    [ownerChangeForm.typ, () => ({ ...base(), version: 2, add: { ...added, passkey: other.passkey } })],
    [ownerChangeForm.typ, () => ({ ...base(), version: 2, add: added })],
    [recoveryCodeForm.typ, () => ({ ...base(), version: 0, mark })],
  ];
  const lies: readonly AssertionChange[] = [
    ...[{ flags: 0x01 }, { flags: 0x04 }, { flags: 0x18 }, { rp: 'evil.example' }, { over: 'x' }],
    ...[{ type: 'webauthn.create' }, { crossOrigin: true }, { origin: 'https://evil.example' }],
  ];
  const open = (): Promise<Trust> =>
    openTrust({
      store: plainTrustStore(kept),
      grants: Object.assign(new Counts(), { end: () => {}, prune: () => {} }),
      hubId,
      hubKey: cast.hub,
      hasHead: () => 'has',
    });
  /** The document as a thief of the device key could send it, and whether its owner has confirmed exactly this. */
  const confirm = (jws: string, random: Random): { text: string; isMeant: boolean } => {
    const good = own.confirm(jws);
    switch (random.int(6)) {
      case 0:
        return { text: jws, isMeant: false };
      case 1:
        return { text: other.confirm(jws), isMeant: false };
      case 2:
        return { text: own.confirm(jws, random.pick(lies)), isMeant: false };
      case 3: {
        const text = mutateText(good, random);
        return { text, isMeant: text === good };
      }
      case 4:
        return { text: random.pick([`${jws}~`, `${good}~`, `${good}~${good}`, `~${good}`]), isMeant: false };
      default:
        return { text: good, isMeant: true };
    }
  };
  let trust = await open();
  let sent = 0;
  return async (random) => {
    if (++sent % perHub === 0) trust = await open();
    const [typ, make] = random.pick(kinds);
    const jws = await ledger.sign(typ, make(), cast.owner.sign);
    const { text, isMeant } = confirm(jws, random);
    const verdict = await trust.take(text, { nowS, resetNonce });
    const violates = verdict.ok && !isMeant ? [`${verdict.value.took} that nobody has confirmed`] : [];
    if (verdict.ok && verdict.value.took === 'ownerChange') {
      if (verdict.value.added?.passkey === undefined) violates.push('a device without a passkey');
      trust = await open();
    }
    if (verdict.ok && /^(ruleBook|recoveryCode)$/.test(verdict.value.took)) trust = await open();
    return { verdict, signedAgain: true, violates };
  };
}
