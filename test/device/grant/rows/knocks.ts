/** Every way in which a knock is refused. */
import { decideKnock, type KnockFacts } from '../../../../device/grant/knock.ts';
import { freeFailures, Lockout } from '../../../../device/grant/lockout.ts';
import { Nonces, nonceForMs } from '../../../../device/grant/nonces.ts';
import type { FaultCode } from '../../../../wire/faults.ts';
import { hashOf, newId, type SignKey } from '../../../../wire/jws.ts';
import type { KnockClaims } from '../../../../wire/knock.ts';
import { type Cast, grantOf, knockOf, newHubId } from '../../../support/keys.ts';
import type { Row } from './row.ts';
import { withByteFlipped, withClaims, withHeader } from './tamper.ts';

export interface KnockScene {
  readonly facts: KnockFacts;
  readonly grant: string;
  readonly nonces: Nonces;
  readonly lockout: Lockout;
  /** A nonce for `unlock`, given at 0 ms. */
  readonly nonce: string;
  /** A knock of the courier's, good but for what is changed. */
  readonly knock: (change?: Partial<KnockClaims>, key?: SignKey) => Promise<string>;
  readonly decide: (jws: string, nowMs?: number) => ReturnType<typeof decideKnock>;
}

/** A visit that is ready, with one nonce out. */
export async function knockScene(cast: Cast): Promise<KnockScene> {
  const grant = await grantOf(cast);
  const visit = newId();
  const nonces = new Nonces();
  const lockout = new Lockout();
  const facts = {
    hubId: cast.hubId,
    visit,
    grantHash: hashOf(grant),
    grant: 'grant-id',
    jkt: cast.courier.kid,
    door: cast.doorId,
  };
  const nonce = nonces.give({ visit, jkt: facts.jkt, act: 'unlock' }, 0);
  return {
    facts,
    grant,
    nonces,
    lockout,
    nonce,
    knock: (change, key) => knockOf(cast, { act: 'unlock', visit, nonce, grant }, change, key),
    decide: (jws, nowMs = 10) => decideKnock(jws, facts, { nonces, lockout }, nowMs),
  };
}

/** @returns one row for each check of a knock */
export function knockRows(cast: Cast): Row[] {
  const row = (
    code: FaultCode,
    says: string,
    make: (scene: KnockScene) => Promise<string> | string,
    nowMs?: number,
  ): Row => ({
    code,
    says,
    attempt: async () => {
      const scene = await knockScene(cast);
      return (await scene.decide(await make(scene), nowMs)).verdict;
    },
  });
  return [
    row('KNOCK_MALFORMED', 'the knock is no document', () => 'a.b.c'),
    row('KNOCK_MALFORMED', 'T09: the knock carries a limit of its own', async ({ knock }) =>
      withClaims(await knock(), { entries: 9 }),
    ),
    row('KNOCK_MALFORMED', 'the knock names its key instead of bringing it', async ({ knock }) =>
      withHeader(await knock(), { jwk: undefined, kid: cast.courier.kid }),
    ),
    row('KNOCK_NOT_GENUINE', 'the act is changed after signing', async ({ knock }) =>
      withClaims(await knock(), { act: 'finish' }),
    ),
    row('KNOCK_NOT_GENUINE', 'one bit of the signature is flipped', async ({ knock }) =>
      withByteFlipped(await knock(), 2),
    ),
    row('KNOCK_NOT_GENUINE', "T44: a stranger signs and shows the courier's public key", async ({ knock }) =>
      withHeader(await knock({}, cast.stranger.ec), { jwk: cast.courier.jwk }),
    ),
    row('KNOCK_OTHER_KEY', "T44: other device's key, the grant copied to a second phone", ({ knock }) =>
      knock({}, cast.stranger.ec),
    ),
    row('KNOCK_OTHER_GRANT', 'the knock names another grant', ({ knock }) => knock({ grant: hashOf('another') })),
    row('KNOCK_WRONG_HUB', 'T33: the knock is for the hub of home B', ({ knock }) => knock({ aud: newHubId() })),
    row('KNOCK_WRONG_VISIT', 'the knock is for another visit', ({ knock }) => knock({ visit: newId() })),
    row('KNOCK_WRONG_ACT', 'the nonce was given for another act', ({ knock }) => knock({ act: 'open' })),
    row('KNOCK_NONCE_UNKNOWN', 'the nonce was never given', ({ knock }) => knock({ nonce: newId() })),
    row('KNOCK_NONCE_UNKNOWN', 'the nonce was given to another visit', ({ knock, nonces, facts }) =>
      knock({ nonce: nonces.give({ visit: newId(), jkt: facts.jkt, act: 'unlock' }, 0) }),
    ),
    row('KNOCK_NONCE_UNKNOWN', 'the nonce was given to another device', ({ knock, nonces, facts }) =>
      knock({ nonce: nonces.give({ visit: facts.visit, jkt: cast.stranger.ec.kid, act: 'unlock' }, 0) }),
    ),
    row('KNOCK_NONCE_OLD', 'old nonce: it is answered after half a minute', ({ knock }) => knock(), nonceForMs),
    row('KNOCK_REPLAYED', 'T18: the same knock comes again', async ({ knock, decide }) => {
      const jws = await knock();
      await decide(jws);
      return jws;
    }),
    row('KNOCK_REPLAYED', 'T16: a fresh knock repeats a nonce', async ({ knock, decide }) => {
      await decide(await knock());
      return knock();
    }),
    row('KNOCK_LOCKED_OUT', 'T20: the knock comes after too many wrong ones', async ({ knock, decide }) => {
      for (let tries = 0; tries < freeFailures; tries++) await decide(await knock({ nonce: newId() }));
      return knock();
    }),
  ];
}
