/** Puts the media part of a hub together: cameras at their doors, recordings on the disk, the way to the relay. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AlarmCode } from '../../wire/alarms.ts';
import { Fault, type FaultCode, type Verdict } from '../../wire/faults.ts';
import type { SignKey } from '../../wire/jws.ts';
import type { AskBody } from '../../wire/messages.ts';
import type { MediaLink } from '../bus/media.ts';
import type { Camera } from '../camera/camera.ts';
import type { Clock } from '../clock/clock.ts';
import type { TrustedClock } from '../clock/trust.ts';
import type { DoorConfig, HubConfig } from '../config/schema.ts';
import type { Trust } from '../grant/trust.ts';
import type { Draft } from '../journal/journal.ts';
import type { Log } from '../log.ts';
import type { Event } from '../visit/step.ts';
import { type CameraDesk, cameraDesk } from './camera-desk.ts';
import { deliverer } from './deliver.ts';
import { folderDisk } from './disk.ts';
import { DoorCamera } from './door-camera.ts';
import { lateNotes } from './late-notes.ts';
import { openRecordings, type Recordings } from './recordings.ts';
import { keepRecordings, type RecordingKeeper } from './retention.ts';
import { openStream, type StreamParts } from './stream.ts';
import { makeUploader } from './upload.ts';
import type { WatchPolicy } from './watch.ts';

export interface MediaParts {
  readonly config: HubConfig;
  /** Door -> its live camera. */
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly hubId: string;
  readonly signKey: SignKey;
  readonly trust: Pick<Trust, 'inForce'>;
  readonly time: Pick<TrustedClock, 'trustedNow'>;
  readonly clock: Clock;
  /** The hub's time, ms: trusted when there is trusted time, else the system's. */
  readonly now: () => number;
  readonly link: MediaLink;
  readonly ask: (body: AskBody) => Promise<Verdict<Record<string, unknown>>>;
  /** Best effort: nothing waits for it. @returns whether it is on disk */
  readonly write: (draft: Draft) => Promise<boolean>;
  readonly alarm: (code: AlarmCode, body: Draft['body']) => void;
  /** To the visit machine of a door. */
  readonly tell: (door: string, event: Event) => void;
  readonly refused: (code: FaultCode) => void;
  readonly log: Log;
  readonly watch?: WatchPolicy;
}

export interface Media {
  /** Door -> what films it. */
  readonly cameras: ReadonlyMap<string, DoorCamera>;
  readonly desk: CameraDesk;
  /** Hands the relay the only message of a stream. @returns whether it has it */
  readonly deliver: (stream: string, message: Uint8Array) => Promise<boolean>;
  /** The cloud can be asked again, or the owner's setting changed: what is due is done. */
  wake(): void;
  close(): Promise<void>;
}

/** The connection to the relay is given up when nothing was sent for so long, ms. */
const restAfterMs = 30_000;

