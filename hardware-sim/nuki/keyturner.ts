/** One connection's conversation with a paired lock: sealed requests, each for its authorization (reference 2, 3, 6). */
import { type Asked, adminCommands } from './administration.ts';
import type { Authorization } from './authorizations.ts';
import { Cursor, Fields, sameBytes } from './bytes.ts';
import { actions, commands, errors, statuses, triggers } from './codes.ts';
import type { NukiCore } from './core.ts';
import { closeClear, closeEnvelope, closePlain, type Message, openEnvelope, openPlain } from './frame.ts';
import type { Progress, Who } from './motor.ts';
import { seal, unseal } from './secret.ts';
import { isAllowed } from './times.ts';

export interface KeyturnerOutlets {
  /** In clear, on GDIO: to whoever could not be understood. */
  clear(bytes: Uint8Array): void;
  /** On USDIO. */
  sealed(bytes: Uint8Array): void;
  hangUp(): void;
}

const challengeBytes = 32;
const suffixBytes = 20;
const idBytes = (id: number): Uint8Array => new Fields().u32(id).bytes();

export class Keyturner {
  readonly #core: NukiCore;
  readonly #outlets: KeyturnerOutlets;
  /** Who spoke last: unsolicited states go to them. */
  #user: Authorization | undefined;
  /** Dies when it is used, and with the connection. */
  #challenge: { readonly user: number; readonly nonce: Uint8Array } | undefined;

  constructor(core: NukiCore, outlets: KeyturnerOutlets) {
    this.#core = core;
    this.#outlets = outlets;
  }

  /** Takes one write on USDIO. */
  take(bytes: Uint8Array) {
    const envelope = openEnvelope(bytes);
    if (envelope === undefined) return this.#refuseClear(errors.badLength);
    const user = this.#core.authorizations.get(new Cursor(envelope.authorization).u32());
    const plain = user && unseal(user.key, envelope.nonce, envelope.sealed);
    if (user === undefined || plain === undefined) return this.#refuseClear(errors.notAuthorized);
    const message = openPlain(plain);
    if (!message.ok) {
      return this.#refuse(user, message.because === 'crc' ? errors.badCrc : errors.badLength, message.command);
    }
    if (!sameBytes(message.authorization, envelope.authorization)) return this.#refuseClear(errors.notAuthorized);
    if (!user.enabled) return this.#refuse(user, errors.disabled, message.command);
    if (!isAllowed(user.limit, this.#core.now())) return this.#refuse(user, errors.timeNotAllowed, message.command);
    this.#user = user;
    user.lastActiveMs = this.#core.now();
    this.#run(user, message);
  }

  /** Unsolicited Keyturner States, where somebody paired is listening. */
  tellStates(): void {
    if (this.#user === undefined || this.#core.authorizations.get(this.#user.id) === undefined) return;
    this.#tell(this.#user, commands.states, this.#core.states());
  }

  #run(user: Authorization, message: Message) {
    const { command, payload } = message;
    if (command === commands.requestData) return this.#answerPlain(user, payload);
    if (command === commands.lockAction || command === commands.simpleLockAction) return this.#act(user, message);
    if (command === commands.calibrate) return this.#calibrate(user, message);
    const admin = adminCommands[command];
    if (admin === undefined) return this.#refuse(user, errors.unknown, command);
    const body = this.#guarded(user, message, admin.guard);
    if (body === undefined) return;
    const asked: Asked = { core: this.#core, user, body };
    const answer = admin.run(asked);
    this.#core.remember();
    if (typeof answer === 'number') return this.#refuse(user, answer, command);
    for (const one of answer) this.#tell(user, one.command, one.payload);
  }

  #answerPlain(user: Authorization, payload: Uint8Array) {
    const wanted = new Cursor(payload).u16();
    if (payload.length < 2) return this.#refuse(user, errors.badLength, commands.requestData);
    if (wanted === commands.challenge) {
      const nonce = this.#core.randomBytes(challengeBytes);
      this.#challenge = { user: user.id, nonce };
      return this.#tell(user, commands.challenge, nonce);
    }
    if (wanted === commands.states) {
      this.#tell(user, commands.states, this.#core.states());
      return this.#core.statesRead(user);
    }
    if (wanted === commands.batteryReport) return this.#tell(user, wanted, this.#core.battery());
    this.#refuse(user, errors.unknown, wanted);
  }

  #act(user: Authorization, message: Message) {
    const body = this.#guarded(user, message, 'challenge');
    if (body === undefined) return;
    const action = body.u8();
    const isSimple = message.command === commands.simpleLockAction;
    if (!isSimple) body.u32();
    const flags = isSimple ? 0 : body.u8();
    const suffix = body.left > 0 ? body.text(suffixBytes) : '';
    if (!body.done) return this.#refuse(user, errors.badLength, message.command);
    const known = Object.values(actions) as number[];
    if (!known.includes(action) || (isSimple && action > actions.lock)) {
      return this.#refuse(user, errors.badParameter, message.command);
    }
    user.lockCount += 1;
    this.#core.motor.act(action, whoIs(user, suffix, flags), this.#progress(user, message.command));
  }

  #calibrate(user: Authorization, message: Message) {
    const body = this.#guarded(user, message, 'pin');
    if (body === undefined) return;
    if (!body.done) return this.#refuse(user, errors.badLength, message.command);
    this.#core.motor.calibrate(whoIs(user, '', 0), this.#progress(user, message.command));
  }

