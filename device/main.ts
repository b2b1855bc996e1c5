/** Builds a hub from its configuration: the only place that constructs hardware, network and storage. */
import { join } from 'node:path';
import type { AlarmCode } from '../wire/alarms.ts';
import { Fault, type FaultCode } from '../wire/faults.ts';
import { newId } from '../wire/jws.ts';
import { asker } from './bus/ask.ts';
import { mqttBus } from './bus/mqtt.ts';
import { dating, systemClock } from './clock/clock.ts';
import type { HubConfig } from './config/schema.ts';
import { connectHub } from './connect.ts';
import { documentDesk } from './desk/documents.ts';
import { buildEntrances, startEntrances, toFacts } from './desk/entrances.ts';
import { handingOver } from './desk/handing-over.ts';
import { installerDesk } from './desk/installer.ts';
import { lockOrderDesk } from './desk/lock-orders.ts';
import { endedBefore, receiptSigner } from './desk/receipts.ts';
import { recoveryDesk } from './desk/recovery.ts';
import { keepReport } from './desk/reports.ts';
import { stopListening } from './desk/stop-listening.ts';
import { stopSealDesk } from './desk/stop-seals.ts';
import { VisitDesk } from './desk/visits.ts';
import { installDoors } from './doors.ts';
import { journalFile } from './enrol/enrol.ts';
import { readEnrolment, readKeys } from './enrol/identity.ts';
import { openFilms } from './films.ts';
import { handlersOf } from './handlers.ts';
import { keepHouse } from './housekeeping.ts';
import type { Hub, HubParts } from './hub.ts';
import { openHubStore } from './journal/sqlite.ts';
import type { WitnessFinding } from './journal/witness.ts';
import { openLog } from './log.ts';
import { openMemory } from './memory.ts';
import type { InstalledPages } from './pages/install.ts';
import { openSecrets } from './secrets/open.ts';
import { settleSecrets } from './secrets/settle.ts';
import { type HubStatus, statusOf } from './status.ts';

export type { LockTest, LockTestView } from './desk/installer.ts';
export type { Hub, HubParts } from './hub.ts';
export type { HubStatus } from './status.ts';

/** First wait before a reconnect to the broker, ms. */
const firstBackoffMs = 500;

