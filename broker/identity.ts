/** Who a client is: read from its verified certificate, from nothing else. */
import { accept, refuse, type Verdict } from '../wire/faults.ts';
import { isHubId, isInstanceId, isMediaId, isMediaInstanceId } from '../wire/topics.ts';

/** `media` and `cloudmedia` are the second connections of a hub and of a cloud instance, for pictures alone. */
export const roles = ['hub', 'cloud', 'media', 'cloudmedia'] as const;
export type Role = (typeof roles)[number];

const isNameOf: Readonly<Record<Role, (name: string) => boolean>> = {
  hub: isHubId,
  cloud: isInstanceId,
  media: isMediaId,
  cloudmedia: isMediaInstanceId,
};

/** A client as its certificate names it. */
export interface Identity {
  /** Certificate name: client id and topic level. */
  readonly id: string;
  readonly role: Role;
  /** End of the certificate's validity, ms since 1970. */
  readonly validUntilMs: number;
}

/** The part of `tls.PeerCertificate` that is read here. */
export interface CertificateFacts {
  readonly subject?: { readonly CN?: unknown; readonly OU?: unknown };
  /** As OpenSSL prints it, such as `Nov 21 01:41:00 2025 GMT`. */
  readonly valid_from?: string;
  readonly valid_to?: string;
}

/**
 * Reads the identity out of a certificate whose chain TLS has verified already.
 * The role needs both the form of the name and the organizational unit, which is the role's name, so that neither alone makes a cloud.
 * Validity is checked again, because a resumed TLS session does not.
 * @param nowMs  ms since 1970
 * @returns the identity, or BROKER_CERTIFICATE_REFUSED
 */
export function readIdentity(certificate: CertificateFacts, nowMs: number): Verdict<Identity> {
  const { CN: id, OU: unit } = certificate.subject ?? {};
  const why = (reason: string) => refuse('BROKER_CERTIFICATE_REFUSED', { reason });
  if (typeof id !== 'string') return why('no single common name');
  const role = roles.find((one) => isNameOf[one](id));
  if (role === undefined) return why('common name of no known form');
  if (unit !== role) return why('organizational unit does not match the common name');
  const validUntilMs = Date.parse(certificate.valid_to ?? '');
  if (!(Date.parse(certificate.valid_from ?? '') <= nowMs)) return why('not valid yet');
  if (!(nowMs < validUntilMs)) return why('expired');
  return accept({ id, role, validUntilMs });
}
