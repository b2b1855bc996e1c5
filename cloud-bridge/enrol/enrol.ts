/** Enrols a hub: a one-time token and a proof of its keys against a certificate, a broker and the keys to pin. */
import { randomInt } from 'node:crypto';
import type { EnrolmentAnswer, EnrolmentRequest } from '../../wire/enrolment.ts';
import { verifyEnrolment } from '../../wire/enrolment.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { genesisOf } from '../../wire/journal.ts';
import { hashOf } from '../../wire/jws.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** Life of a one-time token, ms. */
export const tokenForMs = 3_600_000;

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const newHubId = (): string => `hub-${Array.from({ length: 20 }, () => letters[randomInt(letters.length)]).join('')}`;

type EnrolParts = Pick<Parts, 'store' | 'authority' | 'sets' | 'config' | 'log' | 'now'>;

/** A token counts for one hub: whoever comes again with the same keys and request gets the same hub. */
function mayUse(token: Row<'enrolment'> | undefined, kid: string, csr: string, now: number): token is Row<'enrolment'> {
  if (token === undefined || now >= token.expires_at) return false;
  return token.kid === null || (token.kid === kid && token.csr === csr);
}

/** @returns the hub's id and home, or ENROLMENT_TOKEN_UNKNOWN */
async function useToken(
  tables: Tables,
  token: string,
  by: {
    readonly kid: string;
    readonly csr: string;
    readonly hub: string;
    readonly signJwk: object;
    readonly at: number;
  },
): Promise<Verdict<{ hub: string; home: string }>> {
  const row = await tables.homes.findToken(token);
  if (!mayUse(row, by.kid, by.csr, by.at)) return refuse('ENROLMENT_TOKEN_UNKNOWN');
  if (row.hub !== null) return accept({ hub: row.hub, home: row.home });
  // Two tokens for one home: the first hub keeps it.
  if ((await tables.hubs.ofHome(row.home)) !== undefined) return refuse('ENROLMENT_TOKEN_UNKNOWN');
  const { kid, csr, hub } = by;
  await tables.homes.useToken(token, { kid, csr, hub });
  await tables.hubs.add({
    id: hub,
    home: row.home,
    sign_jwk: JSON.stringify(by.signJwk),
    enrolled_at: by.at,
    online: 0,
    boot: null,
    seen_at: null,
    versions: null,
    software: null,
    acked_seq: 0,
    acked_hash: genesisOf(hub),
    owner_list: null,
    owner_version: -1,
  });
  return accept({ hub, home: row.home });
}

/** @returns ENROLMENT_MALFORMED, ENROLMENT_NOT_GENUINE or ENROLMENT_TOKEN_UNKNOWN when it is refused */
export async function enrol(parts: EnrolParts, request: EnrolmentRequest): Promise<Verdict<EnrolmentAnswer>> {
  const proven = await verifyEnrolment(request);
  if (!proven.ok) return proven;
  const token = hashOf(request.token);
  const csr = hashOf(request.csr);
  const known = await parts.store.read.homes.findToken(token);
  if (!mayUse(known, proven.value.kid, csr, parts.now())) return refuse('ENROLMENT_TOKEN_UNKNOWN');

  const hub = known.hub ?? newHubId();
  const issued = await parts.authority.issueHub(request.csr, hub);
  if (!issued.ok) return issued;
  const by = { kid: proven.value.kid, csr, hub, signJwk: proven.value.sign, at: parts.now() };
  const used = await parts.store.write((tables) => useToken(tables, token, by));
  if (!used.ok) return used;
  // The same request came in twice at once, and the other one was first.
  if (used.value.hub !== hub) return enrol(parts, request);
  parts.log.hubEnrolled({ hub });
  return accept({
    hub,
    home: used.value.home,
    certificate: issued.value.hub,
    mediaCertificate: issued.value.media,
    brokerCa: parts.authority.certificate,
    broker: parts.config.advertisedBroker ?? parts.config.broker,
    rootSet: parts.sets.rootSets.at(-1)!.text,
    issuerSet: parts.sets.issuerSet.text,
  });
}