/** @throws Fault ENROLMENT_MISSING, SECRET_MISSING, SECRETS_KEY_MISSING, SECRETS_KEY_WRONG, SECRETS_DAMAGED, CONFIG_INVALID */
export async function buildHub(config: HubConfig, given: HubParts = {}): Promise<Hub> {
  const ownClock = given.clock ?? systemClock;
  const clock = dating(ownClock);
  const log = given.log ?? openLog(config.logLevel);
  const secrets = given.secrets ?? openSecrets(config.dataDir);
  const enrolment = readEnrolment(config.dataDir);
  if (enrolment === undefined) throw new Fault('ENROLMENT_MISSING');
  const { hub: hubId, home } = enrolment;
  const hasMedia = enrolment.mediaCertificate !== undefined;
  const keptBy = await settleSecrets(secrets, log);
  const keys = await readKeys(secrets);
  const boot = newId();

  /** Past the journal. */
  const tellAlarm = (code: AlarmCode, door?: string): void => {
    connection.tellAlarm(code, door).catch(() => log.unexpected({ where: 'alarm', code }));
  };
  const memory = await openMemory({
    ...{ hubId, hubKey: keys.sign, ownClock, clock, log, tellAlarm },
    store: (given.openStore ?? openHubStore)(join(config.dataDir, journalFile), hubId),
  });
  const { store, trust, recorder, notes, time, now, duress, isDisowned } = memory;

  const { broker, brokerCa, mediaCertificate } = enrolment;
  const way = { broker, hubId, key: keys.tlsKeyPem, brokerCa, backoffMs: firstBackoffMs };
  const bus = (given.openBus ?? mqttBus)(
    {
      ...way,
      certificate: enrolment.certificate,
      boot,
      keepaliveS: config.keepaliveS,
    },
    clock,
    log,
  );
  const messageRefused = (code: FaultCode): void => {
    log.messageRefused({ code });
    notes.refused('message.refused', code);
  };

  const media = await openFilms(
    { ...way, certificate: mediaCertificate },
    {
      config,
      hubId,
      signKey: keys.sign,
      trust,
      time,
      clock,
      now,
      ask: asker(bus, clock),
      write: notes.write,
      alarm: notes.alarm,
      tell: (door, event) => void entrances.get(door)?.runner.send(event),
      refused: messageRefused,
      log,
      knows: (stop) => listening.knows(stop),
      journal: store.journal,
      record: (draft) => recorder.record([draft]),
      ...(given.watch && { watch: given.watch }),
    },
  );

  const doors = await installDoors({
    duress: {
      duress,
      tellDuress: (door, notFor, jti) => {
        connection
          .tellAlarm('DURESS', door, { notFor: [...notFor], jti })
          .catch(() => log.unexpected({ where: 'alarm' }));
      },
    },
    ...{ hubId, config, secrets, clock, log, notes, record: recorder.record, store: store.trust },
    trustedNow: () => {
      const trusted = time.trustedNow();
      return trusted.ok ? trusted.value : undefined;
    },
    ...{ openLink: given.openLink, openRadio: given.openRadio },
  });
  const entrances = buildEntrances(config, doors.installed, {
    record: recorder.record,
    clock,
    guard: ownClock,
    log,
    cameras: media?.cameras ?? new Map(),
    alarm: ({ code, door, standing, private: isPrivate, seq }) => {
      // What stands in a journal that its witness disowns is never uploaded.
      const isRead = seq !== undefined && !isDisowned();
      if (standing && !isPrivate && !isRead) tellAlarm(code, door);
    },
    onEnd: (end) => {
      desk.ended(end.visit.id, end);
      installer.ended(end);
    },
    receipt: receiptSigner(hubId, keys.sign, store.journal),
  });
  const installer = installerDesk({
    ...{ hubId, entrances, hubKey: keys.sign, clock, note: notes.note },
    keepReport: (name, report) => keepReport(config.dataDir, name, report),
  });

  const desk = new VisitDesk({
    hubId,
    entrances,
    trust,
    time,
    clock,
    record: async (draft) => void (await recorder.record([draft])),
    refused: (kind, code, door) => {
      log.visit({ refused: kind, code, door });
      notes.refused(kind, code, door);
    },
    lockedOut: (door, forMs) => notes.alarm('KNOCKS_REFUSED', { door, forMs }),
    endedBefore: (visit) => endedBefore(store.journal, visit),
  });

  const documentRefused = (code: FaultCode): void => {
    log.documentRefused({ code });
    notes.refused('document.refused', code);
  };
  const takeDocument = documentDesk({
    trust,
    now,
    resetNonce: () => time.resetNonce(),
    record: async (draft) => void (await notes.write(draft)),
    refused: documentRefused,
    endVisit: (visit, by) => desk.stop(visit, by),
    review: () => desk.review(),
    keepRecordings: () => media?.wake(),
    lookAtRecovery: () => recovery.look(),
    clear: (door, alarm) => desk.clear(door, alarm),
    resetClock: (nonce, markS) => time.reset(nonce, markS),
  });

  const lockOrders = lockOrderDesk({
    ...{ hubId, keys, entrances, trust, clock, used: store.grants, duress, refused: documentRefused },
    trustedNow: () => time.trustedNow(),
    record: (draft) => recorder.record([draft]),
    note: notes.write,
  });

  const stopSeals = stopSealDesk({
    ...{ hubId, key: keys.sign, trust, journal: store.journal, now },
    hasDoor: (door) => entrances.has(door),
    record: async (draft) => (await recorder.record([draft]))[0]!,
  });

  const listening = stopListening({ doors: entrances, clock, note: notes.note, store: store.trust });

  const { claim, ...handover } = handingOver({
    ...{ hubId, hubKey: keys.sign.kid, config, cloud: enrolment.cloud, clock, now, trust, write: notes.write },
    review: async () => {
      recovery.look();
      await desk.review();
    },
    pairLock: installer.pairLock,
  });

  const recovery = recoveryDesk({
    ...{ trust, store: store.trust, clock, notes },
    trustedNow: () => time.trustedNow(),
    greet: () => connection.greet(),
  });

  let unwitnessed: WitnessFinding | undefined;
  const connection = connectHub({
    hubId,
    signKey: keys.sign,
    bus,
    clock,
    time,
    trust,
    store,
    log,
    doors: () => [...entrances.values()].map(toFacts),
    handlers: handlersOf({
      visits: desk,
      takeDocument,
      handover: { claim },
      cameras: media?.desk,
      doorstep: media?.doorstep,
      lockOrders,
      stopSeals,
      stopListening: listening,
      status: () => status(),
      trust,
      time,
      notes,
    }),
    takeDocument,
    greeted: (askedMs) => recovery.greeted(askedMs),
    witnessed: (finding) => {
      // Said once: a cloud that repeats itself fills no disk.
      if (finding === 'fine' || finding === unwitnessed) return;
      unwitnessed = finding;
      log.hubRefusing({ finding });
      notes.note('hub.refusing', { why: finding });
      notes.alarm('HUB_BEHIND', { finding });
      tellAlarm('HUB_BEHIND');
    },
    messageRefused,
  });

  const status = (): HubStatus =>
    statusOf({
      ...{ hubId, home, bus, hasMedia, keptBy, time, trust, store, clock, radio: doors.radio },
      entrances: [...entrances.values()],
      recovery: recovery.view(),
    });

  bus.onChange((online) => {
    if (online) media?.wake();
  });
  let leaveHouse: () => void = () => undefined;
  let pages: InstalledPages | undefined;
  const openPages = async (): Promise<void> => {
    if (config.pages === undefined) return;
    const { installPages } = await import('./pages/install.ts');
    const parts = { config: config.pages, dataDir: config.dataDir, cloud: enrolment.cloud, clock, notes, log };
    const installing = installPages({ ...parts, trustedNow: () => time.trustedNow() });
    // A hub guards its doors, whatever becomes of the pages.
    pages = await installing.catch((error: Fault) => {
      log.unexpected({ where: 'pages', code: error.code });
      return undefined;
    });
  };

  return {
    start: async () => {
      await notes.write({ at: clock.now(), kind: 'hub.started', body: { boot } });
      recovery.look();
      const looked = startEntrances(entrances.values(), store.journal);
      listening.start();
      // A slow line keeps nobody from asking how the hub is; at a door that was not looked at yet, no visit starts.
      connection.start();
      await looked;
      const { keepJournalDays } = config;
      leaveHouse = keepHouse({ clock, time, store, log, keepJournalDays, askForTime: () => connection.greet() });
      await openPages();
      log.hubStarted({ hub: hubId, doors: entrances.size });
      if (!hasMedia) log.mediaMissing({ why: 'enrolled before there was a media link' });
    },
    close: async () => {
      leaveHouse();
      await pages?.close();
      recovery.stop();
      await listening.close();
      notes.close();
      await notes.write({ at: clock.now(), kind: 'hub.stopped', body: { boot } });
      for (const { runner } of entrances.values()) runner.close();
      await media?.close();
      await connection.close();
      await Promise.all([...entrances.values()].map(({ mover }) => mover.close()));
      await doors.close();
      store.close();
      log.hubStopped({ hub: hubId });
    },
    status,
    pages: () => pages && { ...pages.view(), ...(pages.page && { page: pages.page }) },
    ...handover,
    hearNukis: async (forMs) => {
      if (doors.radio === undefined) return undefined;
      const { hearNukis } = await import('./lock/nuki/scan.ts');
      return hearNukis(doors.radio, clock, forMs);
    },
    ...installer,
  };
}
