/** A camera as the hub sees it: pictures as they come, what repeats among them, and how it is. */
import type { FaultCode, FaultDetail } from '../../wire/faults.ts';
import type { Codec } from '../../wire/media.ts';

/** One JPEG, or one H.264 access unit: all slices of one picture. */
export interface Picture {
  readonly codec: Codec;
  /** It can be decoded alone: any JPEG, or an IDR picture with its SPS and PPS in front. */
  readonly key: boolean;
  /** When its first byte came, by `Clock.monotonic()`. Never counted from a frame rate: frames get lost. */
  readonly atMs: number;
  /**
   * 1..maxPictureBytes (wire/media.ts) bytes: a camera drops a larger one and tells MEDIA_TOO_BIG. The receiver's own: nobody writes
   * into them any more. JPEG: FF D8 to FF D9. H.264: Annex B, each NAL unit behind a start code of 3 or 4 bytes.
   */
  readonly data: Uint8Array;
}

/** What a sensor saw, before an encoder: one low-resolution frame of which only the identity matters. */
export interface Raw {
  /** When its first byte came, by `Clock.monotonic()`. */
  readonly atMs: number;
  /** The same for the same bytes, and else different: 32 hexadecimal digits. */
  readonly hash: string;
}

export interface CameraCapabilities {
  /** It gives pictures by itself, several a second. Without it: stills, one for each `snapshot`. */
  readonly live: boolean;
  /** It gives a `Raw` for each picture, so that a frozen or looped picture can be told. */
  readonly seesRepeats: boolean;
  readonly codec: Codec;
}

export interface CameraHealth {
  /** `off`: not started; `starting`: no picture yet; `running`; `failed`: waits before it tries again. */
  readonly at: 'off' | 'starting' | 'running' | 'failed';
  /** Why it failed last; none while it runs. */
  readonly code?: FaultCode;
  /** Over the last 3 s; 0 without pictures. */
  readonly framesPerSecond: number;
  readonly lastFrameAgeMs?: number;
  /** How often it was started again since `start`. */
  readonly restarts: number;
  /** Of the last picture. */
  readonly frameBytes?: number;
}

/**
 * A camera. Nothing is opened before `start`; all listeners are called from the event loop, one picture at a time, in the order of
 * capture. A listener must return soon and must not throw: pictures are not kept for a slow one.
 *
 * After a start, a restart or a dropped picture, the first H.264 picture is a key picture: no listener ever gets one that it could
 * not decode.
 */
export interface Camera {
  readonly capabilities: CameraCapabilities;
  /** Begins, and keeps beginning again with a pause that grows, until `stop`. Harmless when it runs. Never throws: see `onTrouble`. */
  start(): void;
  /** Ends it. Resolves when program or port are free; no listener is called any more. Harmless when it is off. */
  stop(): Promise<void>;
  /** @returns unsubscribe */
  onPicture(listener: (picture: Picture) => void): () => void;
  /** Silent for a camera whose `seesRepeats` is false. @returns unsubscribe */
  onRaw(listener: (raw: Raw) => void): () => void;
  /**
   * Told once for each failure: CAMERA_UNAVAILABLE, CAMERA_GONE, CAMERA_SILENT, CAMERA_UNREADABLE (it begins again by itself);
   * CAMERA_RAW_SILENT, MEDIA_TOO_BIG (it goes on, while others come). Serial cameras: LINK_OPEN_FAILED, LINK_CLOSED, CAMERA_SILENT, CAMERA_REFUSED.
   * @returns unsubscribe
   */
  onTrouble(listener: (code: FaultCode) => void): () => void;
  /**
   * One picture that can be decoded alone: a still from a serial camera, else the next key picture.
   * @throws Fault CAMERA_NOT_LIVE before `start` and after `stop`; else the code of what keeps the camera from giving one
   */
  snapshot(): Promise<Uint8Array>;
  health(): CameraHealth;
}

/** What happened at a camera, for the log: a trouble with what helps to mend it. Never a password: addresses are cut. */
export interface CameraEvent {
  readonly on: 'trouble';
  readonly code: FaultCode;
  readonly detail: FaultDetail;
}
export type OnCameraEvent = (event: CameraEvent) => void;
