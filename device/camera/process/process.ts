/** A program that writes pictures as a `Camera`: kept running, and restarted with a pause that grows. */
import { Fault, type FaultCode, type FaultDetail } from '../../../wire/faults.ts';
import { Audience } from '../audience.ts';
import { type BackOff, backOff } from '../back-off.ts';
import type { Camera, CameraCapabilities, CameraHealth, OnCameraEvent, Picture, Raw } from '../camera.ts';
import { Rate } from '../rate.ts';
import { Run, type RunOptions, silentMs } from './run.ts';

export interface ProcessCameraOptions extends RunOptions {
  /** 0 to below 1: keeps two cameras from starting in step. */
  readonly random: () => number;
  readonly onEvent: OnCameraEvent;
}

/** So long with pictures, and it counts as well: the next pause is a short one. */
const wellMs = 10_000;

interface Waiter {
  done(picture: Uint8Array): void;
  failed(fault: Fault): void;
}

class ProcessCamera implements Camera {
  readonly capabilities: CameraCapabilities;
  readonly #options: ProcessCameraOptions;
  readonly #pictures = new Audience<Picture>();
  readonly #raws = new Audience<Raw>();
  readonly #troubles = new Audience<FaultCode>();
  readonly #waiting = new Set<Waiter>();
  readonly #backOff: BackOff;
  #rate = new Rate();
  #at: CameraHealth['at'] = 'off';
  #code: FaultCode | undefined;
  #restarts = 0;
  #run: Run | undefined;
  /** The program before is gone. */
  #gone: Promise<void> = Promise.resolve();
  /** Counts starts and stops: what was planned before the last one is void. */
  #turn = 0;
  #cancelPause: () => void = () => undefined;

  constructor(options: ProcessCameraOptions) {
    const { codec, raw, random } = options;
    this.#options = options;
    this.#backOff = backOff(random);
    this.capabilities = { live: true, seesRepeats: raw !== undefined || codec === 'jpeg', codec };
  }

  start(): void {
    if (this.#at !== 'off') return;
    this.#at = 'starting';
    this.#restarts = 0;
    this.#rate = new Rate();
    this.#backOff.reset();
    this.#turn += 1;
    this.#launchWhenGone(0);
  }

  async stop(): Promise<void> {
    this.#at = 'off';
    this.#code = undefined;
    this.#turn += 1;
    this.#cancelPause();
    this.#endRun();
    this.#failWaiting(new Fault('CAMERA_NOT_LIVE'));
    await this.#gone;
  }

  onPicture(listener: (picture: Picture) => void): () => void {
    return this.#pictures.join(listener);
  }

  onRaw(listener: (raw: Raw) => void): () => void {
    return this.#raws.join(listener);
  }

  onTrouble(listener: (code: FaultCode) => void): () => void {
    return this.#troubles.join(listener);
  }

  snapshot(): Promise<Uint8Array> {
    if (this.#at === 'off') return Promise.reject(new Fault('CAMERA_NOT_LIVE'));
    const { clock, startMs } = this.#options;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        this.#waiting.delete(waiter);
      };
      const waiter: Waiter = {
        done: (picture) => {
          end();
          resolve(picture);
        },
        failed: (fault) => {
          end();
          reject(fault);
        },
      };
      const cancel = clock.after(startMs + silentMs, () => waiter.failed(new Fault('CAMERA_SILENT')));
      this.#waiting.add(waiter);
    });
  }

  health(): CameraHealth {
    return {
      at: this.#at,
      ...(this.#code === undefined ? {} : { code: this.#code }),
      ...this.#rate.look(this.#options.clock.monotonic()),
      restarts: this.#restarts,
    };
  }

  /** Starts the program when the one before is gone and the pause is over, unless somebody stops the camera meanwhile. */
  #launchWhenGone(pauseMs: number): void {
    const turn = this.#turn;
    void this.#gone.then(() => {
      if (turn !== this.#turn) return;
      if (pauseMs === 0) this.#launch();
      else this.#cancelPause = this.#options.clock.after(pauseMs, () => this.#restart());
    });
  }

  #restart(): void {
    this.#restarts += 1;
    this.#launch();
  }

  #launch(): void {
    this.#at = 'starting';
    this.#run = new Run(this.#options, {
      picture: (picture) => this.#take(picture),
      raw: (raw) => this.#raws.tell(raw),
      trouble: (code, detail) => this.#tell(code, detail),
      over: (code, detail) => this.#over(code, detail),
    });
  }

  #take(picture: Picture): void {
    this.#at = 'running';
    this.#code = undefined;
    this.#rate.add(picture.atMs, picture.data.length);
    if ((this.#run?.ranMs ?? 0) > wellMs) this.#backOff.reset();
    if (picture.key) for (const waiter of [...this.#waiting]) waiter.done(picture.data);
    this.#pictures.tell(picture);
  }

  #over(code: FaultCode, detail: FaultDetail): void {
    this.#at = 'failed';
    this.#code = code;
    this.#endRun();
    this.#launchWhenGone(this.#backOff.next());
    this.#failWaiting(new Fault(code, detail));
    this.#tell(code, detail);
  }

  #endRun(): void {
    if (this.#run !== undefined) this.#gone = this.#run.stop();
    this.#run = undefined;
  }

  #tell(code: FaultCode, detail: FaultDetail): void {
    this.#options.onEvent({ on: 'trouble', code, detail });
    this.#troubles.tell(code);
  }

  #failWaiting(fault: Fault): void {
    for (const waiter of [...this.#waiting]) waiter.failed(fault);
  }
}

/**
 * A `Camera` over a program that writes MJPEG or H.264 Annex B to its standard output and, with `raw`, gray frames to descriptor 3.
 *
 * - It is read all the time, whether anybody listens or not; of what is read, at most one picture is kept.
 * - Without `raw`, a JPEG is judged by the hash of all but its application data and comments; H.264 has `seesRepeats` false.
 * - It is ended and started again, after 250 ms to 10 s, when it ends by itself (CAMERA_GONE), cannot be started (CAMERA_UNAVAILABLE),
 *   gives no picture within `startMs` (CAMERA_SILENT; CAMERA_UNREADABLE when it writes something else) or none for 5 s (CAMERA_SILENT),
 *   or none that is small enough (MEDIA_TOO_BIG).
 * - It runs in a process group of its own, which ends with it. When the hub is killed, it ends with its next write.
 */
export const processCamera = (options: ProcessCameraOptions): Camera => new ProcessCamera(options);
