/** The cloud's end of an upload as its contract says: takes what follows, acknowledges after its commit, drops what it is told to. */
import type { HubStore } from '../../../device/journal/journal.ts';
import { Upload, type UploadParts } from '../../../device/journal/upload.ts';
import type { WitnessFinding } from '../../../device/journal/witness.ts';
import type { Refusal } from '../../../wire/faults.ts';
import { type ChainHead, followChain, genesisOf, verifyJournalHead } from '../../../wire/journal.ts';
import type { SignKey } from '../../../wire/jws.ts';
import { JournalBatch, readMessage, writeMessage } from '../../../wire/messages.ts';
import { hubId, makeSignKey, signWitness, toIssuers } from './made.ts';
import { WoundClock } from './wound-clock.ts';

export class Cloud {
  readonly issuer: SignKey;
  readonly #hubKey: SignKey;
  /** Every entry in the order in which it was committed. */
  entries: string[] = [];
  readonly heads: ChainHead[] = [{ seq: 0, hash: genesisOf(hubId) }];
  /** Sizes of what came, in bytes. */
  readonly batchBytes: number[] = [];
  readonly gaps: Refusal[] = [];
  /** What reached the cloud and did not fit. */
  readonly refusals: Refusal[] = [];

  constructor(issuer: SignKey, hubKey: SignKey) {
    this.issuer = issuer;
    this.#hubKey = hubKey;
  }

  get head(): ChainHead {
    return this.heads.at(-1)!;
  }

  #turn: Promise<unknown> = Promise.resolve();

  /** Takes payloads one after the other. @returns the acknowledgement that each is answered with */
  take(payload: Buffer): Promise<Buffer> {
    const answer = this.#turn.then(() => this.#commit(payload));
    this.#turn = answer;
    return answer;
  }

  async #commit(payload: Buffer): Promise<Buffer> {
    this.batchBytes.push(payload.length);
    const read = readMessage('journal', JournalBatch, payload);
    if (!read.ok) {
      this.refusals.push(read);
      return this.ack();
    }
    const { entries, head } = read.value;
    const signed = await verifyJournalHead(head, this.#hubKey, hubId);
    if (!signed.ok) this.refusals.push(signed);
    for (const [index, text] of entries.entries()) {
      if (read.value.from + index <= this.head.seq) continue;
      const followed = followChain(this.head, text);
      if (!followed.ok) {
        if (followed.code === 'JOURNAL_GAP') this.gaps.push(followed);
        else this.refusals.push(followed);
        break;
      }
      this.heads.push(followed.value.head);
      this.entries.push(text);
    }
    return this.ack();
  }

  async ack(head = this.head): Promise<Buffer> {
    return writeMessage({ v: 1, ...head, witness: await signWitness(this.issuer, head) });
  }

  async hello(): Promise<{ acked: number; witness: string }> {
    return { acked: this.head.seq, witness: await signWitness(this.issuer, this.head) };
  }

  /** The cloud restarts from a backup that ends at `seq`. */
  restore(seq: number): void {
    this.entries = this.entries.slice(0, seq);
    this.heads.length = seq + 1;
  }
}

export interface Line {
  readonly clock: WoundClock;
  readonly cloud: Cloud;
  readonly upload: Upload;
  readonly findings: WitnessFinding[];
  /** Sequence numbers of the witnesses that came, as they came. */
  readonly witnessed: number[];
  readonly refused: Refusal[];
  /** Payloads in the order in which they left. */
  readonly sent: Buffer[];
  /** What becomes of a payload: by default it arrives and the acknowledgement comes back. */
  deliver: (payload: Buffer) => boolean | Promise<boolean>;
}

/** A hub's upload and a cloud with a line between them. */
export async function makeLine(store: HubStore, more: Partial<UploadParts> = {}): Promise<Line> {
  const [issuer, hubKey] = [await makeSignKey(), await makeSignKey()];
  const clock = new WoundClock();
  const cloud = new Cloud(issuer, hubKey);
  const findings: WitnessFinding[] = [];
  const witnessed: number[] = [];
  const refused: Refusal[] = [];
  const sent: Buffer[] = [];
  const upload = new Upload({
    store,
    signKey: hubKey,
    issuers: () => toIssuers(issuer),
    clock,
    publish: (payload) => {
      sent.push(payload);
      return line.deliver(payload);
    },
    onWitness: (finding, { seq }) => {
      findings.push(finding);
      witnessed.push(seq);
    },
    onRefused: (refusal) => refused.push(refusal),
    ...more,
  });
  const line: Line = {
    clock,
    cloud,
    upload,
    findings,
    witnessed,
    refused,
    sent,
    deliver: async (payload) => {
      await upload.onAck(await cloud.take(payload));
      return true;
    },
  };
  return line;
}
