/** Surface: an owner's orders to a lock at the hub's own desk, and what an owner's device is answered. */
import { duressCodes } from '../../../device/desk/duress.ts';
import { lockOrderDesk } from '../../../device/desk/lock-orders.ts';
import { nothingInForce, toOwners } from '../../../device/grant/in-force.ts';
import { accept, type Verdict } from '../../../wire/faults.ts';
import { hubKeyForm } from '../../../wire/hub-key.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { lockAnswerForm, lockOrderForm } from '../../../wire/lock-order.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { verifyHubKey } from '../../../wire/verify-hub-key.ts';
import { sealForLock, verifyLockAnswer } from '../../../wire/verify-lock-order.ts';
import { plainTrustStore } from '../../support/decision.ts';
import { type Cast, newDoorId, newHubId } from '../../support/keys.ts';
import { MemoryLock } from '../../support/memory-lock.ts';
import { newOpener } from '../../support/opener.ts';
import type { Ledger } from './ledger.ts';
import { documentShot, type Kind } from './pictures.ts';
import type { Surface } from './surface.ts';

const digits = '345678';

export async function lockOrderSurface(cast: Cast, ledger: Ledger): Promise<Surface> {
  const { nowS, hubId, doorId: door } = cast;
  const [hubSeal, elsewhere] = [await newOpener(), await newOpener()];
  const lock = new MemoryLock();
  const devices = [{ sign: cast.owner.sign.jwk as EcJwk, seal: cast.owner.seal }];
  const owners = await toOwners({ iss: hubId, version: 1, iat: nowS, devices });
  const used = new Set<string>();
  const runner = { state: () => ({ at: 'idle' }) };
  const entrances = new Map([[door, { installed: { administration: lock }, runner }]]);
  const desk = lockOrderDesk({
    hubId,
    keys: { sign: cast.hub, seal: hubSeal.jwk, open: hubSeal.privateKey },
    entrances: entrances as unknown as Parameters<typeof lockOrderDesk>[0]['entrances'],
    trust: { inForce: () => ({ ...nothingInForce(hubId), owners }) },
    trustedNow: () => accept(nowS * 1000),
    clock: { now: () => nowS * 1000 },
    duress: duressCodes(plainTrustStore(), () => devices),
    used: { isEnded: (_, id) => used.has(id), end: (_, id) => void used.add(id) },
    record: async () => undefined,
    note: async () => undefined,
    refused: () => undefined,
  });
  const take = async (jws: string): Promise<Verdict<unknown>> => {
    const calls = lock.calls.length;
    const taken = await desk.take(jws);
    lock.held.codes.clear();
    if (!taken.ok && lock.calls.length > calls) return accept('the lock was asked for an order that was refused');
    return taken;
  };
  // Sealed once: that which order it was for is checked is what is fuzzed, not the sealing.
  const jti = newId();
  const sealed = await sealForLock(hubSeal.jwk, { jti, digits, name: 'Ann' });
  const notForUs = await sealForLock(elsewhere.jwk, { jti, digits, name: 'Ann' });
  const usedUp = newId();
  used.add(usedUp);
  const hash = hashOf('x');
  const byHub = { signer: cast.hub, stranger: cast.stranger.ed };
  const kinds: readonly Kind[] = [
    {
      typ: lockOrderForm.typ,
      ...{ signer: cast.owner.sign, stranger: cast.stranger.ec },
      claims: { aud: hubId, jti, iat: nowS, exp: nowS + 60, door, order: { do: 'codes.list' } },
      aims: [
        () => ({ aud: newHubId() }),
        () => ({ jti: newId(), door: newDoorId() }),
        (random) => ({ iat: nowS - 60, exp: nowS - random.int(50) }),
        (random) => ({ iat: nowS + 100, exp: nowS + 101 + random.int(50) }),
        (random) => ({ exp: nowS + 121 + random.int(1000) }),
        () => ({ jti: usedUp, order: { do: 'codes.remove', id: 1 } }),
        () => ({ jti: newId(), order: { do: 'codes.add', sealed } }),
        () => ({ jti: newId(), order: { do: 'codes.add', sealed: notForUs } }),
        () => ({ jti: newId(), order: { do: 'codes.add', sealed: digits } }),
      ],
      verify: take,
    },
    {
      typ: lockAnswerForm.typ,
      ...byHub,
      claims: { iss: hubId, order: hash, to: hash, sealed },
      aims: [() => ({ iss: newHubId() }), () => ({ order: hashOf(newId()) }), () => ({ to: hashOf(newId()) })],
      verify: (jws) => verifyLockAnswer(jws, cast.hub, { hubId, order: hash, to: hash }),
    },
    {
      typ: hubKeyForm.typ,
      ...byHub,
      claims: { iss: hubId, iat: nowS, seal: hubSeal.jwk },
      aims: [() => ({ iss: newHubId() }), () => ({ seal: { ...hubSeal.jwk, x: 'A'.repeat(43) } })],
      verify: (jws) => verifyHubKey(jws, cast.hub, hubId),
    },
  ];
  return async (random) => {
    const shot = await documentShot(random.pick(kinds), random, ledger);
    const odd = shot.verdict.ok && typeof shot.verdict.value === 'string' ? [shot.verdict.value] : [];
    const added = lock.calls.filter((call) => call.startsWith('add')).length;
    lock.calls.length = 0;
    return { ...shot, violates: [...shot.violates, ...odd, ...(added > 0 ? ['something was added'] : [])] };
  };
}
