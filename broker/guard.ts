/** The stream between one client's TLS socket and the MQTT engine: it counts, checks and slows before the engine reads a byte. */
import { Duplex } from 'node:stream';
import type { FaultCode, FaultDetail } from '../wire/faults.ts';
import { Bucket } from './bucket.ts';
import type { Identity } from './identity.ts';
import { type Group, type PacketLimits, PacketReader } from './packets.ts';
import type { Pressure } from './pressure.ts';

/** What the guard needs of a socket: a `tls.TLSSocket`. */
export type GuardedSocket = Duplex & { destroySoon(): void };

export interface GuardLimits extends PacketLimits {
  /** ms from the end of the TLS handshake to a whole CONNECT. */
  readonly connectMs: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Messages of this client under way in the broker. */
  readonly maxInFlight: number;
  /** Whether it waits in line when the broker is overloaded. */
  readonly yields: boolean;
  /** Bytes waiting for this client from which on its senders wait. */
  readonly bufferBytes: number;
  /** ms in which it has to take a piece of 64 kB. */
  readonly drainMs: number;
}

export interface GuardParts {
  readonly identity: Identity;
  readonly address: string;
  readonly limits: GuardLimits;
  readonly pressure: Pressure;
  /** Monotonic ms. */
  readonly now: () => number;
  /** Told once, before the connection closes. */
  readonly onRefused: (code: FaultCode, reason: string) => void;
  /** Told whenever the client is slowed, with ms until it is read again. */
  readonly onSlowed: (waitMs: number) => void;
  /** Told whenever it waits in line, because the broker has too much under way. */
  readonly onYielding: () => void;
  /** What to answer before closing, if anything. */
  readonly farewellFor: (code: FaultCode) => Buffer | undefined;
}

/** Seconds' worth of the rate that may come at once. */
const burstS = 2;
const pieceBytes = 64 * 1024;
/** ms for the last bytes to leave before the socket is cut. */
const farewellMs = 1000;

export class Guard extends Duplex {
  readonly identity: Identity;
  readonly address: string;
  readonly #socket: GuardedSocket;
  readonly #parts: GuardParts;
  readonly #reader: PacketReader;
  readonly #messages: Bucket;
  readonly #bytes: Bucket;
  readonly #resume = (): void => this.#release();
  readonly #queue: Group[] = [];
  #fault: FaultCode | undefined;
  #isWanted = false;
  #isOpen = false;
  #hasPassedConnect = false;
  #hasEnded = false;
  #inFlight = 0;
  #inFlightBytes = 0;
  #rateTimer: NodeJS.Timeout | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  readonly #connectTimer: NodeJS.Timeout;

  constructor(socket: GuardedSocket, parts: GuardParts) {
    // A read mark of one byte: at most one group lies ready, the rest stays in the kernel, which slows the sender.
    super({ readableHighWaterMark: 1, writableHighWaterMark: parts.limits.bufferBytes, allowHalfOpen: false });
    const { limits, now } = parts;
    this.#socket = socket;
    this.#parts = parts;
    this.identity = parts.identity;
    this.address = parts.address;
    this.#reader = new PacketReader(limits);
    this.#messages = new Bucket(limits.messagesPerSecond, limits.messagesPerSecond * burstS, now());
    this.#bytes = new Bucket(limits.bytesPerSecond, limits.bytesPerSecond * burstS, now());
    this.#connectTimer = setTimeout(() => this.refuse('BROKER_CONNECT_LATE'), limits.connectMs);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.#end());
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.#hasEnded || this.destroy());
  }

  /** Why this connection was closed by the broker, if it was. */
  get fault(): FaultCode | undefined {
    return this.#fault;
  }

