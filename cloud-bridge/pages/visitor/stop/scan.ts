/** Reads the recipient's QR code with the browser's own means, where it has them (S065). */

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector;

const detectorOf = (): DetectorClass | undefined =>
  (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector;

export const canScan = (): boolean => detectorOf() !== undefined && 'mediaDevices' in navigator;

/** Between two looks, ms. */
const restMs = 250;

export interface Scan {
  /** @returns the six digits; undefined when it was ended, or the camera is not given */
  readonly digits: Promise<string | undefined>;
  end(): void;
}

/** Shows the camera in `video` until a code with six digits is seen. */
export function scanInto(video: HTMLVideoElement): Scan {
  const ending = new AbortController();
  const look = async (): Promise<string | undefined> => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    try {
      video.srcObject = stream;
      await video.play();
      const detector = new (detectorOf()!)({ formats: ['qr_code'] });
      while (!ending.signal.aborted) {
        for (const { rawValue } of await detector.detect(video)) {
          const digits = /(?<!\d)\d{6}(?!\d)/.exec(rawValue)?.[0];
          if (digits !== undefined) return digits;
        }
        await new Promise((resolve) => setTimeout(resolve, restMs));
      }
      return undefined;
    } finally {
      for (const track of stream.getTracks()) track.stop();
      video.srcObject = null;
    }
  };
  return { digits: look().catch(() => undefined), end: () => ending.abort() };
}
