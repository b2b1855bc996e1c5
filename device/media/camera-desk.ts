/** The cameras of all doors as the rest of the hub sees them: looks and sights of owner devices come in, acknowledgements are handed out. */
import { accept, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import { readAck } from '../../wire/media.ts';
import { verifyLook, verifySight } from '../../wire/verify-video.ts';
import type { MediaLink } from '../bus/media.ts';
import type { Clock } from '../clock/clock.ts';
import type { Trust } from '../grant/trust.ts';
import type { DoorCamera } from './door-camera.ts';

export interface CameraDeskParts {
  readonly hubId: string;
  /** Door -> its camera. */
  readonly cameras: ReadonlyMap<string, DoorCamera>;
  readonly trust: Pick<Trust, 'inForce'>;
  readonly clock: Clock;
  /** The hub's time, ms: trusted when there is trusted time, else the system's. */
  readonly now: () => number;
  readonly link: Pick<MediaLink, 'onAck' | 'onChange'>;
  readonly refused: (code: FaultCode) => void;
}

export interface CameraDesk {
  /** An owner's device wants to see a door. @returns LOOK_…, CAMERA_MISSING */
  look(jws: string): Promise<Verdict<Record<string, never>>>;
  /** An owner's device sees a picture (R5, `watched`). @returns SIGHT_… */
  sight(jws: string): Promise<Verdict<Record<string, never>>>;
  close(): Promise<void>;
}

export function cameraDesk(parts: CameraDeskParts): CameraDesk {
  const { hubId, cameras, trust, clock, now, link, refused } = parts;
  const owners = () => trust.inForce().owners?.keys ?? [];
  link.onAck((payload) => {
    const ack = readAck(payload);
    if (ack.ok) for (const camera of cameras.values()) camera.acknowledged(ack.value);
    else refused(ack.code);
  });
  link.onChange((online) => {
    if (online) for (const camera of cameras.values()) camera.reconnected();
  });
  return {
    look: async (jws) => {
      const nowS = Math.floor(now() / 1000);
      const verified = await verifyLook(jws, owners(), { hubId, nowS });
      if (!verified.ok) return verified;
      const { door, exp } = verified.value;
      const camera = cameras.get(door);
      if (camera === undefined) return refuse('CAMERA_MISSING');
      camera.look(clock.monotonic() + (exp - nowS) * 1000);
      return accept({});
    },
    sight: async (jws) => {
      const verified = await verifySight(jws, owners(), hubId);
      if (!verified.ok) return verified;
      const { claims } = verified.value;
      const camera = [...cameras.values()].find(({ stream }) => stream?.id === claims.stream);
      return camera?.sighted(claims) ?? refuse('SIGHT_OTHER_PICTURE');
    },
    close: async () => {
      await Promise.all([...cameras.values()].map((camera) => camera.close()));
    },
  };
}
