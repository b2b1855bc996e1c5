/** The proof that a device sends with each of its requests (DPoP, RFC 9449 section 4.2, without an access token). */
import * as v from 'valibot';
import { type DocumentForm, newId, type SignKey, signDocument } from '../../wire/jws.ts';
import { Id, Seconds } from '../../wire/shapes.ts';

const ProofClaims = v.strictObject({
  htm: v.picklist(['GET', 'POST', 'PUT', 'DELETE']),
  /** Without query and fragment. */
  htu: v.pipe(v.string(), v.maxLength(512)),
  iat: Seconds,
  jti: Id,
});

/** How a proof looks on the wire. */
export const proofForm: DocumentForm<typeof ProofClaims> = {
  typ: 'dpop+jwt',
  algs: ['ES256'],
  maxBytes: 2048,
  key: 'jwk',
  claims: ProofClaims,
  malformed: 'UNAUTHENTICATED',
  notGenuine: 'UNAUTHENTICATED',
};

/** Signs a proof for one request; each has an id of its own and can be used once. */
export const signProof = (
  key: SignKey,
  request: { readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'; readonly url: URL; readonly nowMs: number },
): Promise<string> =>
  signDocument(
    proofForm,
    {
      htm: request.method,
      htu: `${request.url.origin}${request.url.pathname}`,
      iat: Math.floor(request.nowMs / 1000),
      jti: newId(),
    },
    key,
  );
