/** Homes that film and viewers that watch, all in a process of their own: the load of `live.relay`. */
import { WebSocket } from 'ws';
import { type MediaLink, mqttMediaLink } from '../../device/bus/media.ts';
import { systemClock } from '../../device/clock/clock.ts';
import { openLog } from '../../device/log.ts';
import type { Leaf } from '../broker/pki.ts';
import { until } from '../support/until.ts';
import { answerAs } from './live-child.ts';
import { homeAt, openNoise, type PrivateJwk } from './live-homes.ts';

export type CrowdAsked =
  /** So many homes film from now on, those before included. */
  | {
      readonly ask: 'film';
      readonly brokerPort: number;
      readonly leaves: readonly Leaf[];
      readonly signJwk: PrivateJwk;
      readonly bytes: number;
    }
  /** One more viewer of each of these doors. */
  | { readonly ask: 'watch'; readonly url: string; readonly doors: readonly string[] }
  /** What viewers got since they were asked last. */
  | { readonly ask: 'got' };

export interface CrowdSaw {
  /** ms from sealed to the viewer's socket. */
  readonly ms: readonly number[];
  /** Frames that homes made since, those included that were never handed over. */
  readonly made: number;
}

const frameMs = 1000 / 15;
const capturedAt = 24;

let ms: number[] = [];
let made = 0;
let homes = 0;
const links: MediaLink[] = [];

async function film({ brokerPort, leaves, signJwk, bytes }: CrowdAsked & { ask: 'film' }): Promise<void> {
  const log = openLog('silent');
  const begun = leaves.map(async ({ ca, cert, key }, index) => {
    const home = homes + index;
    const { hubId } = homeAt(home);
    const pem = { certificate: cert, key, brokerCa: ca };
    const link = mqttMediaLink(
      { broker: `mqtts://localhost:${brokerPort}`, hubId, ...pem, backoffMs: 100 },
      systemClock,
      log,
    );
    links.push(link);
    link.start();
    await until('the home is online', () => link.online);
    const stream = await openNoise(home, signJwk, bytes);
    sayKey(link, stream.keyMessage);
    // Each home in its own rhythm.
    const offsetMs = Math.random() * frameMs;
    const startMs = performance.now() + offsetMs;
    let count = 0;
    const tick = (): void => {
      link.send(stream.next());
      made += 1;
      count += 1;
      setTimeout(tick, Math.max(0, startMs + count * frameMs - performance.now()));
    };
    setTimeout(tick, offsetMs);
  });
  await Promise.all(begun);
  homes += leaves.length;
}

/** As a hub does: once a second until the relay acknowledges a frame. */
function sayKey(link: MediaLink, keyMessage: Uint8Array): void {
  link.send(keyMessage);
  const timer = setInterval(() => link.send(keyMessage), 1000);
  link.onAck(() => clearInterval(timer));
}

async function watch({ url, doors }: CrowdAsked & { ask: 'watch' }): Promise<void> {
  const opened = doors.map(
    (door) =>
      new Promise<void>((resolve, reject) => {
        const socket = new WebSocket(`${url}/${door}`, { perMessageDeflate: false });
        socket.on('open', () => resolve());
        socket.on('error', reject);
        socket.on('message', (data: Buffer, isBinary) => {
          if (isBinary && data[1] === 2) ms.push(Date.now() - Number(data.readBigUInt64BE(capturedAt)));
        });
      }),
  );
  await Promise.all(opened);
}

answerAs<CrowdAsked, CrowdSaw>('crowd', async (asked) => {
  if (asked.ask === 'film') await film(asked);
  else if (asked.ask === 'watch') await watch(asked);
  const saw = { ms, made };
  if (asked.ask === 'got') [ms, made] = [[], 0];
  return saw;
});
