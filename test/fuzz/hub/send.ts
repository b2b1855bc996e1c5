/** Hands one message after the other to the hub, as the broker would, and waits for what the hub makes of it. */
import { newId } from '../../../wire/jws.ts';
import { writeMessage } from '../../../wire/messages.ts';
import { type FuzzHome, waitFor } from './home.ts';

/** What the hub made of a message: an answer, a refusal, or silence, which nobody should meet with. */
export type Outcome =
  | { readonly ok: true; readonly body: Record<string, unknown> }
  | { readonly ok: false; readonly code: string };

/** After so long a hub that said nothing counts as silent, and within so long one with something to object would have; ms of this machine's time. */
const within = { answer: 20_000, objection: 4 } as const;
const silent: Outcome = { ok: false, code: 'SILENT' };
const fine: Outcome = { ok: true, body: {} };

interface Answered {
  readonly id: string;
  readonly ok: boolean;
  readonly code?: string;
  readonly body?: Record<string, unknown>;
}

export class Sender {
  readonly #home: FuzzHome;
  #answers: { readonly id: unknown; readonly outcome: Outcome }[] = [];

  constructor(home: FuzzHome) {
    this.#home = home;
    home.bus.onAnswer = (payload) => {
      const { id, ok, code, body }: Answered = JSON.parse(payload.toString('utf8'));
      this.#answers.push({ id, outcome: ok ? { ok: true, body: body ?? {} } : { ok: false, code: code ?? '' } });
    };
  }

  /** A request as the cloud writes it. */
  envelope(body: unknown): Record<string, unknown> {
    return { v: 1, id: newId(), to: 'cloud-fuzz', exp: this.#home.clock.now() + 30_000, body };
  }

  request(body: unknown): Promise<Outcome> {
    const envelope = this.envelope(body);
    return this.raw(writeMessage(envelope), envelope.id);
  }

  /** Any bytes as a request. @param id  of the answer to wait for; any answer without it */
  async raw(payload: Buffer, id?: unknown): Promise<Outcome> {
    this.#forget();
    this.#home.bus.deliver('request', payload);
    const answer = () => this.#answers.find((one) => id === undefined || one.id === id)?.outcome;
    return (await this.#wait(() => answer() ?? this.#refused(), within.answer)) ?? silent;
  }

  /** Many at once. @returns what the hub said to them, in the order in which it did */
  async burst(payloads: readonly Buffer[]): Promise<readonly Outcome[]> {
    this.#forget();
    for (const payload of payloads) this.#home.bus.deliver('request', payload);
    await waitFor(this.#home.clock, () => this.#answers.length >= payloads.length, within.answer);
    return this.#answers.map(({ outcome }) => outcome);
  }

  /** Any bytes as an acknowledgement. Nothing is said to one that is fine. */
  async ack(payload: Buffer): Promise<Outcome> {
    this.#forget();
    this.#home.bus.deliver('ack', payload);
    const objection = () => this.#logged(({ event, fields }) => event === 'messageRefused' && fields.kind === 'ack');
    return (await this.#wait(objection, within.objection)) ?? fine;
  }

  /** Any bytes as the answer to what the hub asked. Nothing is said to one that is fine. */
  async answer(payload: Buffer): Promise<Outcome> {
    this.#forget();
    this.#home.bus.deliver('answer', payload);
    const objection = () => this.#logged(({ event }) => event === 'helloFailed' || event === 'documentRefused');
    return (await this.#wait(objection, within.objection)) ?? fine;
  }

  #forget(): void {
    this.#answers = [];
    this.#home.logged.length = 0;
  }

  async #wait(find: () => Outcome | undefined, withinMs: number): Promise<Outcome | undefined> {
    let found: Outcome | undefined;
    await waitFor(
      this.#home.clock,
      () => {
        found = find();
        return found !== undefined;
      },
      withinMs,
    );
    return found;
  }

  /** A message that was not even a request. Refused acknowledgements, which may still be on their way here, are logged twice. */
  #refused(): Outcome | undefined {
    const refusals = this.#home.logged.filter(({ event }) => event === 'messageRefused');
    const ofAcks = refusals.filter(({ fields }) => fields.kind === 'ack').length;
    const others = refusals.filter(({ fields }) => fields.kind !== 'ack');
    return others.length > ofAcks ? { ok: false, code: String(others.at(-1)?.fields.code) } : undefined;
  }

  #logged(is: (line: FuzzHome['logged'][number]) => boolean): Outcome | undefined {
    const found = this.#home.logged.find(is);
    return found && { ok: false, code: String(found.fields.code) };
  }
}
