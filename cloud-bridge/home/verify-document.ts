/** Verifies what an owner's device has signed, as far as the cloud can: the hub verifies it again and decides. */
import * as v from 'valibot';
import { approvalForm, verifyApproval } from '../../wire/approval.ts';
import { accept, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import { peek } from '../../wire/jws.ts';
import {
  clearanceForm,
  clockResetForm,
  ownerChangeForm,
  verifyClearance,
  verifyClockReset,
  verifyOwnerChange,
} from '../../wire/owner.ts';
import { splitAsserted } from '../../wire/passkey.ts';
import { recoveryCodeForm } from '../../wire/recovery.ts';
import { type Ends, revocationForm, verifyRevocation } from '../../wire/revocation.ts';
import { ruleBookForm, verifyRuleBook } from '../../wire/rule-book.ts';
import { verifyRecoveryCode } from '../../wire/verify-recovery.ts';
import { verifyRetention } from '../../wire/verify-video.ts';
import { retentionForm } from '../../wire/video.ts';
import { readRuleBook } from '../delivery/rules.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { OwnerKeys } from './keys.ts';

/** A document of an owner, verified. */
export type OwnerDocument = { readonly kid: string; readonly expS: number | null } & (
  | { readonly is: 'rulebook'; readonly version: number }
  | { readonly is: 'approval'; readonly grant: Row<'grant_issued'> }
  | { readonly is: 'revocation'; readonly ends: Ends }
  | { readonly is: 'ownerchange'; readonly version: number }
  | { readonly is: 'retention'; readonly version: number }
  | { readonly is: 'recoverycode'; readonly version: number }
  | { readonly is: 'clearance' }
  | { readonly is: 'clockreset' }
);

export interface DocumentContext {
  readonly hub: Row<'hub'>;
  readonly owners: OwnerKeys;
  readonly nowS: number;
  /** By the hub's last hello. */
  readonly epoch: number;
}

const Header = v.object({ typ: v.string(), kid: v.string() });

function headerOf(text: string): v.InferOutput<typeof Header> | undefined {
  try {
    const parsed = v.safeParse(Header, JSON.parse(Buffer.from(text.split('.')[0]!, 'base64url').toString('utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

type Verify = (text: string, kid: string, context: DocumentContext, tables: Tables) => Promise<Verdict<OwnerDocument>>;

const ruleBook: Verify = async (text, kid, { hub, owners, nowS }, { documents }) => {
  const kids = owners.keys.map((key) => key.kid);
  const newest = await documents.newest(hub.id, ruleBookForm.typ, kids);
  // The same document again is no older one.
  const above = newest === undefined || newest.text === text ? -1 : (newest.version ?? -1);
  const inForce = readRuleBook(newest)?.rules ?? [];
  const verified = await verifyRuleBook(text, owners.keys, { hubId: hub.id, above, inForce, nowS });
  if (!verified.ok) return verified;
  return accept({ is: 'rulebook', kid, expS: verified.value.exp, version: verified.value.version });
};

const retention: Verify = async (text, kid, { hub, owners }, { documents }) => {
  const newest = await documents.newest(hub.id, retentionForm.typ);
  // The same document again is no older one.
  const version = newest === undefined || newest.text === text ? -1 : (newest.version ?? -1);
  const verified = await verifyRetention(text, owners.keys, { hubId: hub.id, version });
  return verified.ok ? accept({ is: 'retention', kid, expS: null, version: verified.value.version }) : verified;
};

const approval: Verify = async (text, kid, { hub, owners, nowS }, { grants }) => {
  const read = peek(approvalForm, splitAsserted(text).jws);
  if (!read.ok) return read;
  const grant = await grants.byHash(read.value.claims.grant);
  const known = grant?.hub === hub.id ? grant : undefined;
  const policy = { hubId: hub.id, door: read.value.claims.door, grantHash: known?.hash ?? '', nowS };
  const verified = await verifyApproval(text, owners.keys, policy);
  if (!verified.ok) return verified;
  if (known === undefined) return refuse('APPROVAL_OTHER_GRANT');
  if (known.state === 'revoked') return refuse('GRANT_REVOKED');
  return accept({ is: 'approval', kid, expS: verified.value.exp, grant: known });
};

const revocation: Verify = async (text, kid, { hub, owners, epoch }) => {
  const verified = await verifyRevocation(text, { owners: owners.keys, issuers: undefined }, { hubId: hub.id, epoch });
  return verified.ok ? accept({ is: 'revocation', kid, expS: null, ends: verified.value.claims.ends }) : verified;
};

const ownerChange: Verify = async (text, kid, { hub, owners }) => {
  const verified = await verifyOwnerChange(text, owners.keys, { hubId: hub.id, version: owners.version });
  return verified.ok ? accept({ is: 'ownerchange', kid, expS: null, version: verified.value.version }) : verified;
};

const recoveryCode: Verify = async (text, kid, { hub, owners }, { recoveries }) => {
  const pinned = await recoveries.code(hub.id);
  const verified = await verifyRecoveryCode(text, owners.keys, { hubId: hub.id, version: pinned?.version ?? -1 });
  return verified.ok ? accept({ is: 'recoverycode', kid, expS: null, version: verified.value.version }) : verified;
};

const clearance: Verify = async (text, kid, { hub, owners }) => {
  const verified = await verifyClearance(text, owners.keys, { hubId: hub.id });
  return verified.ok ? accept({ is: 'clearance', kid, expS: null }) : verified;
};

const clockReset: Verify = async (text, kid, { hub, owners }) => {
  const read = peek(clockResetForm, splitAsserted(text).jws);
  if (!read.ok) return read;
  // The nonce is the hub's secret to compare; here only the signature is.
  const verified = await verifyClockReset(text, owners.keys, { hubId: hub.id, nonce: read.value.claims.nonce });
  return verified.ok ? accept({ is: 'clockreset', kid, expS: null }) : verified;
};

const verifiers: Readonly<Record<string, Verify>> = {
  [ruleBookForm.typ]: ruleBook,
  [retentionForm.typ]: retention,
  [approvalForm.typ]: approval,
  [revocationForm.typ]: revocation,
  [ownerChangeForm.typ]: ownerChange,
  [recoveryCodeForm.typ]: recoveryCode,
  [clearanceForm.typ]: clearance,
  [clockResetForm.typ]: clockReset,
};

/** @returns DOCUMENT_MALFORMED, DOCUMENT_TYPE_UNKNOWN, or what the document's own verification says */
export async function verifyOwnerDocument(
  text: string,
  context: DocumentContext,
  tables: Tables,
): Promise<Verdict<OwnerDocument>> {
  const header = headerOf(text);
  if (header === undefined) return refuse('DOCUMENT_MALFORMED' satisfies FaultCode);
  const verify = Object.hasOwn(verifiers, header.typ) ? verifiers[header.typ] : undefined;
  return verify === undefined ? refuse('DOCUMENT_TYPE_UNKNOWN') : verify(text, header.kid, context, tables);
}
