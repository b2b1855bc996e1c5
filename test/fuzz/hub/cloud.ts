/** The honest cloud behind the bus: countersigns what the hub sends up, and answers its hello when it is told to. */
import type { ChainHead } from '../../../wire/journal.ts';
import { genesisOf, journalHeadForm } from '../../../wire/journal.ts';
import { peek } from '../../../wire/jws.ts';
import { type Ask, type JournalBatch, writeMessage } from '../../../wire/messages.ts';
import { timeOf, witnessOf } from '../../support/keys.ts';
import type { FuzzHome } from './home.ts';

/** A hub that says hello. */
export type HelloAsk = Ask & { readonly body: Extract<Ask['body'], { op: 'hello' }> };
const isHello = (ask: Ask): ask is HelloAsk => ask.body.op === 'hello';

export class HonestCloud {
  readonly #home: FuzzHome;
  /** Whether a hello is answered; a fuzzed answer comes instead otherwise. */
  answers = false;
  /** The last hello that nobody answered. */
  asked: HelloAsk | undefined;
  /** What the hub has sent up. */
  head: ChainHead;

  constructor(home: FuzzHome) {
    this.#home = home;
    this.head = { seq: 0, hash: genesisOf(home.cast.hubId) };
    home.bus.onPublish = (kind, payload) => {
      if (kind === 'ask') this.#hear(JSON.parse(payload.toString('utf8')) as Ask);
      if (kind === 'journal') void this.#take(JSON.parse(payload.toString('utf8')) as JournalBatch);
    };
  }

  /** @returns the last hello that nobody answered, once */
  takeAsked(): HelloAsk | undefined {
    const { asked } = this;
    this.asked = undefined;
    return asked;
  }

  /** What an honest cloud answers. */
  async helloAnswer(ask: HelloAsk, documents: readonly string[] = []): Promise<Record<string, unknown>> {
    const { cast, clock } = this.#home;
    const [time, witness] = await Promise.all([
      timeOf(cast, ask.body.nonce, clock.now()),
      witnessOf(cast, { seq: this.head.seq, hash: this.head.hash }),
    ]);
    return { time, witness, acked: this.head.seq, documents };
  }

  #hear(ask: Ask): void {
    if (!isHello(ask)) return;
    if (this.answers) void this.#answer(ask);
    else this.asked = ask;
  }

  async #answer(ask: HelloAsk): Promise<void> {
    const body = await this.helloAnswer(ask);
    this.#home.bus.deliver('answer', writeMessage({ v: 1, id: ask.id, ok: true, body }));
  }

  async #take(batch: JournalBatch): Promise<void> {
    const head = peek(journalHeadForm, batch.head);
    if (!head.ok || head.value.claims.seq <= this.head.seq) return;
    const { seq, hash } = head.value.claims;
    this.head = { seq, hash };
    const witness = await witnessOf(this.#home.cast, this.head);
    this.#home.bus.deliver('ack', writeMessage({ v: 1, seq, hash, witness }));
  }
}
