/** Throws mutated packets at the embedded broker over real TLS, before and after CONNECT, and watches that nobody else notices. */
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { parseConfig } from '../../broker/config/load.ts';
import type { BrokerLog } from '../../broker/log.ts';
import { type Broker, buildBroker } from '../../broker/main.ts';
import { Fault } from '../../wire/faults.ts';
import { topics } from '../../wire/topics.ts';
import { connectPacket, pingPacket } from './bytes.ts';
import { connectClient, publish, type TestClient, until } from './client.ts';
import { connectsOf, type Dice, makeDice, mutate, packetsOf } from './fuzz-packets.ts';
import { hubIdOf, type Leaf, makeCa, type TestCa, writeLeaf } from './pki.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Packets to send. */
  readonly count: number;
  readonly onProgress?: (sent: number) => void;
}

export interface FuzzResult {
  readonly sent: number;
  /** Refusals by fault code: everything that packets can bring about, BROKER_REPLACED and BROKER_CERTIFICATE_REFUSED. */
  readonly refused: Record<string, number>;
}

const attackers = 24;
const lookEvery = 1_000;
/** ms without an answer after which a packet is taken for an unfinished one. */
const silenceMs = 40;

interface Attacker {
  readonly id: string;
  /** Its good certificate, and one whose unit does not match its name. Made once: that is dearer than a connection. */
  readonly own: SecureContext;
  readonly stranger: SecureContext;
  session: Buffer | undefined;
}

/**
 * Runs the whole attack against one broker of its own.
 * @throws Fault BROKER_UNREACHABLE when a bystander was thrown off, heard something forged or went unheard, or the broker keeps what it should not
 */
