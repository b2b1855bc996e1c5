/** Enrols this hub with a cloud: proves its keys and the one-time token, checks and keeps what comes back. */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { EnrolmentAnswer, type EnrolmentRequest, enrolmentForm } from '../../wire/enrolment.ts';
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import { verifyFirstRootSet, verifyIssuerSet } from '../../wire/issuer-set.ts';
import { hashOf, signDocument } from '../../wire/jws.ts';
import { openHubStore } from '../journal/sqlite.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { ensureKeys, keepEnrolment, readEnrolment } from './identity.ts';
import { forgetRequest, keptRequest } from './request.ts';

/** What it is at. Interrupted anywhere before the end, it is run again. */
export type EnrolStep = 'keys' | 'asking' | 'checking' | 'keeping';

export interface EnrolOptions {
  readonly dataDir: string;
  readonly secrets: Secrets;
  /** Base URL of the cloud, `https://…` or loopback. */
  readonly cloud: string;
  /** One-time token from the operator. */
  readonly token: string;
  /** SHA-256 of the root set's text, base64url, which the installer has from the operator by another way. */
  readonly rootHash: string;
  readonly nowMs: number;
  readonly onStep?: (step: EnrolStep) => void;
  /** Ends the wait for the cloud. */
  readonly signal?: AbortSignal;
}

/** Name of the journal's file in the data folder. */
export const journalFile = 'journal.db';

const answerWithinMs = 20_000;

/**
 * Enrols. Safe to repeat after an interruption: the same keys, request and token get the same hub.
 *
 * | cut off | left in the data folder | the next run |
 * |---|---|---|
 * | while keys are made | some keys, sealed | makes the others |
 * | before the cloud has answered, or its answer lost | keys, `enrolment.csr` | asks with the same request: the same token still counts |
 * | after the answer | a journal with one entry or none | goes on with it; with another token, and so another hub, sets it aside |
 * | before the last rename | the same, and `enrolment.json.new` | writes it afresh |
 *
 * @throws Fault ENROLMENT_DONE, ENROLMENT_TOKEN_UNKNOWN, ENROLMENT_ROOT_WRONG, ENROLMENT_NOT_GENUINE, or the cloud's own refusal;
 *   CLOUD_UNREACHABLE, CLOUD_SILENT, INTERRUPTED: it is not known whether the cloud took it, and the next run finds out
 */
export async function enrol(options: EnrolOptions): Promise<{ hub: string; home: string }> {
  const { dataDir, cloud, token, nowMs, onStep } = options;
  if (readEnrolment(dataDir) !== undefined) throw new Fault('ENROLMENT_DONE');
  onStep?.('keys');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const keys = await ensureKeys(options.secrets);
  const csr = await keptRequest(dataDir, keys.tlsKeyPem);
  const claims = { iat: Math.floor(nowMs / 1000), token: hashOf(token), csr: hashOf(csr), seal: keys.seal };
  const proof = await signDocument(enrolmentForm, claims, keys.sign);
  onStep?.('asking');
  const answer = await post(cloud, { token, csr, proof }, options.signal);
  onStep?.('checking');
  await checkAnswer(answer, options);
  onStep?.('keeping');
  await begin(answer, options);
  const { hub, home, certificate, mediaCertificate, brokerCa, broker } = answer;
  await keepEnrolment(dataDir, { hub, home, certificate, mediaCertificate, brokerCa, broker, cloud });
  await forgetRequest(dataDir);
  return { hub, home };
}

/** The journal's first entry, and the keys that are pinned. */
async function begin(answer: EnrolmentAnswer, { dataDir, nowMs, rootHash }: EnrolOptions): Promise<void> {
  const path = join(dataDir, journalFile);
  let store = openHubStore(path, answer.hub);
  try {
    if (isOfAnother(() => store.journal.head())) {
      // Nothing is deleted: were it the journal of a hub that lost its enrolment, it is still evidence.
      store.close();
      for (const end of ['', '-wal', '-shm']) {
        if (existsSync(`${path}${end}`)) await rename(`${path}${end}`, `${path}.${nowMs}${end}`);
      }
      store = openHubStore(path, answer.hub);
    }
    store.trust.keepDocument('rootSet', answer.rootSet);
    store.trust.keepDocument('issuerSet', answer.issuerSet);
    if (store.journal.head().seq > 0) return;
    store.journal.append([{ at: nowMs, kind: 'hub.enrolled', body: { home: answer.home, rootSet: rootHash } }]);
  } finally {
    store.close();
  }
}

function isOfAnother(look: () => unknown): boolean {
  try {
    look();
    return false;
  } catch (error) {
    if (error instanceof Fault && error.code === 'JOURNAL_OTHER_HUB') return true;
    throw error;
  }
}

async function post(
  cloud: string,
  request: EnrolmentRequest,
  signal: AbortSignal | undefined,
): Promise<EnrolmentAnswer> {
  const late = AbortSignal.timeout(answerWithinMs);
  let status: number;
  let json: unknown;
  try {
    const response = await fetch(new URL('/v1/hubs/enrol', cloud), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    });
    status = response.status;
    json = await response.json();
  } catch (cause) {
    if (signal?.aborted) throw new Fault('INTERRUPTED', {}, { cause });
    throw new Fault(late.aborted ? 'CLOUD_SILENT' : 'CLOUD_UNREACHABLE', { cloud }, { cause });
  }
  if (status < 200 || status > 299) {
    const code = (json as { code?: unknown } | undefined)?.code;
    throw new Fault(typeof code === 'string' && code in faults ? (code as FaultCode) : 'INTERNAL', { status });
  }
  const parsed = v.safeParse(EnrolmentAnswer, json);
  if (!parsed.success) throw new Fault('ENROLMENT_MALFORMED', { why: v.getDotPath(parsed.issues[0]) ?? 'answer' });
  return parsed.output;
}

async function checkAnswer(answer: EnrolmentAnswer, options: EnrolOptions): Promise<void> {
  if (hashOf(answer.rootSet) !== options.rootHash) throw new Fault('ENROLMENT_ROOT_WRONG');
  const nowS = Math.floor(options.nowMs / 1000);
  const roots = await verifyFirstRootSet(answer.rootSet, nowS);
  if (!roots.ok) throw new Fault(roots.code);
  const issuers = await verifyIssuerSet(answer.issuerSet, roots.value, 0, nowS);
  if (!issuers.ok) throw new Fault(issuers.code);
}
