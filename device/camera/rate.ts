/** Frames a second and the age of the last one, from the times of the pictures. Pure. */

const overMs = 3000;
const most = 512;

export class Rate {
  #times: number[] = [];
  #bytes = 0;

  add(atMs: number, bytes: number): void {
    this.#times = [...this.#times.filter((one) => atMs - one <= overMs).slice(-most), atMs];
    this.#bytes = bytes;
  }

  /** @returns what `CameraHealth` says of the pictures */
  look(nowMs: number): { framesPerSecond: number; lastFrameAgeMs?: number; frameBytes?: number } {
    const last = this.#times.at(-1);
    if (last === undefined) return { framesPerSecond: 0 };
    const recent = this.#times.filter((one) => nowMs - one <= overMs);
    const spanMs = recent.length < 2 ? 0 : last - recent[0]!;
    return {
      framesPerSecond: spanMs > 0 ? ((recent.length - 1) * 1000) / spanMs : 0,
      lastFrameAgeMs: Math.max(0, nowMs - last),
      frameBytes: this.#bytes,
    };
  }
}
