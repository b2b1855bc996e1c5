/** Everything that can be set about a broker: one schema, from which flags, help and defaults come. */
import * as v from 'valibot';
import { logLevels } from '../log.ts';

const whole = (title: string, description: string, min: number, max: number, byDefault: number) =>
  v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(min),
      v.maxValue(max),
      v.title(title),
      v.description(`${description} ${min} to ${max}.`),
    ),
    byDefault,
  );

const file = (title: string, description: string) =>
  v.pipe(v.string(), v.minLength(1), v.title(title), v.description(description));

export const BrokerConfig = v.strictObject({
  host: v.optional(
    v.pipe(v.string(), v.minLength(1), v.title('Host'), v.description('Address to listen at.')),
    '0.0.0.0',
  ),
  port: whole('Port', 'TCP port to listen at; 0 takes any free one.', 0, 65_535, 8883),
  caFile: file('CA', 'PEM file with the device CA that issues the certificates of hubs and cloud instances.'),
  certFile: file('Certificate', "PEM file with the broker's own certificate and its chain."),
  keyFile: file('Key', "PEM file with the private key of the broker's certificate."),
  maxConnections: whole('Connections', 'Connections at once, over all.', 1, 200_000, 12_000),
  maxPendingConnections: whole('Pending', 'Connections at once whose handshake is not done.', 1, 20_000, 1_000),
  connectionsPerSecondPerAddress: whole(
    'Connections per second',
    'New connections per second from one address; five seconds of it may come at once.',
    1,
    100_000,
    50,
  ),
  handshakeMs: whole('Handshake time', 'ms for the TLS handshake.', 100, 60_000, 5_000),
  connectMs: whole('CONNECT time', 'ms from the end of the handshake to the whole CONNECT.', 100, 60_000, 5_000),
  maxKeepaliveS: whole('Keep-alive', 'Longest keep-alive that a client may ask for, in seconds.', 5, 3_600, 300),
  maxConnectBytes: whole('CONNECT size', 'Bytes of a CONNECT packet.', 64, 65_536, 2_048),
  maxPacketBytes: whole('Packet size', 'Bytes of any other packet, header included.', 1_024, 1_048_576, 132_096),
  hubMessagesPerSecond: whole(
    'Hub messages',
    'Packets per second from one hub; above it the hub is read more slowly.',
    1,
    1_000_000,
    1_000,
  ),
  hubBytesPerSecond: whole(
    'Hub bytes',
    'Bytes per second from one hub; above it the hub is read more slowly.',
    1_024,
    1_000_000_000,
    1_048_576,
  ),
  cloudMessagesPerSecond: whole('Cloud messages', 'Packets per second from one cloud instance.', 1, 1_000_000, 50_000),
  cloudBytesPerSecond: whole(
    'Cloud bytes',
    'Bytes per second from one cloud instance.',
    1_024,
    1_000_000_000,
    104_857_600,
  ),
  mediaMessagesPerSecond: whole(
    'Media messages',
    'Packets per second from one media client of a hub; above it that client is read more slowly.',
    1,
    1_000_000,
    200,
  ),
  mediaBytesPerSecond: whole(
    'Media bytes',
    'Bytes per second from one media client of a hub; above it that client is read more slowly.',
    1_024,
    1_000_000_000,
    2_097_152,
  ),
  subscriberBufferBytes: whole(
    'Subscriber buffer',
    'Bytes that may wait for one client. Past it a hub is disconnected, the senders to a cloud instance wait, and pictures for a media client are dropped.',
    16_384,
    67_108_864,
    1_048_576,
  ),
  subscriberDrainMs: whole(
    'Subscriber time',
    'ms in which a client has to take 64 kB of what waits for it, or it is disconnected.',
    100,
    60_000,
    5_000,
  ),
  maxInFlightMessages: whole(
    'In flight',
    'Messages that are under way at once, over all hubs; above it hubs wait. As many again for media clients, who wait for each other only.',
    100,
    1_000_000,
    2_000,
  ),
  maxInFlightBytes: whole(
    'Bytes in flight',
    'Their bytes; above it hubs wait. As many again for media clients.',
    1_048_576,
    1_073_741_824,
    33_554_432,
  ),
  logLevel: v.optional(
    v.pipe(
      v.picklist(logLevels),
      v.title('Log'),
      v.description('info: everything; warn: only what was refused or went wrong; silent.'),
    ),
    'info',
  ),
});

/** What may be left out has its default here already. */
export type BrokerConfig = Readonly<v.InferOutput<typeof BrokerConfig>>;
export type BrokerConfigInput = v.InferInput<typeof BrokerConfig>;
