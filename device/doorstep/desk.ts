/**
 * Photos of what couriers put down, taken by the hub. It decides itself: only at a stop that it was told of, at a door of its own whose
 * camera is set up for that, and only while the owner's signed word says that photos may be taken. The cloud cannot switch that on.
 */
import { type HubPhoto, maxHubPhotosAnHour, maxPhotosOfAttempt, packPhoto } from '../../wire/delivery-photo.ts';
import { accept, type Refusal, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, newId } from '../../wire/jws.ts';
import { writeDocumentMessage } from '../../wire/media.ts';
import { sealFor } from '../../wire/seal.ts';
import type { Clock } from '../clock/clock.ts';
import type { DoorstepConfig } from '../config/doorstep.ts';
import type { Trust } from '../grant/trust.ts';
import type { Draft, Journal } from '../journal/journal.ts';
import { photograph, type StillCamera } from './photograph.ts';

export interface DoorstepCamera extends StillCamera {
  readonly frame: DoorstepConfig['frame'];
}

export interface StopAtDoor {
  readonly delivery: string;
  readonly attempt: number;
  readonly door: string;
}

export interface DoorstepParts {
  /** Door -> its camera for this. */
  readonly cameras: ReadonlyMap<string, DoorstepCamera>;
  /** Was the hub told that a courier is there, and is that not over? */
  readonly knows: (stop: StopAtDoor) => boolean;
  readonly trust: Pick<Trust, 'inForce'>;
  readonly journal: Pick<Journal, 'recent'>;
  /** @throws Fault JOURNAL_UNAVAILABLE */
  readonly record: (draft: Draft) => Promise<unknown>;
  /** Hands one message to the relay. @returns whether it is on the relay's disk */
  readonly deliver: (stream: string, message: Uint8Array) => Promise<boolean>;
  readonly clock: Clock;
  /** The hub's time, ms. */
  readonly now: () => number;
}

export interface DoorstepDesk {
  /**
   * @returns the photo's hash, once the cloud has it; PHOTO_NOT_WANTED, STOP_NOT_HERE, CAMERA_NOT_CONFIGURED, OWNER_MISSING, RATE_LIMITED,
   *   PHOTO_POOR, CLOUD_SILENT. @throws Fault what keeps the camera from giving a picture; JOURNAL_UNAVAILABLE
   */
  photograph(stop: StopAtDoor): Promise<Verdict<{ photo: string }>>;
}

const hourMs = 3_600_000;

/** So many of this stop, and so many at this door in the last hour: tries count, too. */
function isTooOften({ journal, clock }: DoorstepParts, { delivery, attempt, door }: StopAtDoor): boolean {
  const tries = journal.recent({ door, kinds: ['stop.photo'] }, maxHubPhotosAnHour);
  const ofStop = tries.filter(({ body }) => body.delivery === delivery && body.attempt === attempt);
  const lately = tries.filter(({ at }) => clock.now() - at < hourMs);
  return ofStop.length >= maxPhotosOfAttempt || lately.length >= maxHubPhotosAnHour;
}

export function doorstepDesk(parts: DoorstepParts): DoorstepDesk {
  const { cameras, trust, record, deliver, clock, now } = parts;
  /** Doors at which one is being taken. */
  const busy = new Set<string>();

  const whyNot = (stop: StopAtDoor): Refusal | undefined => {
    const { retention, owners } = trust.inForce();
    if (retention?.doorPhotos !== true) return refuse('PHOTO_NOT_WANTED');
    if (!parts.knows(stop)) return refuse('STOP_NOT_HERE');
    if (owners === undefined || owners.devices.length === 0) return refuse('OWNER_MISSING');
    return busy.has(stop.door) || isTooOften(parts, stop) ? refuse('RATE_LIMITED') : undefined;
  };

  const take = async (camera: DoorstepCamera, stop: StopAtDoor): Promise<Verdict<{ photo: string }>> => {
    const { delivery, attempt, door } = stop;
    const note = (body: Draft['body']) =>
      record({ at: clock.now(), door, kind: 'stop.photo', body: { delivery, attempt, ...body } });
    const picture = await photograph(camera, camera.frame, clock);
    if (!picture.ok) {
      await note({ why: String(picture.detail?.flaw ?? picture.code) });
      return picture;
    }
    // The owner may have said otherwise while the camera looked.
    const { retention, owners } = trust.inForce();
    if (retention?.doorPhotos !== true || owners === undefined) return refuse('PHOTO_NOT_WANTED');
    const at = Math.trunc(now());
    const packed = packPhoto({ delivery, attempt, at, door, flaws: [], blurred: 'frame' }, picture.value);
    const sealed = await sealFor(
      owners.devices.map(({ seal }) => seal),
      packed,
    );
    const photo = hashOf(sealed);
    await note({ photo });
    const stream = newId();
    const body: HubPhoto = { delivery, attempt, ownerList: owners.version, sealed };
    const head = { type: 'photo', stream, seq: 1, capturedMs: at, codec: 'jpeg' } as const;
    const isThere = await deliver(stream, writeDocumentMessage(head, JSON.stringify(body)));
    return isThere ? accept({ photo }) : refuse('CLOUD_SILENT');
  };

  return {
    photograph: async (stop) => {
      const camera = cameras.get(stop.door);
      if (camera === undefined) return refuse('CAMERA_NOT_CONFIGURED');
      const refused = whyNot(stop);
      if (refused !== undefined) return refused;
      busy.add(stop.door);
      try {
        return await take(camera, stop);
      } finally {
        busy.delete(stop.door);
      }
    },
  };
}