/** @throws what the disk says when the folder of the recordings cannot be made or read */
export async function installMedia(parts: MediaParts): Promise<Media> {
  const { config, clock, link, log, ask, write, time, trust } = parts;
  const trouble = (what: string) => (): void => log.unexpected({ where: 'media', what });
  let busy = 0;
  let sentMs = Number.NEGATIVE_INFINITY;

  const disk = await folderDisk(join(config.dataDir, 'recordings'));
  let keeper: RecordingKeeper | undefined;
  const recordings = await openRecordings({
    disk,
    hubId: parts.hubId,
    signKey: parts.signKey,
    now: parts.now,
    makeRoom: async () => (await keeper?.makeRoom()) ?? false,
    onDeleted: async ({ stream, visit, why }) => {
      const about = visit === undefined ? {} : { visit };
      const isWritten = await write({
        at: clock.now(),
        kind: 'recording.deleted',
        ...about,
        body: { stream, why },
      });
      if (!isWritten) throw new Fault('JOURNAL_UNAVAILABLE');
    },
    onTrouble: trouble('recordings'),
  });
  keeper = keepRecordings({
    recordings,
    disk,
    clock,
    trustedNow: () => {
      const now = time.trustedNow();
      return now.ok ? now.value : undefined;
    },
    setting: () => trust.inForce().retention,
    reserveBytes: config.recordings.reserveBytes,
    forget: (streams) => ask({ op: 'media.forget', streams: [...streams] }),
    onDropped: (count) => parts.alarm('RECORDINGS_DROPPED', { count }),
    onTrouble: trouble('retention'),
  });
  const uploader = makeUploader({
    recordings,
    notes: lateNotes(disk),
    clock,
    ask,
    send: (message) => {
      sentMs = clock.monotonic();
      if (!link.online) link.start();
      return link.send(message);
    },
    isLive: () => busy > 0,
    onLate: async ({ stream, visit, frames }) => {
      const about = visit === undefined ? {} : { visit };
      const isWritten = await write({
        at: clock.now(),
        kind: 'recording.late',
        ...about,
        body: { stream, frames },
      });
      if (!isWritten) throw new Fault('JOURNAL_UNAVAILABLE');
    },
    onTrouble: trouble('upload'),
  });

  let cancelRest: (() => void) | undefined;
  const restLater = (): void => {
    cancelRest?.();
    cancelRest = clock.after(restAfterMs, () => {
      if (busy === 0 && clock.monotonic() - sentMs >= restAfterMs) link.rest();
      else restLater();
    });
  };

  const streamParts: StreamParts = {
    hubId: parts.hubId,
    signKey: parts.signKey,
    owners: () => trust.inForce().owners,
    now: () => clock.now(),
    randomBytes: (count) => randomBytes(count),
    onDiskFailed: trouble('disk'),
  };
  const onBusy = (isBusy: boolean): void => {
    busy += isBusy ? 1 : -1;
    if (isBusy) link.start();
    else {
      sentMs = clock.monotonic();
      restLater();
    }
  };
  const cameraOf = (door: DoorConfig, camera: Camera): DoorCamera =>
    new DoorCamera({
      door: door.id,
      camera,
      clock,
      link,
      log,
      ...(parts.watch && { policy: parts.watch }),
      openStream: (visit) => openStream(wishFor(door, camera, visit), recorded(streamParts, recordings, visit)),
      onLive: (visit, watched) => parts.tell(door.id, { on: 'camera.live', visit, watched }),
      onLost: (visit) => parts.tell(door.id, { on: 'camera.lost', visit }),
      onStarted: (visit, { id }) =>
        void write({ at: clock.now(), door: door.id, visit, kind: 'camera.started', body: { stream: id } }),
      onEnded: (visit, { id }, { frames, hash }) => {
        // Where the owner looked at their own door is nobody's business.
        if (visit === undefined) return;
        const body = { stream: id, frames, hash };
        void write({ at: clock.now(), door: door.id, visit, kind: 'camera.recorded', body });
        uploader.wake();
      },
      onBusy,
    });
  const cameras = new Map(
    config.doors.flatMap((door) => {
      const camera = parts.cameras.get(door.id);
      return camera === undefined ? [] : [[door.id, cameraOf(door, camera)] as const];
    }),
  );
  link.onAck((payload) => uploader.onAck(payload));
  const desk = cameraDesk({ ...parts, cameras });

  return {
    cameras,
    desk,
    deliver: deliverer({ link, clock, onBusy }),
    wake: () => {
      void keeper.look();
      uploader.wake();
    },
    close: async () => {
      cancelRest?.();
      await desk.close();
      uploader.close();
      keeper.close();
      await link.close();
    },
  };
}

function wishFor({ id, camera: settings }: DoorConfig, { capabilities }: Camera, visit: string | undefined) {
  return {
    door: id,
    codec: capabilities.codec,
    ...(visit === undefined ? {} : { visit }),
    ...(settings === undefined ? {} : { width: settings.width, height: settings.height }),
  };
}

/** A visit is recorded; a look of the owner is not. */
const recorded = (parts: StreamParts, recordings: Recordings, visit: string | undefined): StreamParts =>
  visit === undefined ? parts : { ...parts, recordings };
