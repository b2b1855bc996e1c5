/**
 * The hub's own seal key, signed by the hub: what is meant for the hub alone is sealed for it, and no cloud can slip in a key of its own (R1).
 * Schemas alone: they run in a browser too.
 */
import * as v from 'valibot';
import type { DocumentForm } from './jws.ts';
import { EcJwk, HubId, Seconds } from './shapes.ts';

export const HubKeyClaims = v.strictObject({ iss: HubId, iat: Seconds, seal: EcJwk });
export type HubKeyClaims = v.InferOutput<typeof HubKeyClaims>;

export const hubKeyForm: DocumentForm<typeof HubKeyClaims> = {
  typ: 'hubkey+jwt',
  algs: ['EdDSA'],
  maxBytes: 1024,
  key: 'kid',
  claims: HubKeyClaims,
  malformed: 'HUB_KEY_MALFORMED',
  notGenuine: 'HUB_KEY_NOT_GENUINE',
};
