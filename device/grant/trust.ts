/** The keys and rules that the hub goes by: read from disk, changed by signed documents one at a time, handed out as one value. */

import { type DocumentType, readDocumentType } from '../../wire/document.ts';
import { accept, Fault, refuse, unreachable, type Verdict } from '../../wire/faults.ts';
import { peek, type SignKey, thumbprintOf } from '../../wire/jws.ts';
import { maxOwnerDevices } from '../../wire/owner.ts';
import type { OwnerDevice } from '../../wire/owner-device.ts';
import type { RecoveryMark } from '../../wire/recovery.ts';
import type { Ends as RevocationEnds } from '../../wire/revocation.ts';
import { verifyWitness, type WitnessClaims, witnessForm } from '../../wire/witness.ts';
import type { GrantStore, KeptDocument, TrustStore } from '../journal/journal.ts';
import { Approvals } from './approvals.ts';
import type { DecisionContext } from './decide.ts';
import { Ends } from './ends.ts';
import { type InForce, nothingInForce } from './in-force.ts';
import { loadTrust } from './load-trust.ts';
import { type HeadCheck, Standing } from './standing.ts';
import { takeClearance, takeClockReset, takeOwnerChange, toNextOwners } from './take-owner.ts';
import { takeRecovery, takeRecoveryCode, toNextPin } from './take-recovery.ts';
import { takeRetention } from './take-retention.ts';
import { takeRevocation } from './take-revocation.ts';
import { takeApproval, takeRuleBook } from './take-rules.ts';
import { takeIssuerSet, takeRootSet } from './take-sets.ts';
import type { Change, Taken } from './taken.ts';

export interface TrustParts {
  readonly store: TrustStore;
  readonly grants: GrantStore;
  readonly hubId: string;
  /** The hub's own key: it signs the owner list. */
  readonly hubKey: SignKey;
  /** Compares a head that somebody saw with the journal: `headCheck(journal)`. */
  readonly hasHead: HeadCheck;
}

/** When a document comes, and what the clock has out. */
export interface TakeScene {
  /** The hub's time, seconds: trusted when there is trusted time, else the system's. What has an expiry is judged again at every use. */
  readonly nowS: number;
  /** The nonce that a clock reset has to answer. */
  readonly resetNonce?: string | undefined;
}

/** What the hub signs at a hand-over. */
export interface Pinned {
  readonly ownerList: string;
  readonly recoveryPin: string;
}

/** How long the hub remembers that a visit was ended, seconds: longer than any grant lives. */
const rememberVisitsFor = 2 * 86_400;

