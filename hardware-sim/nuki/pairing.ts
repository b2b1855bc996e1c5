/** Pairing at the door: one conversation on the pairing characteristic (reference 5). */
import type { NewAuthorization } from './authorizations.ts';
import { Cursor, concat, Fields, sameBytes } from './bytes.ts';
import { commands, errors, idTypes, statuses } from './codes.ts';
import type { NukiCore } from './core.ts';
import { closeClear, closeEnvelope, closePlain, type Message, openClear, openEnvelope, openPlain } from './frame.ts';
import { authenticator, type KeyPair, keyPair, seal, sharedKey, unseal } from './secret.ts';

/** How far it has come. `key`: shared, as both sides computed it. */
type Step =
  | { readonly at: 'idle' }
  | { readonly at: 'key'; readonly own: KeyPair }
  | {
      readonly at: 'authenticator';
      readonly own: KeyPair;
      readonly theirs: Uint8Array;
      readonly key: Uint8Array;
      readonly nonce: Uint8Array;
    }
  | { readonly at: 'data'; readonly key: Uint8Array; readonly nonce: Uint8Array }
  | { readonly at: 'sealed-data'; readonly key: Uint8Array }
  | {
      readonly at: 'confirmation';
      readonly key: Uint8Array;
      readonly nonce: Uint8Array;
      readonly entry: NewAuthorization & { id: number };
    };

const idBytes = (id: number): Uint8Array => new Fields().u32(id).bytes();

export class Pairing {
  readonly #core: NukiCore;
  readonly #say: (bytes: Uint8Array) => void;
  #step: Step = { at: 'idle' };

  /** @param say  an indication on the pairing characteristic; nothing that was begun outlives this object */
  constructor(core: NukiCore, say: (bytes: Uint8Array) => void) {
    this.#core = core;
    this.#say = say;
  }

  /** Takes one write. */
  take(bytes: Uint8Array) {
    if (!this.#core.isPairing()) return this.#refuse(errors.notPairing, new Cursor(bytes).u16());
    if (this.#step.at === 'sealed-data' && !isRestart(bytes)) return this.#takeSealed(bytes, this.#step.key);
    const message = openClear(bytes);
    if (!message.ok) return this.#refuse(message.because === 'crc' ? errors.badCrc : errors.badLength, message.command);
    this.#takeClear(message);
  }

  #takeClear(message: Message) {
    const { command, payload } = message;
    const step = this.#step;
    if (command === commands.requestData) return this.#begin(payload);
    if (command === commands.publicKey && step.at === 'key') return this.#meet(step.own, payload);
    if (command === commands.authenticator && step.at === 'authenticator') return this.#check(step, payload);
    if (command === commands.authorizationData && step.at === 'data') return this.#admit(step, payload);
    if (command === commands.authorizationConfirmation && step.at === 'confirmation')
      return this.#confirm(step, payload);
    this.#refuse(errors.badPairingParameter, command);
  }

  #begin(payload: Uint8Array) {
    const wanted = new Cursor(payload).u16();
    if (payload.length !== 2 || wanted !== commands.publicKey) {
      return this.#refuse(errors.badPairingParameter, commands.requestData);
    }
    const own = keyPair(this.#core.randomBytes(32));
    this.#step = { at: 'key', own };
    this.#tell(commands.publicKey, own.publicKey);
  }

  #meet(own: KeyPair, theirs: Uint8Array) {
    const key = theirs.length === 32 ? sharedKey(theirs, own.secretKey) : undefined;
    if (key === undefined) return this.#refuse(errors.badPairingParameter, commands.publicKey);
    const nonce = this.#core.randomBytes(32);
    this.#step = { at: 'authenticator', own, theirs, key, nonce };
    this.#tell(commands.challenge, nonce);
  }

