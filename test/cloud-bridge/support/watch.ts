/** A viewer: an owner device over a real WebSocket, and everything that it was sent. */
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import type { Cloud } from '../../../cloud-bridge/main.ts';
import { type MediaMessage, readMedia } from '../../../wire/media.ts';
import type { Device } from './people.ts';
import { until } from './world.ts';

export interface Watch {
  readonly socket: WebSocket;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into words of every kind
  readonly words: any[];
  readonly sealed: MediaMessage[];
  readonly bytes: Buffer[];
  closed: number | undefined;
  say(message: object): void;
  seqs(): number[];
}

export const addressOf = (cloud: Cloud): string =>
  `ws://127.0.0.1:${(cloud.app.server.address() as AddressInfo).port}/v1/live`;

/** Opens a socket and notes what comes; says nothing yet. */
export async function openSocket(cloud: Cloud, headers: Record<string, string> = {}): Promise<Watch> {
  const socket = new WebSocket(addressOf(cloud), { headers });
  const watch: Watch = {
    socket,
    words: [],
    sealed: [],
    bytes: [],
    closed: undefined,
    say: (message) => socket.send(JSON.stringify(message)),
    seqs: () => watch.sealed.filter(({ type }) => type === 'frame').map(({ seq }) => seq),
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return void watch.words.push(JSON.parse(data.toString('utf8')));
    watch.bytes.push(data);
    const read = readMedia(data);
    if (read.ok) watch.sealed.push(read.value);
  });
  socket.on('close', (code) => {
    watch.closed = code;
  });
  socket.on('error', () => undefined);
  await until('the socket is open or refused', () => socket.readyState !== WebSocket.CONNECTING);
  return watch;
}

export async function ticketOf(device: Device, home: string): Promise<string> {
  const answer = await device.ask('POST', `${home}/live-tickets`, { body: {} });
  if (answer.status !== 201) throw new TypeError(JSON.stringify(answer.body));
  return answer.body.ticket;
}

/** Opens the live view of a door, up to `ready`. */
export async function watchDoor(cloud: Cloud, device: Device, home: string, door: string): Promise<Watch> {
  const ticket = await ticketOf(device, home);
  const watch = await openSocket(cloud);
  watch.say({ ticket, door });
  await until('the viewer is in', () => watch.words.some(({ relay }) => relay === 'stream' || relay === 'idle'));
  return watch;
}