/** Opens what the hub trusts. On a disk that cannot be read it trusts nobody, and reads again with the next document. */
export async function openTrust(parts: TrustParts): Promise<Trust> {
  const trust = new Trust(parts);
  try {
    await trust.load();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return trust;
}

export class Trust {
  readonly #parts: TrustParts;
  readonly #ends: Ends;
  readonly #approvals = new Approvals();
  readonly #standing: Standing;
  #inForce: InForce;
  #loaded = false;
  /** Documents are taken one after the other, so that no two see the same version before them. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: TrustParts) {
    this.#parts = parts;
    this.#inForce = nothingInForce(parts.hubId);
    this.#ends = new Ends(parts.grants);
    this.#standing = new Standing(parts.hasHead);
  }

  /** Reads everything from disk, once. @throws Fault JOURNAL_UNAVAILABLE when it cannot be read */
  async load(): Promise<void> {
    if (this.#loaded) return;
    const { store, hubId, hubKey } = this.#parts;
    const inForce = await loadTrust(store, hubId, hubKey);
    const witness = peek(witnessForm, store.document('witness') ?? '');
    const seen = [inForce.rules?.claims.seen, witness.ok ? witness.value.claims : undefined];
    for (const head of seen) if (head !== undefined) this.#standing.ownerSaw(head);
    this.#inForce = inForce;
    const { pending } = inForce.recovery;
    if (pending !== undefined && this.#ends.isEnded('recovery', pending.jti)) this.#dropRecovery();
    this.#loaded = true;
  }

  /** What is in force now. Never changes in place: keep it for as long as one decision takes. */
  inForce(): InForce {
    return this.#inForce;
  }

  /** Everything that a decision reads, but the time and the doors. */
  reads(): Omit<DecisionContext, 'now' | 'hasDoor' | 'visit'> {
    return {
      inForce: this.#inForce,
      standing: this.#standing.code(),
      uses: this.#ends,
      approvalFor: (grantHash) => this.#approvals.of(grantHash),
      hasHead: this.#parts.hasHead,
    };
  }

  /**
   * Takes a signed document of any type. What it changes is durable when this resolves - but for an end, which counts from then on
   * and says whether the disk took it, and an approval, which is kept in memory.
   * @returns what the caller has to do, or the document's refusal
   * @throws Fault JOURNAL_UNAVAILABLE when the disk refuses anything but an end, or could never be read; nothing has changed then
   */
  take(text: string, scene: TakeScene): Promise<Verdict<Taken>> {
    return this.#inTurn(async () => {
      const type = readDocumentType(text);
      if (!type.ok) return type;
      const change = await this.#work(type.value, text, scene);
      if (!change.ok) return change;
      return accept(this.#apply(change.value, scene.nowS));
    });
  }

  /** Takes the cloud's countersigned head: after it the hub may take visits, unless it is behind. @returns WITNESS_… when it is refused */
  takeWitness(jws: string): Promise<Verdict<WitnessClaims>> {
    return this.#inTurn(async () => {
      const { issuers, hubId } = this.#inForce;
      if (issuers === undefined) return refuse('ISSUER_SET_MISSING');
      const verified = await verifyWitness(jws, issuers, { hubId });
      if (!verified.ok) return verified;
      this.#standing.witnessSaw(verified.value);
      const kept = peek(witnessForm, this.#parts.store.document('witness') ?? '');
      if (!kept.ok || kept.value.claims.seq < verified.value.seq) this.#parts.store.keepDocument('witness', jws);
      return verified;
    });
  }

  /**
   * Pins the first owner device after a hand-over in person. Whoever was pinned before is out, with their rules, how long they wanted to
   * keep recordings, the recovery code, and every grant (DESIGN 3).
   * @param mark  of the recovery code that counts from now on, if any does
   * @returns the hub's signed owner list, and its pin of the code
   * @throws Fault JOURNAL_UNAVAILABLE; nothing has changed then
   */
  pinOwner(device: OwnerDevice, nowS: number, mark?: RecoveryMark): Promise<Pinned> {
    return this.#inTurn(async () => {
      const { store, hubKey } = this.#parts;
      const list = await toNextOwners([device], this.#inForce, hubKey, nowS);
      const pin = await toNextPin(mark, { ...this.#inForce, ...list.next }, hubKey, nowS);
      const epoch = this.#inForce.owners === undefined ? this.#inForce.epoch : this.#inForce.epoch + 1;
      store.keepNumber('epoch', epoch);
      // What the code of before may do ends first.
      this.#keep(pin);
      store.keepDocument('ownerList', list.text);
      if (this.#inForce.retention !== undefined) store.keepDocument('retention', '');
      this.#inForce = { ...this.#inForce, ...list.next, ...pin.next, retention: undefined, epoch };
      return { ownerList: list.text, recoveryPin: pin.text };
    });
  }

  /**
   * Adds the device of the recovery that waits, and ends that recovery. Whether it has waited long enough is for the caller to know.
   * @param id  of that recovery
   * @returns the hub's signed owner list; RECOVERY_OVER when it waits no more, OWNER_CHANGE_FULL when no room is left
   * @throws Fault JOURNAL_UNAVAILABLE; it waits on then
   */
  addRecovered(id: string, nowS: number): Promise<Verdict<string>> {
    return this.#inTurn(async () => {
      const { recovery, owners } = this.#inForce;
      if (recovery.pending?.jti !== id || owners === undefined) return refuse('RECOVERY_OVER');
      const { device } = recovery.pending;
      const others = owners.devices.filter(({ sign }) => thumbprintOf(sign) !== thumbprintOf(device.sign));
      const hasRoom = others.length < maxOwnerDevices;
      const list = hasRoom && (await toNextOwners([...others, device], this.#inForce, this.#parts.hubKey, nowS));
      if (list) {
        this.#parts.store.keepDocument('ownerList', list.text);
        this.#inForce = { ...this.#inForce, ...list.next };
      }
      this.#ends.end('recovery', id);
      this.#dropRecovery();
      return list ? accept(list.text) : refuse('OWNER_CHANGE_FULL', { most: maxOwnerDevices });
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.load()).then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #work(type: DocumentType, text: string, scene: TakeScene): Promise<Verdict<Change>> {
    const { nowS, resetNonce } = scene;
    const inForce = this.#inForce;
    switch (type) {
      case 'rootset+jwt':
        return takeRootSet(text, inForce, nowS);
      case 'issuerset+jwt':
        return takeIssuerSet(text, inForce, nowS);
      case 'rulebook+jwt':
        return takeRuleBook(text, inForce, nowS);
      case 'approval+jwt':
        return takeApproval(text, inForce, nowS, (grantHash) => this.#approvals.of(grantHash));
      case 'revocation+jwt':
        return takeRevocation(text, inForce, (kind, id) => this.#ends.isEnded(kind, id));
      case 'ownerchange+jwt':
        return takeOwnerChange(text, inForce, this.#parts.hubKey, nowS);
      case 'clearance+jwt':
        return takeClearance(text, inForce);
      case 'clockreset+jwt':
        return takeClockReset(text, inForce, resetNonce);
      case 'retention+jwt':
        return takeRetention(text, inForce);
      case 'recoverycode+jwt':
        return takeRecoveryCode(text, inForce, this.#parts.hubKey, nowS);
      case 'recovery+jwt':
        return takeRecovery(text, inForce, (id) => this.#ends.isEnded('recovery', id));
      default:
        return unreachable(type);
    }
  }

  #apply(change: Change, nowS: number): Taken {
    const { taken, next, approval, seen } = change;
    if (taken.took === 'revocation') return { ...taken, durable: this.#end(taken.ends, nowS) };
    this.#keep(change);
    if (next !== undefined) this.#inForce = { ...this.#inForce, ...next };
    if (approval !== undefined && taken.took === 'approval') this.#approvals.keep(taken.grantHash, approval, nowS);
    if (seen !== undefined) this.#standing.ownerSaw(seen);
    return taken;
  }

  #keep({ count, keep }: Pick<Change, 'count' | 'keep'>): void {
    for (const { name, value } of count ?? []) this.#parts.store.keepNumber(name, value);
    for (const [name, text] of Object.entries(keep ?? {})) {
      if (text !== undefined) this.#parts.store.keepDocument(name as KeptDocument, text);
    }
  }

  /** Nothing waits any more. On a disk that refuses it, the end that is remembered says so at the next start. */
  #dropRecovery(vetoes = this.#inForce.recovery.vetoes): void {
    this.#inForce = { ...this.#inForce, recovery: { ...this.#inForce.recovery, vetoes, pending: undefined } };
    try {
      this.#keep({ count: [{ name: 'recovery-vetoes', value: vetoes }], keep: { recovery: '' } });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }

  /** Ends what is to end, in memory whatever the disk says. @returns whether it is on disk */
  #end(ends: RevocationEnds, nowS: number): boolean {
    if (ends.kind === 'recovery') {
      const { pending, vetoes } = this.#inForce.recovery;
      const isDurable = this.#ends.end(ends.kind, ends.id);
      if (pending?.jti === ends.id) this.#dropRecovery(vetoes + 1);
      return isDurable;
    }
    if (ends.kind !== 'epoch') {
      return this.#ends.end(ends.kind, ends.id, ends.kind === 'visit' ? nowS + rememberVisitsFor : undefined);
    }
    const epoch = Math.max(ends.epoch, this.#inForce.epoch);
    this.#inForce = { ...this.#inForce, epoch };
    try {
      if (this.#parts.store.number('epoch') < epoch) this.#parts.store.keepNumber('epoch', epoch);
      return true;
    } catch (error) {
      if (error instanceof Fault) return false;
      throw error;
    }
  }
}