  #check({ own, theirs, key, nonce }: Extract<Step, { at: 'authenticator' }>, payload: Uint8Array) {
    if (!sameBytes(payload, authenticator(key, theirs, own.publicKey, nonce))) {
      return this.#refuse(errors.badAuthenticator, commands.authenticator);
    }
    if (this.#core.layout.pairing === 'pin') {
      this.#step = { at: 'sealed-data', key };
      return this.#tell(commands.authorizationInfo, Uint8Array.of(this.#core.pin.isSet ? 1 : 0));
    }
    const next = this.#core.randomBytes(32);
    this.#step = { at: 'data', key, nonce: next };
    this.#tell(commands.challenge, next);
  }

  /** Message 7 in clear: who it is, proven with the second challenge. */
  #admit({ key, nonce }: Extract<Step, { at: 'data' }>, payload: Uint8Array) {
    const body = new Cursor(payload);
    const proof = body.take(32);
    const [idType, clientId, name, theirNonce] = [body.u8(), body.u32(), body.text(32), body.take(32)];
    if (!body.done) return this.#refuse(errors.badLength, commands.authorizationData);
    if (!sameBytes(proof, authenticator(key, payload.subarray(32), nonce))) {
      return this.#refuse(errors.badAuthenticator, commands.authorizationData);
    }
    if (idType > idTypes.keypad) return this.#refuse(errors.badPairingParameter, commands.authorizationData);
    if (this.#core.authorizations.isFull) return this.#refuse(errors.maxUsers, commands.authorizationData);
    const id = this.#core.authorizations.nextId;
    const uuid = this.#core.randomBytes(16);
    const ownNonce = this.#core.randomBytes(32);
    const entry = { id, idType, clientId, key, name, createdMs: this.#core.now() };
    this.#step = { at: 'confirmation', key, nonce: ownNonce, entry };
    const told = concat(idBytes(id), uuid, ownNonce);
    this.#tell(commands.authorizationId, concat(authenticator(key, told, theirNonce), told));
  }

  /** Message 9. Only now the entry exists. */
  #confirm({ key, nonce, entry }: Extract<Step, { at: 'confirmation' }>, payload: Uint8Array) {
    const expected = concat(authenticator(key, idBytes(entry.id), nonce), idBytes(entry.id));
    if (!sameBytes(payload, expected)) {
      return this.#refuse(errors.badAuthenticator, commands.authorizationConfirmation);
    }
    this.#core.authorizations.add(entry);
    this.#step = { at: 'idle' };
    this.#core.endPairing();
    this.#tell(commands.status, Uint8Array.of(statuses.complete));
  }

  /** Message 7 of newer locks: sealed, with the security PIN. Whatever id it carries is accepted. */
  #takeSealed(bytes: Uint8Array, key: Uint8Array) {
    const core = this.#core;
    const envelope = openEnvelope(bytes);
    if (envelope === undefined) return this.#refuse(errors.badLength, commands.authorizationData);
    const plain = unseal(key, envelope.nonce, envelope.sealed);
    if (plain === undefined) return this.#refuse(errors.badAuthenticator, commands.authorizationData);
    const message = openPlain(plain);
    if (!message.ok) return this.#refuse(errors.badCrc, commands.authorizationData);
    if (message.command !== commands.authorizationData) {
      return this.#refuse(errors.badPairingParameter, message.command);
    }
    const body = new Cursor(message.payload);
    const [clientId, name, pin] = [body.u32(), body.text(32), body.u32()];
    if (!body.done) return this.#refuse(errors.badLength, message.command);
    const refused = core.pin.refuses(pin) ?? (core.authorizations.isFull ? errors.maxUsers : undefined);
    if (refused !== undefined) return this.#refuse(refused, message.command);
    const { id } = core.authorizations.add({ idType: idTypes.app, clientId, key, name, createdMs: core.now() });
    this.#step = { at: 'idle' };
    core.endPairing();
    const payload = concat(idBytes(id), core.randomBytes(16));
    const reply = closePlain(idBytes(id), { command: commands.authorizationId, payload });
    const nonce = core.randomBytes(24);
    this.#say(closeEnvelope({ nonce, authorization: idBytes(id), sealed: seal(key, nonce, reply) }));
  }

  #refuse(error: number, command: number): void {
    this.#step = { at: 'idle' };
    this.#tell(commands.error, new Fields().u8(error).u16(command).bytes());
  }

  #tell(command: number, payload: Uint8Array): void {
    this.#say(closeClear({ command, payload }));
  }
}

/** A client that begins anew in the middle speaks in clear. */
function isRestart(bytes: Uint8Array): boolean {
  const message = openClear(bytes);
  return message.ok && message.command === commands.requestData;
}
