/** The hub's word on the receipt of a stop: what of it the hub saw itself, at the door and of a visit. It seals what it cannot confirm, too, and says so. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, type SignKey, signDocument } from '../../wire/jws.ts';
import type { SeenHead } from '../../wire/shapes.ts';
import { stopsIn } from '../../wire/stop-notice.ts';
import {
  type StopReceiptClaims,
  type StopSealClaims,
  stopSealForm,
  verifyStopReceipt,
} from '../../wire/stop-receipt.ts';
import type { Trust } from '../grant/trust.ts';
import type { Draft, Journal, Written } from '../journal/journal.ts';

export interface StopSealParts {
  readonly hubId: string;
  readonly key: SignKey;
  readonly trust: Pick<Trust, 'inForce'>;
  readonly journal: Pick<Journal, 'recent' | 'hashAt'>;
  readonly hasDoor: (door: string) => boolean;
  readonly record: (draft: Draft) => Promise<Written>;
  /** ms */
  readonly now: () => number;
}

export interface StopSealDesk {
  /**
   * The same receipt again gets a seal over the same entry.
   * @returns `{ seal }`; ISSUER_SET_MISSING, RECEIPT_… when it is not genuine or is of another home
   * @throws Fault JOURNAL_UNAVAILABLE
   */
  seal(jws: string): Promise<Verdict<{ seal: string }>>;
}

/** Entries of a door that are looked through: those of a stop lie close together. */
const lookBack = 256;

export const stopSealDesk = (parts: StopSealParts): StopSealDesk => ({
  seal: async (jws) => {
    const { issuers } = parts.trust.inForce();
    if (issuers === undefined) return refuse('ISSUER_SET_MISSING');
    const verified = await verifyStopReceipt(jws, issuers);
    if (!verified.ok) return verified;
    const claims = verified.value;
    const isOurs = claims.hub === parts.hubId && claims.hubKey === parts.key.kid && parts.hasDoor(claims.door);
    if (!isOurs) return refuse('RECEIPT_NOT_GENUINE', { why: 'hub' });
    const receipt = hashOf(jws);
    const seal: StopSealClaims = {
      iss: parts.hubId,
      receipt,
      iat: Math.floor(parts.now() / 1000),
      saw: whatItSaw(parts.journal, claims),
      entry: sealedBefore(parts.journal, claims.door, receipt) ?? (await sealNow(parts, claims, receipt)),
    };
    return accept({ seal: await signDocument(stopSealForm, seal, parts.key) });
  },
});

function whatItSaw(
  journal: StopSealParts['journal'],
  { door, visit, ...stop }: StopReceiptClaims,
): StopSealClaims['saw'] {
  const noticed = new Set(
    journal
      .recent({ door, kinds: ['stop.someone', 'stop.felt', 'stop.heard'] }, lookBack)
      .filter(({ body }) => stopsIn(body).some((one) => one.delivery === stop.delivery && one.attempt === stop.attempt))
      .map(({ kind }) => kind),
  );
  const { photo } = stop.handover;
  const isShown = journal
    .recent({ door, kinds: ['stop.photo'] }, lookBack)
    .some(({ body }) => body.photo === photo && body.delivery === stop.delivery && body.attempt === stop.attempt);
  const [ended] = visit === undefined ? [] : journal.recent({ visit: visit.id, kinds: ['visit.ended'] }, 1);
  const own = typeof ended?.body.receipt === 'string' ? hashOf(ended.body.receipt) : undefined;
  return {
    ...(own !== undefined && own === visit?.receipt ? { visit: own } : {}),
    presence: (['heard', 'felt', 'someone'] as const).find((how) => noticed.has(`stop.${how}`)) ?? 'nothing',
    ...(isShown && photo !== undefined ? { photo } : {}),
  };
}

function sealedBefore(journal: StopSealParts['journal'], door: string, receipt: string): SeenHead | undefined {
  const entry = journal.recent({ door, kinds: ['stop.sealed'] }, lookBack).find(({ body }) => body.receipt === receipt);
  const hash = entry && journal.hashAt(entry.seq);
  return entry === undefined || hash === undefined ? undefined : { seq: entry.seq, hash };
}

async function sealNow(parts: StopSealParts, claims: StopReceiptClaims, receipt: string): Promise<SeenHead> {
  const { door, delivery, attempt, end } = claims;
  const body = { receipt, delivery, attempt, end };
  const { entry, hash } = await parts.record({ at: parts.now(), door, kind: 'stop.sealed', body });
  return { seq: entry.seq, hash };
}
