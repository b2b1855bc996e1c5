/** What issuer keys sign about a hub: the time it asked for, and the journal head that the cloud has seen of it. */
import * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from './faults.ts';
import type { IssuerKeys } from './issuer-set.ts';
import { type DocumentForm, verifyKnown } from './jws.ts';
import { Count, Hash, HubId, Id, Millis, Seconds } from './shapes.ts';

export const TimeClaims = v.strictObject({ aud: HubId, nonce: Id, now: Millis });
export type TimeClaims = v.InferOutput<typeof TimeClaims>;

/** The cloud's time, answering the hub's nonce (T27). */
export const timeForm: DocumentForm<typeof TimeClaims> = {
  typ: 'time+jwt',
  algs: ['EdDSA'],
  maxBytes: 1024,
  key: 'kid',
  claims: TimeClaims,
  malformed: 'TIME_MALFORMED',
  notGenuine: 'TIME_NOT_GENUINE',
};

export const WitnessClaims = v.strictObject({ aud: HubId, iat: Seconds, seq: Count, hash: Hash });
export type WitnessClaims = v.InferOutput<typeof WitnessClaims>;

/** The cloud's countersignature under a journal head, after its own commit. `seq` 0 with the genesis hash: nothing seen yet. */
export const witnessForm: DocumentForm<typeof WitnessClaims> = {
  typ: 'witness+jwt',
  algs: ['EdDSA'],
  maxBytes: 1024,
  key: 'kid',
  claims: WitnessClaims,
  malformed: 'WITNESS_MALFORMED',
  notGenuine: 'WITNESS_NOT_GENUINE',
};

async function verifyIssued<S extends v.GenericSchema<unknown, { aud: string }>>(
  form: DocumentForm<S>,
  jws: string,
  issuers: IssuerKeys,
  hubId: string,
  codes: { readonly keyUnknown: FaultCode; readonly wrongHub: FaultCode },
): Promise<Verdict<v.InferOutput<S>>> {
  const keys = issuers.keys.map((one) => one.key);
  const verified = await verifyKnown(form, jws, keys, codes.keyUnknown);
  if (!verified.ok) return verified;
  return verified.value.claims.aud === hubId ? accept(verified.value.claims) : refuse(codes.wrongHub);
}

/** Verifies a signed time against the nonce that is out. @returns TIME_… when it is refused */
export async function verifyTime(
  jws: string,
  issuers: IssuerKeys,
  policy: { readonly hubId: string; readonly nonce: string | undefined },
): Promise<Verdict<TimeClaims>> {
  const verified = await verifyIssued(timeForm, jws, issuers, policy.hubId, {
    keyUnknown: 'TIME_KEY_UNKNOWN',
    wrongHub: 'TIME_WRONG_HUB',
  });
  if (!verified.ok) return verified;
  return policy.nonce !== undefined && verified.value.nonce === policy.nonce ? verified : refuse('TIME_NONCE_UNKNOWN');
}

/** Verifies a countersigned head. Whether the hub is behind it is the journal's to say. @returns WITNESS_… when it is refused */
export const verifyWitness = (
  jws: string,
  issuers: IssuerKeys,
  policy: { readonly hubId: string },
): Promise<Verdict<WitnessClaims>> =>
  verifyIssued(witnessForm, jws, issuers, policy.hubId, {
    keyUnknown: 'WITNESS_KEY_UNKNOWN',
    wrongHub: 'WITNESS_WRONG_HUB',
  });
