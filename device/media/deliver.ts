/** Hands one message to the relay, and waits for its word that it is on its disk. */
import { readAck } from '../../wire/media.ts';
import type { MediaLink } from '../bus/media.ts';
import type { Clock } from '../clock/clock.ts';

export interface DeliverParts {
  readonly link: Pick<MediaLink, 'send' | 'onAck'>;
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  /** Begins and ends the need of a connection. */
  readonly onBusy: (isBusy: boolean) => void;
}

/** Silence after which it is said again, ms. */
const againMs = 3_000;
/** Wait for a connection that takes it, ms. */
const tryMs = 200;
/** Then it is given up, ms. */
const withinMs = 12_000;

/** @returns hands over the only message of a stream: false when the relay has not said in time that it has it */
export function deliverer({
  link,
  clock,
  onBusy,
}: DeliverParts): (stream: string, message: Uint8Array) => Promise<boolean> {
  const waiting = new Map<string, () => void>();
  link.onAck((payload) => {
    const ack = readAck(payload);
    if (ack.ok && ack.value.kind === 'stored') waiting.get(ack.value.stream)?.();
  });
  return (stream, message) =>
    new Promise((resolve) => {
      const untilMs = clock.monotonic() + withinMs;
      let cancel: () => void = () => undefined;
      const end = (isThere: boolean): void => {
        cancel();
        waiting.delete(stream);
        onBusy(false);
        resolve(isThere);
      };
      const say = (): void => {
        if (clock.monotonic() >= untilMs) end(false);
        else cancel = clock.after(link.send(message) ? againMs : tryMs, say);
      };
      onBusy(true);
      waiting.set(stream, () => end(true));
      say();
    });
}
