/**
 * Makes a Nuki lock know this hub, while somebody holds its button: both variants, one message after the other.
 *
 * What is kept at each message, so that a pairing that is cut off leaves neither side half paired:
 *
 * | cut off | the lock has | the hub has | to go on |
 * |---|---|---|---|
 * | before the lock's id was told | nothing, or (newer) an entry that the same app id replaces | nothing | hold the button, pair again |
 * | after that, before the end | an entry, or dropped it | pending credentials | `provePairing`, which tells by asking |
 */
import { Fault, type FaultCode, type Verdict } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { GattLink } from '../../link/gatt.ts';
import { gatt, type Variant } from './advert.ts';
import { command } from './command.ts';
import type { CredentialStore, Credentials } from './credentials.ts';
import { decodeErrorReport, meaningOf } from './error-report.ts';
import { FieldReader, join, text, u8, u16, u32 } from './fields.ts';
import { decodeMessage, encodeMessage, idBytes, type Message, Reassembly } from './frame.ts';
import { authenticator, isSame, seal, sharedKey, toKeyPair, unseal } from './secure.ts';

/** The message that was waited for, or sent, when it ended. */
export type PairingStep =
  | 'connect'
  | 'public-key'
  | 'first-challenge'
  | 'second-challenge'
  | 'pin-info'
  | 'authorization-id'
  | 'keep'
  | 'confirmation';

export interface PairingOptions {
  readonly link: GattLink;
  readonly variant: Variant;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly store: CredentialStore;
  /** Random, kept by the caller: pairing again under the same one leaves no second entry. 1..2^32 - 1 */
  readonly appId: number;
  /** What the owner reads in the app of the lock, at most 32 bytes. */
  readonly name: string;
  /** A second bridge replaces the first; a newer lock knows apps only. */
  readonly as: 'app' | 'bridge';
  /** Needed by a newer lock whose PIN is set. */
  readonly pin?: number;
  readonly connectMs?: number;
  readonly replyMs?: number;
  readonly onStep?: (step: PairingStep) => void;
}

/** What got lost or was spoilt on the way. */
const cut: readonly FaultCode[] = ['LINK_CLOSED', 'BLE_SILENT', 'LOCK_SILENT', 'NUKI_FRAME_BAD'];

/** In place of an authorization id that nobody has yet, as bytes on the wire. */
const noId = Uint8Array.of(0x7f, 0xff, 0xff, 0xff);

/**
 * Pairs, and keeps the credentials: pending before the lock is told that we have its id, current once it has said so.
 * @throws Fault NUKI_NOT_PAIRING, NUKI_PIN_WRONG, NUKI_PIN_MISSING, NUKI_PIN_LOCKED, NUKI_FULL, NUKI_NOT_GENUINE, LOCK_REFUSED;
 *   BLE_NOT_FOUND, BLE_UNAVAILABLE, BLE_CHARACTERISTIC_MISSING; NUKI_PAIRING_CUT with `detail.step` and `detail.next`, `pair` or `prove`
 */
export async function pairNuki(options: PairingOptions): Promise<Credentials> {
  const line = new PairingLine(options);
  try {
    await line.open();
    return await converse(options, line);
  } catch (cause) {
    if (!(cause instanceof Fault && cut.includes(cause.code))) throw cause;
    const next = line.step === 'confirmation' ? 'prove' : 'pair';
    throw new Fault('NUKI_PAIRING_CUT', { step: line.step, next, why: cause.code }, { cause });
  } finally {
    await line.close();
  }
}

async function converse(options: PairingOptions, line: PairingLine): Promise<Credentials> {
  const { variant, randomBytes, store, appId, name } = options;
  const own = toKeyPair(randomBytes(32));
  line.at('public-key');
  await line.send({ command: command.requestData, payload: u16(command.publicKey) });
  const theirs = await line.expect(command.publicKey, 32);
  const key = must(sharedKey(theirs, own.privateKey));
  line.at('first-challenge');
  await line.send({ command: command.publicKey, payload: own.publicKey });
  const first = await line.expect(command.challenge, 32);
  const proof = authenticator(key, own.publicKey, theirs, first);
  const authenticate = { command: command.authorizationAuthenticator, payload: proof };
  const isBridge = variant === 'older' && options.as === 'bridge';
  const known = { variant, key, appId, as: isBridge ? 'bridge' : 'app' } as const;
  const keepPin = options.pin === undefined ? {} : { pin: options.pin };

  if (variant === 'newer') {
    line.at('pin-info');
    await line.send(authenticate);
    const [hasPin] = await line.expect(command.authorizationInfo, 1);
    if (hasPin !== 0 && options.pin === undefined) throw new Fault('NUKI_PIN_MISSING');
    line.at('authorization-id');
    const payload = join(u32(appId), text(name, 32), u32(options.pin ?? 0));
    const answer = await line.exchangeSealed({ command: command.authorizationData, payload }, key);
    const field = new FieldReader(answer);
    const credentials = { ...known, authorizationId: field.u32(), uuid: field.bytes(16), ...keepPin };
    line.at('keep');
    await store.keepProven(credentials);
    return credentials;
  }

  line.at('second-challenge');
  await line.send(authenticate);
  const second = await line.expect(command.challenge, 32);
  const ownNonce = randomBytes(32);
  const about = join(u8(isBridge ? 1 : 0), u32(appId), text(name, 32), ownNonce);
  line.at('authorization-id');
  const payload = join(authenticator(key, about, second), about);
  await line.send({ command: command.authorizationData, payload });
  const field = new FieldReader(await line.expect(command.authorizationId, 84));
  const [theirProof, authorizationId, uuid, third] = [field.bytes(32), field.u32(), field.bytes(16), field.bytes(32)];
  if (!isSame(theirProof, authenticator(key, idBytes(authorizationId), uuid, third, ownNonce)))
    throw new Fault('NUKI_NOT_GENUINE', { reason: 'authenticator' });
  const credentials = { ...known, authorizationId, uuid, ...keepPin };
  line.at('keep');
  await store.keepPending(credentials);
  line.at('confirmation');
  const confirm = join(authenticator(key, idBytes(authorizationId), third), idBytes(authorizationId));
  await line.send({ command: command.confirmAuthorizationId, payload: confirm });
  const [status] = await line.expect(command.status, 1);
  if (status !== 0) throw new Fault('LOCK_REFUSED', { status: status ?? -1 });
  await store.keepProven(credentials);
  return credentials;
}

