/** Fuzz of the OSDP bytes: the real driver on a line where somebody answers, with the key or without it, whatever he likes. */
import type { DoorReport, Lock } from '../../../device/lock/lock.ts';
import { OsdpBus } from '../../../device/lock/osdp/bus.ts';
import { osdpLock } from '../../../device/lock/osdp/driver.ts';
import { type Frame, parseFrame } from '../../../hardware-sim/osdp/frame.ts';
import { Fault } from '../../../wire/faults.ts';
import { Random } from '../../device/fuzz/random.ts';
import { WoundClock } from '../../support/clock.ts';
import type { FuzzOptions, SurfaceReport } from '../report.ts';
import { lie, someBytes } from './lies.ts';
import { Port } from './port.ts';
import { Traitor } from './traitor.ts';

const wiring = { contact: 0, monitor: 1, closed: 0, locked: 1 } as const;
const outputCode = 0x68;
/** ms by which the clock goes on while the hub says nothing. */
const idleMs = 20;

/** What one run has seen. */
class Watch {
  readonly refused: Record<string, number> = {};
  readonly violations: string[] = [];
  /** Inputs that were said with a good MAC in reply to the command that is out. */
  said: Uint8Array[] = [];
  /** What the owner of the lock asked for, and what came of it. */
  asked = 0;
  outputs = 0;
  sent = 0;
  signedAgain = 0;
  #command: Uint8Array = new Uint8Array(0);

  /** What was said in reply to a command counts for the same bytes sent again. */
  hear({ bytes, code }: Frame): void {
    if (Buffer.from(bytes).equals(this.#command)) return;
    this.#command = bytes;
    this.said = [];
    // The same bytes again are the same command: the peripheral runs it once.
    if (code === outputCode) this.outputs += 1;
  }

  refuse(code: string): void {
    this.refused[code] = (this.refused[code] ?? 0) + 1;
  }

  /** A report may only say what an authentic reply to the command that is out has said. */
  report({ bolt, contact }: DoorReport): void {
    const claims = (input: number, level: number): boolean => this.said.some((levels) => levels[input] === level);
    if (bolt === 'locked' && !claims(wiring.monitor, wiring.locked)) this.violate('locked, and nobody said so');
    if (contact === 'closed' && !claims(wiring.contact, wiring.closed)) this.violate('closed, and nobody said so');
  }

  violate(what: string): void {
    if (this.violations.length < 50) this.violations.push(`message ${this.sent}: ${what}`);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Answers the driver's commands with changed frames, and with an honest one often enough for the conversation to go on. */
export async function fuzzOsdp({ seed, count, onProgress }: FuzzOptions): Promise<SurfaceReport> {
  const random = new Random(seed);
  const clock = new WoundClock(0);
  const watch = new Watch();
  const port = new Port();
  const key = someBytes(random, 16);
  const traitor = new Traitor(key, (bytes) => someBytes(random, bytes));
  const lock = makeLock({ clock, port, key, random, watch });
  lock.onReport((report) => watch.report(report));
  await lock.start();

  let old: Uint8Array = Uint8Array.of(0x53);
  /** So many commands get no reply at all. */
  let mute = 0;
  let told = 0;
  while (watch.sent < count) {
    await turn();
    const command = takeCommand(port, watch);
    if (command === undefined) {
      clock.pass(idleMs);
      continue;
    }
    traitor.hear(command);
    watch.hear(command);
    if (random.chance(0.06)) ask(lock, random, watch);
    if (random.chance(command.code === outputCode ? 0.3 : 0.002)) mute = 1 + random.int(8);
    if (mute-- > 0) continue;
    let isAnswered = false;
    for (let left = random.int(4); left > 0 && !isAnswered; left--) {
      const { bytes, signedAgain, levels } = lie(traitor, command, old, random);
      if (levels !== undefined) watch.said.push(levels);
      watch.sent += 1;
      if (signedAgain) watch.signedAgain += 1;
      feed(port, bytes, random);
      clock.pass(random.int(3));
      // What comes after a reply that ended the exchange is not even looked at.
      isAnswered = signedAgain && random.chance(0.9);
    }
    const reply = traitor.reply(command);
    // The honest reply to a question for inputs says: closed, and not locked.
    if (command.code === 0x65) watch.said.push(Uint8Array.of(0, 0));
    if (!isAnswered && random.chance(0.9)) port.feed(reply);
    if (command.mac !== undefined && random.chance(0.2)) old = reply;
    if (random.chance(0.003)) port.unplug();
    if (watch.sent - told >= 1000) {
      told = watch.sent;
      onProgress?.(told);
    }
  }
  await closed(lock, clock);
  const { sent, signedAgain, refused, violations, outputs, asked } = watch;
  return { sent, signedAgain, refused, violations, outputs: Math.max(0, outputs - asked) };
}

function makeLock(parts: {
  readonly clock: WoundClock;
  readonly port: Port;
  readonly key: Uint8Array;
  readonly random: Random;
  readonly watch: Watch;
}): Lock {
  const { clock, port, key, random, watch } = parts;
  const bus = new OsdpBus({
    openLink: async () => port.open(),
    baudRate: 115_200,
    clock,
    randomBytes: (bytes) => someBytes(random, bytes),
    onEvent: (event) => {
      if (event.on === 'frame.dropped' || event.on === 'link.lost') watch.refuse(event.code);
      if (event.on === 'key.wrong') watch.refuse('OSDP_KEY_WRONG');
      if (event.on === 'nonce.repeated') watch.refuse('OSDP_NONCE_REPEATED');
    },
  });
  const nothing = async (): Promise<void> => undefined;
  const peripheral = bus.attach({ address: 0, keys: { current: key }, onKeyPending: nothing, onKeyProven: nothing });
  return osdpLock({
    peripheral,
    clock,
    output: 0,
    contact: { input: wiring.contact, closedWhen: 'inactive' },
    monitor: { input: wiring.monitor, lockedWhen: 'active' },
  });
}

function takeCommand(port: Port, watch: Watch): Frame | undefined {
  const bytes = port.take();
  if (bytes === undefined) return undefined;
  const command = parseFrame(bytes);
  if (command === undefined) {
    watch.violate('the hub sent what is no frame');
    return undefined;
  }
  return command;
}

/** In one piece, or cut anywhere. */
function feed(port: Port, bytes: Uint8Array, random: Random): void {
  const at = random.chance(0.8) ? 0 : random.int(bytes.length);
  if (at > 0) port.feed(bytes.subarray(0, at));
  port.feed(bytes.subarray(at));
}

/** Somebody who may asks for a pulse or for its end: at most one output command may come of it. */
function ask(lock: Lock, random: Random, watch: Watch): void {
  watch.asked += 1;
  const asked = random.chance(0.5) ? lock.open({ forMs: 500, expiresInMs: 1 + random.int(5000) }) : lock.lock();
  asked.catch((error: unknown) => {
    if (error instanceof Fault) watch.refuse(error.code);
    else watch.violate('the lock failed with something that is no fault');
  });
}

async function closed(lock: Lock, clock: WoundClock): Promise<void> {
  let isClosed = false;
  const closing = lock.close().then(() => {
    isClosed = true;
  });
  while (!isClosed) {
    await turn();
    clock.pass(idleMs);
  }
  await closing;
}