export async function fuzzBroker({ seed, count, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const refused: Record<string, number> = {};
  const ca = await makeCa();
  const broker = await startCounting(await ca.issue({ name: 'localhost', isServer: true }), refused);
  const bystanders = await openBystanders(broker.port, ca);
  const team = await Promise.all(Array.from({ length: attackers }, (_, index) => makeAttacker(ca, index)));
  let sent = 0;
  let told = 0;
  const share = async (attacker: Attacker, index: number): Promise<void> => {
    const dice = makeDice(seed * 1_000 + index);
    while (sent < count) {
      const room = Math.min(50, count - sent);
      const more = await attack(dice, broker.port, attacker, bystanders.hubId, room);
      sent += more;
      if (index !== 0 || sent - told < lookEvery) continue;
      told = sent;
      await bystanders.check();
      onProgress?.(sent);
    }
  };
  try {
    await Promise.all(team.map(share));
    await bystanders.check();
    if (!(await until(() => broker.facts().connections === 2 && broker.facts().messages === 0))) {
      throw new Fault('BROKER_UNREACHABLE', { left: broker.facts().connections, messages: broker.facts().messages });
    }
  } finally {
    await bystanders.end();
    await broker.stop();
  }
  return { sent, refused };
}

async function startCounting(server: Leaf, refused: Record<string, number>): Promise<Broker> {
  const { caFile, certFile, keyFile } = await writeLeaf(server);
  const counted = new Set(['client.refused', 'subscribe.refused', 'connection.refused']);
  const log: BrokerLog = (event, fields) => {
    if (!counted.has(event) || !('code' in fields) || fields.code === null) return;
    refused[fields.code] = (refused[fields.code] ?? 0) + 1;
  };
  const wide = {
    connectionsPerSecondPerAddress: 100_000,
    hubMessagesPerSecond: 100_000,
    hubBytesPerSecond: 100_000_000,
  };
  return buildBroker(parseConfig({ host: '127.0.0.1', port: 0, caFile, certFile, keyFile, ...wide }), log);
}

async function makeAttacker(ca: TestCa, index: number): Promise<Attacker> {
  const id = hubIdOf(`fuzz${index}x`);
  const stranger = await ca.issue({ name: `cloud-${index}`, unit: 'hub' });
  const own = await ca.issue({ name: id });
  return { id, own: createSecureContext(own), stranger: createSecureContext(stranger), session: undefined };
}

/** Opens one connection and makes the most of it. @returns packets sent, 1..room */
async function attack(dice: Dice, port: number, attacker: Attacker, victim: string, room: number): Promise<number> {
  const connects = connectsOf(attacker.id, victim);
  const packets = packetsOf(attacker.id, victim);
  const line = await open(port, attacker, dice.roll(200) === 0 ? attacker.stranger : attacker.own);
  try {
    if (dice.roll(3) === 0) {
      line.send(mutate(dice, dice.pick(connects), dice.pick(packets)));
      await line.answered(silenceMs);
      return 1;
    }
    line.send(connectPacket(attacker.id));
    if (!(await line.answered(5_000))) return 1;
    if (dice.roll(100) === 0) await replace(port, attacker, line);
    for (let sent = 1; sent <= room; sent++) {
      line.send(Buffer.concat([mutate(dice, dice.pick(packets), dice.pick(packets)), pingPacket]));
      if (!(await line.answered(silenceMs)) || sent === room) return sent;
    }
    return room;
  } finally {
    line.close();
  }
}

/** The same client again, which closes the first connection. */
async function replace(port: number, attacker: Attacker, line: Line): Promise<void> {
  const second = await open(port, attacker, attacker.own);
  second.send(connectPacket(attacker.id));
  await line.answered(1_000);
  second.close();
}

interface Line {
  send(bytes: Buffer): void;
  /** @returns true when something came, false when the connection is closed or nothing came within the time */
  answered(withinMs: number): Promise<boolean>;
  close(): void;
}

function open(port: number, attacker: Attacker, secureContext: SecureContext): Promise<Line> {
  const session = secureContext === attacker.own ? attacker.session : undefined;
  const socket: TLSSocket = connect({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    secureContext,
    ...(session && { session }),
  });
  if (secureContext === attacker.own) {
    socket.on('session', (ticket: Buffer) => {
      attacker.session = ticket;
    });
  }
  let wake: (isAnswer: boolean) => void = () => {};
  let isClosed = false;
  socket.setNoDelay(true);
  socket.on('data', () => wake(true));
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
    wake(false);
  });
  const answered = (withinMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      if (isClosed) return resolve(false);
      const timer = setTimeout(() => wake(false), withinMs);
      wake = (isAnswer) => {
        clearTimeout(timer);
        wake = () => {};
        resolve(isAnswer);
      };
    });
  const line: Line = {
    send: (bytes) => void (isClosed || socket.write(bytes)),
    answered,
    close: () => socket.destroy(),
  };
  return new Promise((resolve) => {
    socket.once('secureConnect', () => resolve(line));
    socket.once('close', () => resolve(line));
  });
}

interface Bystanders {
  readonly hubId: string;
  check(): Promise<void>;
  end(): Promise<void>;
}

async function openBystanders(port: number, ca: TestCa): Promise<Bystanders> {
  const hubId = hubIdOf('bystander');
  const hub = await connectClient(port, await ca.issue({ name: hubId }), hubId);
  const cloud = await connectClient(port, await ca.issue({ name: 'cloud-x' }), 'cloud-x');
  await hub.mqtt.subscribeAsync(topics.hubFilters(hubId), { qos: 1 });
  const shard = Number(topics.up(hubId, 'journal').split('/')[3]);
  await cloud.mqtt.subscribeAsync(topics.shardFilter(shard), { qos: 1 });
  let round = 0;
  const heard = (client: TestClient, mark: string) =>
    until(() => client.received.some(({ payload }) => payload === mark));
  return {
    hubId,
    async check() {
      const mark = `round ${round++}`;
      await publish(cloud, topics.down(hubId, 'request'), mark);
      await publish(hub, topics.up(hubId, 'journal'), mark);
      const isHeard = (await heard(hub, mark)) && (await heard(cloud, mark));
      const ofUs = cloud.received.filter(({ topic }) => topic.includes(hubId));
      const isClean = [...hub.received, ...ofUs].every(({ payload }) => payload.startsWith('round '));
      if (!isHeard || !isClean || hub.isGone() || cloud.isGone())
        throw new Fault('BROKER_UNREACHABLE', { round, isHeard, isClean });
      for (const client of [hub, cloud]) client.received.length = 0;
    },
    async end() {
      await hub.end();
      await cloud.end();
    },
  };
}