function must<T>(verdict: Verdict<T>): T {
  if (!verdict.ok) throw new Fault(verdict.code, verdict.detail);
  return verdict.value;
}

/** The one characteristic that a pairing goes over. */
class PairingLine {
  readonly #options: PairingOptions;
  readonly #uuid: string;
  readonly #replyMs: number;
  readonly #clear = new Reassembly(false);
  readonly #sealed = new Reassembly(true);
  /** The key of the one answer that comes sealed. */
  #key: Uint8Array | undefined;
  readonly #heard: Verdict<Message>[] = [];
  #wake: () => void = () => undefined;
  step: PairingStep = 'connect';
  #isLost = false;
  #unlisten: () => void = () => undefined;

  constructor(options: PairingOptions) {
    this.#options = options;
    this.#uuid = options.variant === 'newer' ? gatt.pairing5Data : gatt.pairingData;
    this.#replyMs = options.replyMs ?? 10_000;
  }

  at(step: PairingStep): void {
    this.step = step;
    this.#options.onStep?.(step);
  }

  async open(): Promise<void> {
    const { link, variant, connectMs } = this.#options;
    this.at('connect');
    const service = variant === 'newer' ? gatt.pairing5 : gatt.pairing;
    await link.connect([{ service, uuid: this.#uuid }], connectMs ?? 10_000);
    this.#unlisten = link.onDisconnected(() => {
      this.#isLost = true;
      this.#wake();
    });
    await link.subscribe(this.#uuid, (piece) => this.#take(piece), this.#replyMs);
  }

  close(): Promise<void> {
    this.#unlisten();
    return this.#options.link.disconnect();
  }

  send(message: Message): Promise<void> {
    return this.#options.link.write(this.#uuid, encodeMessage(message), this.#replyMs);
  }

  async exchangeSealed(message: Message, key: Uint8Array): Promise<Uint8Array> {
    this.#key = key;
    const sealed = seal(message, { key, authorizationId: 0 }, this.#options.randomBytes(24), noId);
    await this.#options.link.write(this.#uuid, sealed, this.#replyMs);
    return this.expect(command.authorizationId, 20);
  }

  /** @returns the payload of the next message, which has to be this one */
  async expect(wanted: number, leastBytes: number): Promise<Uint8Array> {
    const { command: came, payload } = must(await this.#next());
    if (came === command.errorReport) {
      const report = decodeErrorReport(payload);
      const { code, name, again } = meaningOf(report?.error ?? 0xff);
      throw new Fault(again ? 'NUKI_FRAME_BAD' : code, { nuki: name, step: this.step });
    }
    if (came !== wanted || payload.length < leastBytes) throw new Fault('NUKI_FRAME_BAD', { command: came });
    return payload;
  }

  #next(): Promise<Verdict<Message>> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(this.#replyMs, () => end(() => reject(new Fault('LOCK_SILENT'))));
      const end = (settle: () => void): void => {
        cancel();
        this.#wake = () => undefined;
        settle();
      };
      this.#wake = () => {
        const next = this.#heard.shift();
        if (next !== undefined) end(() => resolve(next));
        else if (this.#isLost) end(() => reject(new Fault('LINK_CLOSED')));
      };
      this.#wake();
    });
  }

  #take(piece: Uint8Array): void {
    // A refusal of the sealed message may still come in clear: it is 7 bytes, shorter than any sealed header.
    const isClear = this.#key === undefined || (piece.length === 7 && piece[0] === command.errorReport);
    const whole = (isClear ? this.#clear : this.#sealed).take(piece);
    if (!whole.ok) this.#heard.push(whole);
    else
      for (const bytes of whole.value) {
        const key = this.#key;
        const isSealed = !isClear && key !== undefined;
        this.#heard.push(isSealed ? unseal(bytes, { key, authorizationId: 0 }, true) : decodeMessage(bytes, false));
      }
    this.#wake();
  }
}