  #progress(user: Authorization, command: number): Progress {
    const status = (value: number): void => this.#tell(user, commands.status, Uint8Array.of(value));
    return {
      accepted: () => {
        status(statuses.accepted);
        if (this.#core.faults.take('hang-up')) this.#outlets.hangUp();
      },
      done: (error) => (error === undefined ? status(statuses.complete) : this.#refuse(user, error, command)),
    };
  }

  /** Checks challenge and PIN at the end of a command. @returns its own fields; undefined when it was refused */
  #guarded(user: Authorization, { command, payload }: Message, guard: 'challenge' | 'pin'): Cursor | undefined {
    const { pinBytes } = this.#core.layout;
    const ownBytes = payload.length - challengeBytes - (guard === 'pin' ? pinBytes : 0);
    if (ownBytes < 0) {
      this.#refuse(user, errors.badLength, command);
      return undefined;
    }
    const tail = new Cursor(payload.subarray(ownBytes));
    const nonce = tail.take(challengeBytes);
    const challenge = this.#challenge;
    this.#challenge = undefined;
    const isFresh = challenge !== undefined && challenge.user === user.id && sameBytes(challenge.nonce, nonce);
    const isSpoilt = this.#core.faults.take('bad-nonce') !== undefined;
    const pinRefused = (): number | undefined =>
      guard === 'pin' ? this.#core.pin.refuses(pinBytes === 2 ? tail.u16() : tail.u32()) : undefined;
    const refused = !isFresh || isSpoilt ? errors.badNonce : pinRefused();
    if (refused === undefined) return new Cursor(payload.subarray(0, ownBytes));
    this.#refuse(user, refused, command);
    return undefined;
  }

  #refuse(user: Authorization, error: number, command: number): void {
    this.#tell(user, commands.error, new Fields().u8(error).u16(command).bytes());
  }

  #refuseClear(error: number): void {
    this.#outlets.clear(closeClear({ command: commands.error, payload: Uint8Array.of(error, 0, 0) }));
  }

  #tell(user: Authorization, command: number, payload: Uint8Array): void {
    const nonce = this.#core.randomBytes(24);
    const sealed = seal(user.key, nonce, closePlain(idBytes(user.id), { command, payload }));
    this.#outlets.sealed(closeEnvelope({ nonce, authorization: idBytes(user.id), sealed }));
  }
}

function whoIs(user: Authorization, suffix: string, flags: number): Who {
  const name = suffix === '' ? user.name : `${user.name} ${suffix}`;
  return { trigger: triggers.system, authorizationId: user.id, name, flags };
}