  /** Closes the connection for a reason. @param farewell  bytes that still go out, such as a CONNACK with a return code */
  refuse(code: FaultCode, detail: FaultDetail = {}, farewell = this.#parts.farewellFor(code)): void {
    if (this.#fault !== undefined || this.destroyed) return;
    this.#fault = code;
    this.#parts.onRefused(code, String(detail.reason ?? ''));
    if (farewell !== undefined) this.#socket.write(farewell);
    this.destroy();
  }

  /** The session stands: what came after the CONNECT may pass. */
  open(): void {
    this.#isOpen = true;
    this.#release();
  }

  /** One message of this client has reached all its subscribers. */
  settle(): void {
    if (this.#inFlight === 0) return;
    const bytes = this.#inFlightBytes / this.#inFlight;
    this.#inFlight -= 1;
    this.#inFlightBytes -= bytes;
    this.#parts.pressure.leave(1, bytes);
    this.#release();
  }

  /** @returns true when the client has been sent more than it took in, up to its limit */
  isClogged(): boolean {
    return this.writableLength >= this.#parts.limits.bufferBytes;
  }

  #take(chunk: Buffer): void {
    const groups = this.#reader.take(chunk);
    if (!groups.ok) {
      this.refuse(groups.code, groups.detail);
      return;
    }
    if (groups.value.length === 0) return;
    clearTimeout(this.#connectTimer);
    this.#queue.push(...groups.value);
    this.#socket.pause();
    this.#release();
  }

  /** Hands the next group to the engine, if the engine wants it and no limit holds it back. */
  #release(): void {
    if (!this.#isWanted || this.destroyed) return;
    const group = this.#queue[0];
    if (group === undefined) this.#readOn();
    else if (this.#mayPass(group)) this.#pass(group);
  }

  /** @returns false after seeing to it that the question is asked again */
  #mayPass(group: Group): boolean {
    const { limits, pressure, now, onSlowed, onYielding } = this.#parts;
    if (this.#hasPassedConnect && !this.#isOpen) return false; // `open` asks again
    if (this.#inFlight > 0 && this.#inFlight + group.publishes > limits.maxInFlight) return false; // `settle` does
    const waitMs = Math.max(this.#messages.waitMs(now()), this.#bytes.waitMs(now()));
    if (waitMs > 0) {
      if (this.#rateTimer === undefined) onSlowed(waitMs);
      this.#rateTimer ??= setTimeout(() => {
        this.#rateTimer = undefined;
        this.#release();
      }, waitMs);
      return false;
    }
    if (!limits.yields || group.publishes === 0 || !pressure.isFull()) return true;
    onYielding();
    pressure.wait(this.#resume);
    return false;
  }

  #pass(group: Group): void {
    this.#queue.shift();
    this.#hasPassedConnect = true;
    this.#messages.take(group.packets);
    this.#bytes.take(group.bytes.length);
    if (group.publishes > 0) {
      this.#inFlight += group.publishes;
      this.#inFlightBytes += group.bytes.length;
      this.#parts.pressure.enter(group.publishes, group.bytes.length);
    }
    this.#isWanted = this.push(group.bytes);
  }

  #readOn(): void {
    if (this.#hasEnded) this.push(null);
    else this.#socket.resume();
  }

  /** The client has closed its side: what it sent before still counts, for a moment. */
  #end(): void {
    this.#hasEnded = true;
    setTimeout(() => this.destroy(), farewellMs).unref();
    this.#release();
  }

  override _read(): void {
    this.#isWanted = true;
    this.#release();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(chunk, 0, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    // One buffer, so that one MQTT packet is one TLS record.
    this.#send(Buffer.concat(chunks.map((each) => each.chunk)), 0, done);
  }

  #send(bytes: Buffer, from: number, done: (error?: Error | null) => void): void {
    for (let at = from; at < bytes.length; at += pieceBytes) {
      if (this.#socket.write(bytes.length <= pieceBytes ? bytes : bytes.subarray(at, at + pieceBytes))) continue;
      this.#drainTimer = setTimeout(() => this.refuse('BROKER_SUBSCRIBER_SLOW'), this.#parts.limits.drainMs);
      this.#socket.once('drain', () => {
        clearTimeout(this.#drainTimer);
        this.#send(bytes, at + pieceBytes, done);
      });
      return;
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // An error comes from the engine: it could not make sense of what the client sent.
    if (error !== null && this.#fault === undefined) {
      this.#fault = 'BROKER_PACKET_MALFORMED';
      this.#parts.onRefused(this.#fault, 'engine');
    }
    for (const timer of [this.#connectTimer, this.#rateTimer, this.#drainTimer]) clearTimeout(timer);
    this.#parts.pressure.forget(this.#resume);
    this.#parts.pressure.leave(this.#inFlight, this.#inFlightBytes);
    this.#inFlight = 0;
    this.#inFlightBytes = 0;
    this.#queue.length = 0;
    this.#socket.removeAllListeners('data').removeAllListeners('drain').resume();
    this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), farewellMs).unref();
    done();
  }
}
