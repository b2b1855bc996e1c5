/** Puts the broker together: the only place that knows all its parts. Command line, tests and benchmarks call it. */
import type { TLSSocket } from 'node:tls';
import { loadCertificates } from './certificates.ts';
import type { BrokerConfig } from './config/schema.ts';
import { farewellFor, startEngine } from './engine.ts';
import { openFront } from './front.ts';
import { Gate } from './gate.ts';
import { Guard, type GuardLimits } from './guard.ts';
import type { Identity, Role } from './identity.ts';
import { type BrokerLog, makeLog, oncePer } from './log.ts';
import { Pressure } from './pressure.ts';

export interface BrokerFacts {
  /** TCP connections, whether or not they have a session. */
  readonly connections: number;
  /** Connections with a session. */
  readonly clients: number;
  /** Messages and bytes taken in and not yet written to every subscriber; senders that wait in line. Media clients apart. */
  readonly messages: number;
  readonly bytes: number;
  readonly waiting: number;
  /** The same of media clients, and how many of their messages were dropped for a subscriber that was full, since the start. */
  readonly media: {
    readonly messages: number;
    readonly bytes: number;
    readonly waiting: number;
    readonly dropped: number;
  };
}

export interface Broker {
  readonly host: string;
  /** The port that it listens at, also when the configuration said 0. */
  readonly port: number;
  facts(): BrokerFacts;
  /** Reads the certificate files again, for connections made from now on. @throws Fault BROKER_FILES_INVALID; the old ones stay in force */
  reload(): Promise<void>;
  /** Closes every connection and resolves when nothing is left. */
  stop(): Promise<void>;
}

const slowedEveryMs = 10_000;
const refusedEveryMs = 1_000;
const expiryEveryMs = 60_000;

function limitsFor(config: BrokerConfig): Readonly<Record<Role, GuardLimits>> {
  const { maxConnectBytes, maxPacketBytes, connectMs } = config;
  const { subscriberBufferBytes: bufferBytes, subscriberDrainMs: drainMs } = config;
  const shared = { maxConnectBytes, maxPacketBytes, connectMs, bufferBytes, drainMs };
  const ofCloud = {
    messagesPerSecond: config.cloudMessagesPerSecond,
    bytesPerSecond: config.cloudBytesPerSecond,
    maxInFlight: 256,
    yields: false,
  };
  return {
    hub: {
      ...shared,
      messagesPerSecond: config.hubMessagesPerSecond,
      bytesPerSecond: config.hubBytesPerSecond,
      maxInFlight: 32,
      yields: true,
    },
    cloud: { ...shared, ...ofCloud },
    // Few at once: one message of a media client may be as large as a hundred of a hub's.
    media: {
      ...shared,
      messagesPerSecond: config.mediaMessagesPerSecond,
      bytesPerSecond: config.mediaBytesPerSecond,
      maxInFlight: 4,
      yields: true,
    },
    cloudmedia: { ...shared, ...ofCloud },
  };
}

/**
 * Starts a broker. Resolves when it takes connections.
 * @param log  standard error, as `config.logLevel` says, when left out
 * @throws Fault BROKER_FILES_INVALID, BROKER_PORT_UNAVAILABLE
 */
export async function buildBroker(config: BrokerConfig, log: BrokerLog = makeLog(config.logLevel)): Promise<Broker> {
  const certificates = await loadCertificates(config, Date.now());
  const now = () => performance.now();
  const gate = new Gate(config);
  // Two lines to wait in: however much video is under way, no hub stands behind it.
  const [ofHubs, ofMedia] = [new Pressure(config), new Pressure(config)];
  const pressures = { hub: ofHubs, cloud: ofHubs, media: ofMedia, cloudmedia: ofMedia };
  const engine = await startEngine({ log, maxKeepaliveS: config.maxKeepaliveS });
  const guards = new Set<Guard>();
  const mayTellRefused = oncePer(refusedEveryMs);
  const mayTellSlowed = oncePer(slowedEveryMs);
  const limits = limitsFor(config);

  const serve = (socket: TLSSocket, identity: Identity, address: string): void => {
    const pressure = pressures[identity.role];
    const guard = new Guard(socket, {
      identity,
      address,
      limits: limits[identity.role],
      pressure,
      now,
      farewellFor,
      onRefused: (code, reason) => log('client.refused', { code, client: identity.id, reason }),
      onSlowed: (waitMs) => {
        if (mayTellSlowed(identity.id, now()))
          log('client.slowed', { code: 'BROKER_TOO_FAST', client: identity.id, waitMs });
      },
      onYielding: () => {
        const line = pressure === ofMedia ? 'media' : 'hubs';
        if (!mayTellSlowed(line, now())) return;
        log('broker.overloaded', { code: 'BROKER_OVERLOADED', line, ...pressure.facts() });
      },
    });
    guards.add(guard);
    guard.once('close', () => guards.delete(guard));
    engine.serve(guard);
  };

  const front = await openFront(certificates, {
    host: config.host,
    port: config.port,
    handshakeMs: config.handshakeMs,
    gate,
    now,
    onClient: serve,
    onRefused: (code, address, reason) => {
      if (mayTellRefused(`${code} ${address}`, now())) log('connection.refused', { code, address, reason });
    },
  }).catch(async (error) => {
    await engine.close();
    throw error;
  });

  // A certificate that expires ends its connection too.
  const expiry = setInterval(() => {
    for (const guard of guards)
      if (guard.identity.validUntilMs <= Date.now()) guard.refuse('BROKER_CERTIFICATE_REFUSED');
  }, expiryEveryMs).unref();

  log('broker.listening', { host: config.host, port: front.port });
  return {
    host: config.host,
    port: front.port,
    facts: () => ({
      connections: gate.connections,
      clients: engine.clients().length,
      ...ofHubs.facts(),
      media: { ...ofMedia.facts(), dropped: engine.dropped() },
    }),
    async reload() {
      try {
        front.use(await loadCertificates(config, Date.now()));
        log('broker.reloaded', {});
      } catch (error) {
        log('broker.reload.failed', { code: 'BROKER_FILES_INVALID' });
        throw error;
      }
    },
    async stop() {
      clearInterval(expiry);
      const connections = guards.size;
      await engine.close();
      await front.close();
      log('broker.stopped', { connections });
    },
  };
}
