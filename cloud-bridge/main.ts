/** Puts the cloud service together: the only place that constructs storage, HTTP and MQTT. Command line and tests call it. */
import { readFile } from 'node:fs/promises';
import { Fault } from '../wire/faults.ts';
import type { Bus } from './bus/bus.ts';
import { startIntake } from './bus/intake.ts';
import { lineOver } from './bus/line.ts';
import { type MediaBus, mqttMediaBus } from './bus/media.ts';
import { mqttBus } from './bus/mqtt.ts';
import { openDeviceAuthority } from './ca/authority.ts';
import { readCodeKey } from './code/key.ts';
import { layoutOf } from './config/layout.ts';
import type { CloudConfig } from './config/schema.ts';
import { streamsOn } from './events/streams.ts';
import { evidenceKeeperOn } from './evidence/keeper.ts';
import { hubKeys } from './home/keys.ts';
import { mailboxOn } from './home/mailbox.ts';
import { type Presence, presenceOn } from './home/presence.ts';
import { buildApp } from './http/app.ts';
import type { App } from './http/parts.ts';
import { type Log, openLog } from './log.ts';
import { fileRecordings } from './media/file-recordings.ts';
import { relayOn } from './media/relay.ts';
import { ticketsOf } from './media/tickets.ts';
import { mailSender } from './notify/mail.ts';
import { notifierOn } from './notify/notifier.ts';
import { pushSender } from './notify/push.ts';
import { readPushKeys } from './notify/push-keys.ts';
import type { Parts } from './parts.ts';
import { dropStrayPhotos } from './photo/delete.ts';
import { photoFiles } from './photo/files.ts';
import { loadSets } from './roots/sets.ts';
import { withSandboxHub } from './sandbox/hub.ts';
import { sandboxKeyOf } from './sandbox/hub-key.ts';
import { sandboxPlayerOn } from './sandbox/player.ts';
import { openFileSigner } from './signer/file.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { tidy, tidyByTheClock } from './tidy.ts';
import { openVault } from './vault/vault.ts';
import { visitIndexOn } from './visit/index.ts';
import { httpPoster } from './webhook/post.ts';
import { webhookSenderOn } from './webhook/sender.ts';

export interface Cloud {
  /** The HTTP app; `app.inject` works before `start` too. */
  readonly app: App;
  /** Where callers reach it: the configured public URL, else where it listens. No path. */
  readonly url: string;
  /** Is there a connection to the broker with all its subscriptions? */
  readonly online: boolean;
  /**
   * Listens, and begins to connect to the broker. Resolves when HTTP answers; the broker may come later.
   * @throws Fault CLOUD_PORT_UNAVAILABLE
   */
  start(): Promise<void>;
  /** Deletes the recordings, photos and acts that are due and closes the stops whose day is over, as it does once a minute. */
  sweep(): Promise<void>;
  /** Ends streams, HTTP, the broker's connections and the store, in this order. Safe to call twice. */
  stop(): Promise<void>;
}

/** What tests put in place of the world. */
export interface CloudWorld {
  /** ms since 1970. */
  readonly now?: () => number;
  readonly log?: Log;
  readonly bus?: Bus;
  readonly media?: MediaBus;
}

const mb = 1_000_000;
/** A push service that takes longer is asked again later, ms. */
const pushTimeoutMs = 10_000;

const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { file: path, why: 'missing; run `doorward-cloud init`' }, { cause });
  }
};

/** The app is served by the first of the pages' origins. */
const appAt = ([pages]: readonly string[]): string | undefined => (pages === undefined ? undefined : `${pages}/app/`);

