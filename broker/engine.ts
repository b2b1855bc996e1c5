/** The MQTT engine, aedes, with our rules in its hooks. The only place that imports it. */
import { Aedes, type AedesOptions, type Client, type ConnectPacket } from 'aedes';
import type { FaultCode } from '../wire/faults.ts';
import { Fault } from '../wire/faults.ts';
import { type ConnectWish, mayConnect, mayPublish, maySubscribe } from './acl.ts';
import type { Guard } from './guard.ts';
import { type BrokerLog, cut, oncePer } from './log.ts';
import { Seats } from './seats.ts';

export interface EngineParts {
  readonly log: BrokerLog;
  /** Longest keep-alive, seconds. */
  readonly maxKeepaliveS: number;
}

export interface Engine {
  /** Takes over a guarded connection: from here on it lives and dies by itself. */
  serve(guard: Guard): void;
  /** Connections with a session. */
  clients(): Guard[];
  /** Messages for media clients that were dropped because they take too slowly, since the start. */
  dropped(): number;
  close(): Promise<void>;
}

/** CONNACK with a return code. @see MQTT 3.1.1, 3.2.2.3 */
const connack = (returnCode: number): Buffer => Buffer.from([0x20, 2, 0, returnCode]);
export const notOffered = { protocol: connack(1), clientId: connack(2), unauthorized: connack(5) } as const;

/** ms that a closed connection may take to be forgotten by the engine. */
const forgetMs = 1000;
const droppedEveryMs = 10_000;

const wishOf = (packet: ConnectPacket): ConnectWish => ({
  clientId: packet.clientId,
  clean: packet.clean === true,
  keepaliveS: packet.keepalive ?? 0,
  will: packet.will && { topic: packet.will.topic, qos: packet.will.qos ?? 0, retain: packet.will.retain === true },
});

/**
 * Starts the engine. It stores nothing: sessions are clean, retained messages and QoS 2 are refused, and the PUBACK of a QoS 1 message
 * says that the broker has it in memory, no more.
 */
export async function startEngine({ log, maxKeepaliveS }: EngineParts): Promise<Engine> {
  const seats = new Seats<Guard>();
  /** Registered by the engine, so that it will say when they are gone. */
  const registered = new WeakSet<Guard>();
  const guardOf = (client: Client): Guard => client.conn as Guard;
  const mayTellDropped = oncePer(droppedEveryMs);
  let dropped = 0;

  const preConnect: AedesOptions['preConnect'] = (client, packet, done) => {
    const guard = guardOf(client);
    const verdict = mayConnect(guard.identity, wishOf(packet), maxKeepaliveS);
    if (!verdict.ok) {
      const topic = packet.will && { topic: cut(packet.will.topic) };
      log('connect.refused', {
        code: verdict.code,
        client: guard.identity.id,
        claimed: cut(packet.clientId),
        ...topic,
      });
      const isId = verdict.code === 'BROKER_CLIENT_ID_REFUSED';
      guard.refuse(verdict.code, verdict.detail, isId ? notOffered.clientId : notOffered.unauthorized);
      return done(null, false);
    }
    seats.take(guard).then(() => done(null, !guard.destroyed));
  };

  const authorizePublish: AedesOptions['authorizePublish'] = (client, packet, done) => {
    if (client === null) return done();
    const guard = guardOf(client);
    const verdict = mayPublish(guard.identity, packet.topic);
    if (verdict.ok) return done();
    log('publish.refused', { code: verdict.code, client: guard.identity.id, topic: cut(packet.topic) });
    guard.refuse(verdict.code);
    done(new Fault(verdict.code));
  };

  const authorizeSubscribe: AedesOptions['authorizeSubscribe'] = (client, subscription, done) => {
    const { identity } = guardOf(client);
    const verdict = maySubscribe(identity, subscription.topic, subscription.qos);
    if (verdict.ok) return done(null, subscription);
    log('subscribe.refused', { code: verdict.code, client: identity.id, topic: cut(subscription.topic) });
    done(null, null); // answered with 128 [MQTT-3.8.4-5]
  };

  const authorizeForward: AedesOptions['authorizeForward'] = (client, packet) => {
    const guard = guardOf(client);
    if (!guard.isClogged()) return packet;
    switch (guard.identity.role) {
      // A hub that does not take its messages is cut off at once: waiting for it would hold up the cloud's messages to all others.
      case 'hub':
        guard.refuse('BROKER_SUBSCRIBER_SLOW');
        return null;
      case 'cloud':
        return packet; // its senders wait: what they say has to arrive
      // A late picture is worth nothing, and the recording has it: nobody waits for a media client.
      default:
        dropped += 1;
        if (mayTellDropped(guard.identity.id, performance.now())) {
          log('media.dropped', { code: 'BROKER_SUBSCRIBER_SLOW', client: guard.identity.id, dropped });
        }
        return null;
    }
  };

  const aedes = await Aedes.createBroker({
    concurrency: 0, // any other value loses messages under load, and the process when a subscriber leaves then
    heartbeatInterval: 86_400_000, // there is one broker process: its heartbeat tells nobody anything
    connectTimeout: 60_000, // the guard is stricter
    drainTimeout: 120_000, // the guard is stricter
    queueLimit: 4,
    maxTopicLevels: 7,
    preConnect,
    authorizePublish,
    authorizeSubscribe,
    authorizeForward,
    published: (_packet, client, done) => {
      if (client) guardOf(client).settle();
      done();
    },
  });

  aedes.on('client', (client) => registered.add(guardOf(client)));
  aedes.on('clientReady', (client) => {
    const guard = guardOf(client);
    log('client.connected', { client: guard.identity.id, role: guard.identity.role, address: guard.address });
    guard.open();
  });
  aedes.on('clientDisconnect', (client) => seats.leave(guardOf(client)));
  aedes.on('keepaliveTimeout', (client) => guardOf(client).refuse('BROKER_CLIENT_SILENT'));
  // What the engine complains about has been logged by the guard, which the engine destroys first.
  aedes.on('clientError', () => {});
  aedes.on('connectionError', () => {});

  return {
    serve(guard) {
      guard.once('close', () => {
        if (!registered.has(guard)) return seats.leave(guard);
        log('client.disconnected', { client: guard.identity.id, code: guard.fault ?? null });
        setTimeout(() => seats.leave(guard), forgetMs).unref();
      });
      aedes.handle(guard);
    },
    clients: () => seats.all(),
    dropped: () => dropped,
    close: () => new Promise((resolve) => aedes.close(resolve)),
  };
}

/** @returns the CONNACK that says goodbye to what was sent instead of a sound CONNECT, if MQTT has one */
export const farewellFor = (code: FaultCode): Buffer | undefined =>
  code === 'BROKER_PROTOCOL_REFUSED' ? notOffered.protocol : undefined;
