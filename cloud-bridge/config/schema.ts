/** Everything that can be set about the cloud service: one schema, from which flags, help and defaults come. */
import * as v from 'valibot';
import { MailAddress, TimeZone } from '../../wire/notifications.ts';
import { reaches } from '../outward/address.ts';

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

const BrokerUrl = v.pipe(v.string(), v.maxLength(256), v.regex(/^mqtts:\/\/[^\s/]+$/));

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export const CloudConfig = v.strictObject({
  dataDir: v.pipe(
    v.string(),
    v.minLength(1),
    v.title('Data'),
    v.description('Folder that `doorward-cloud init` has filled.'),
  ),
  host: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.title('Host'),
      v.description('Address to listen at. Plain HTTP: keep it on loopback, behind a reverse proxy that ends TLS.'),
    ),
    '127.0.0.1',
  ),
  port: whole('Port', 'TCP port to listen at; 0 takes any free one.', 0, 65_535, 8080),
  publicUrl: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^https?:\/\/[^\s/?#]+$/),
      v.title('Public URL'),
      v.description(
        'Where callers reach this service, without a path: what their proofs name. Left out: where it listens.',
      ),
    ),
  ),
  broker: v.optional(
    v.pipe(BrokerUrl, v.title('Broker'), v.description('Where this instance reaches the broker.')),
    'mqtts://127.0.0.1:8883',
  ),
  advertisedBroker: v.optional(
    v.pipe(BrokerUrl, v.title('Advertised broker'), v.description('Where hubs reach it. Left out: the same.')),
  ),
  shards: v.optional(
    v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15))),
      v.minLength(1),
      v.maxLength(16),
      v.title('Shards'),
      v.description('Which shards of the hubs this instance takes in, 0 to 15. Left out: all.'),
    ),
  ),
  answerMs: whole('Answer time', 'ms that a hub has to answer.', 500, 30_000, 8_000),
  codeDigits: whole(
    'Digits of a code',
    'Digits of a hand-over code. Codes that are out die when it is changed.',
    6,
    9,
    6,
  ),
  requestsPerSecond: whole(
    'Requests',
    'Requests per second of one caller; four seconds of it may come at once.',
    1,
    100_000,
    50,
  ),
  refusalsPerSecond: whole(
    'Refusals',
    'Requests per second from one address that prove nobody; twenty seconds of it may come at once.',
    1,
    100_000,
    5,
  ),
  maxStreams: whole('Streams', 'Event streams at once.', 1, 100_000, 2_000),
  maxStreamsPerCaller: whole('Streams of one caller', 'Event streams of one caller at once.', 1, 1_000, 8),
  pagesOrigins: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.maxLength(256), v.regex(/^https?:\/\/[^\s/?#]+$/))),
      v.maxLength(8),
      v.title('Pages'),
      v.description('Origins of the pages that may use this API from a browser. Left out: none.'),
    ),
    [],
  ),
  maxViewers: whole('Viewers', 'Live views at once.', 1, 100_000, 2_000),
  maxViewersPerHome: whole('Viewers of one home', 'Live views of one home at once.', 1, 1_000, 16),
  maxViewersPerDevice: whole('Viewers of one device', 'Live views of one owner device at once.', 1, 100, 4),
  mediaBytesPerSecond: whole(
    'Pictures',
    'Bytes of pictures per second that one hub may send; four seconds of it may come at once.',
    100_000,
    100_000_000,
    4_000_000,
  ),
  recordingsMbPerHome: whole(
    'Recordings of one home',
    'MB that the recordings of one home may take.',
    1,
    10_000_000,
    10_240,
  ),
  recordingsReserveMb: whole(
    'Reserve',
    'MB of the disk that recordings leave free: below it nothing is stored, live pictures go on.',
    0,
    10_000_000,
    512,
  ),
  waitSeconds: whole(
    'Wait at the door',
    'Seconds that a courier waits after the ring before anything but a hand-over, where the owner has set none.',
    0,
    600,
    60,
  ),
  actDays: whole(
    'Acts at stops',
    'Days for which what a courier signed at a stop is kept, with where the phone said it was. Receipts stay.',
    1,
    3_650,
    90,
  ),
  photosOffIn: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))),
      v.maxLength(250),
      v.title('No photos'),
      v.description(
        'Countries (ISO 3166) where no delivery is photographed, told by the zone of the home; a zone that is no place counts as each.',
      ),
    ),
    [],
  ),
  homeZone: v.optional(
    v.pipe(
      TimeZone,
      v.title('Zone of homes'),
      v.description('Time zone of homes whose owner has set none: with the end of the day there its codes are dead.'),
    ),
    'Europe/Berlin',
  ),
  smtp: v.optional(
    v.pipe(
      v.strictObject({
        host: v.pipe(v.string(), v.minLength(1), v.maxLength(253)),
        port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
        /** `none` sends passwords and mail in clear: for a server on this machine. */
        tls: v.optional(v.picklist(['implicit', 'starttls', 'none']), 'starttls'),
        user: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
        /** A file of its own: the password stands in no configuration. */
        passwordFile: v.optional(v.pipe(v.string(), v.minLength(1))),
        from: MailAddress,
      }),
      v.title('Mail'),
      v.description('The SMTP server that e-mail goes out by. Left out: no e-mail.'),
    ),
  ),
  contact: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(256),
      v.regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/[^\s]+)$/),
      v.title('Contact'),
      v.description('Whom push services may write to about what this service sends: mailto: or https:.'),
    ),
    'mailto:operator@localhost',
  ),
  pushLoopback: v.optional(
    v.pipe(
      v.boolean(),
      v.title('Push to loopback'),
      v.description(
        'Take push subscriptions at 127.0.0.1, without TLS. For the simulator; never where others may call.',
      ),
    ),
    false,
  ),
  webhookReach: v.optional(
    v.pipe(
      v.picklist(reaches),
      v.title('Reach of webhooks'),
      v.description(
        'Where carriers may have events posted: public (https, port 443 or 8443, addresses that are reachable from everywhere), loopback (127.0.0.1 too, without TLS: for the simulator) or private (this network too).',
      ),
    ),
    'public',
  ),
  webhookTimeoutMs: whole('Webhook time', 'ms that a receiver of webhooks has to answer.', 200, 30_000, 15_000),
  trustProxy: v.optional(
    v.pipe(
      v.boolean(),
      v.title('Trust proxy'),
      v.description('Take the address of a caller from X-Forwarded-For. Only behind a proxy that sets it.'),
    ),
    false,
  ),
  logLevel: v.optional(
    v.pipe(v.picklist(logLevels), v.title('Log'), v.description('Least level that is logged.')),
    'info',
  ),
});

/** What may be left out has its default here already. */
export type CloudConfig = Readonly<v.InferOutput<typeof CloudConfig>>;
export type CloudConfigInput = v.InferInput<typeof CloudConfig>;