async function buildParts(
  config: CloudConfig,
  { log, now, bus: ownBus, media: ownMedia }: CloudWorld & { readonly log: Log; readonly now: () => number },
  publicUrl: () => string,
): Promise<Parts> {
  const at = layoutOf(config.dataDir);
  const sets = await loadSets(at.roots, Math.floor(now() / 1000));
  const signer = await openFileSigner(at.issuerKey, sets.issuers.issuer);
  if (!sets.issuers.keys.some((one) => one.key.kid === signer.kid)) {
    throw new Fault('CONFIG_INVALID', { file: at.issuerKey, why: 'the issuer set does not name this key' });
  }
  const [certificate, key, mediaCertificate, mediaKey, brokerCa, operatorHash] = (await Promise.all(
    [at.clientCertificate, at.clientKey, at.mediaCertificate, at.mediaKey, at.caCertificate, at.operatorHash].map(
      readText,
    ),
  )) as [string, string, string, string, string, string];
  const authority = await openDeviceAuthority({ certificate: at.caCertificate, key: at.caKey });
  const shards = config.shards ?? Array.from({ length: 16 }, (_, shard) => shard);
  const link = { broker: config.broker, brokerCa, shards };
  const bus = ownBus ?? mqttBus({ ...link, certificate, key }, log);
  const media = ownMedia ?? mqttMediaBus({ ...link, certificate: mediaCertificate, key: mediaKey }, log);
  const { smtp, contact, pushLoopback } = config;
  const vault = openVault(await readText(at.vaultKey), at.vaultKey);
  const pushKeys = readPushKeys(await readText(at.pushKeys), at.pushKeys);
  const codeKey = readCodeKey(await readText(at.codeKey), at.codeKey);
  const password = smtp?.passwordFile === undefined ? undefined : (await readText(smtp.passwordFile)).trim();
  const push = pushSender({ keys: pushKeys, contact, allowLoopback: pushLoopback, timeoutMs: pushTimeoutMs });
  const mail = smtp === undefined ? undefined : mailSender(smtp, password);
  const sandboxKey = await sandboxKeyOf(vault);
  const store = await openSqliteStore(at.database);
  // Presence asks hubs back over the line, and the line asks presence who is away.
  let presence: Presence | undefined;
  const line = lineOver(
    bus,
    { answerMs: config.answerMs, now, isOffline: (hubId) => presence?.isOffline(hubId) ?? false },
    log,
  );
  presence = presenceOn({ store, line, now, log });
  const keys = hubKeys();
  const limits = { homeBytes: config.recordingsMbPerHome * mb, reserveBytes: config.recordingsReserveMb * mb };
  const recordings = fileRecordings(at.recordings, limits, { store, now, log });
  await recordings.start();
  const photos = photoFiles(at.photos);
  await dropStrayPhotos({ store, photos });
  return {
    config,
    operatorHash: operatorHash.trim(),
    store,
    vault,
    bus,
    line,
    media,
    recordings,
    photos,
    relay: relayOn({ config, store, keys, media, recordings, photos, now, log }),
    tickets: ticketsOf(now),
    signer,
    authority,
    sets,
    keys,
    codeKey,
    presence,
    evidence: evidenceKeeperOn({
      ...{ store, now, signer, sets, presence, sandboxKey },
      line: withSandboxHub(line, sandboxKey, now),
    }),
    mailbox: mailboxOn({ store, line, keys, now, log }),
    visits: visitIndexOn(store),
    streams: streamsOn(store, config, () => log.unexpected({ what: 'stream' })),
    push,
    mail,
    sandboxKey,
    sandbox: sandboxPlayerOn({ config, store, now, log, vault, signer, keys, codeKey, sandboxKey }),
    webhooks: webhookSenderOn({
      ...{ store, vault, log, now, timeoutMs: config.webhookTimeoutMs, random: Math.random },
      poster: httpPoster(config.webhookReach, config.webhookTimeoutMs),
    }),
    notifier: notifierOn({
      ...{ config, codeKey, store, keys, log, now, push, mail, publicUrl },
      app: appAt(config.pagesOrigins),
    }),
    log,
    now,
    publicUrl,
  };
}

/**
 * Builds a cloud service from a data folder that `doorward-cloud init` has filled.
 * @throws Fault CONFIG_INVALID, STORE_UNAVAILABLE, ROOT_SET_…, ISSUER_SET_…
 */
export async function buildCloud(config: CloudConfig, world: CloudWorld = {}): Promise<Cloud> {
  const log = world.log ?? openLog(config.logLevel);
  const now = world.now ?? Date.now;
  let url = config.publicUrl ?? `http://${config.host}:${config.port}`;
  const parts = await buildParts(config, { ...world, log, now }, () => url);
  const app = await buildApp(parts);
  const intake = startIntake(parts);
  const stopTidying = tidyByTheClock(parts);
  let stopped: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    stopTidying();
    parts.streams.close();
    await Promise.all([parts.notifier.close(), parts.webhooks.close(), parts.sandbox.close()]);
    await app.close();
    await Promise.all([parts.bus.close(), parts.media.close()]);
    await parts.relay.close();
    await parts.recordings.close();
    await intake.idle();
    await parts.store.close();
    log.cloudStopped({});
  };

  return {
    app,
    get url() {
      return url;
    },
    get online() {
      return parts.bus.online;
    },
    start: async () => {
      try {
        const listening = await app.listen({ host: config.host, port: config.port });
        url = config.publicUrl ?? listening;
      } catch (cause) {
        throw new Fault('CLOUD_PORT_UNAVAILABLE', { host: config.host, port: config.port }, { cause });
      }
      parts.bus.start();
      parts.media.start();
      parts.notifier.start();
      void parts.evidence.look();
      parts.webhooks.start();
      parts.sandbox.start();
      log.cloudStarted({ address: url, instance: parts.bus.instanceId });
    },
    sweep: async () => {
      await parts.recordings.sweep();
      await tidy(parts);
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
