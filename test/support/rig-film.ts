/** What a rig's cameras recorded, read from the disks of hub and relay as their own formats say, for scenarios about pictures. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromEntryText } from '../../wire/journal.ts';
import { peek } from '../../wire/jws.ts';
import { documentIn, readMedia } from '../../wire/media.ts';
import { videoHeadForm } from '../../wire/video.ts';
import type { Rig } from './rig.ts';

export interface Film {
  readonly stream: string;
  /** Seqs in the order in which they lie there. */
  readonly frames: readonly number[];
  readonly capturedMs: readonly number[];
  readonly end: string | undefined;
  readonly late: number | undefined;
}

/** Takes a `.rec` file apart: u32 length and message, repeated. */
export function readFilm(path: string): Film | undefined {
  const bytes = readFileSync(path);
  const frames: number[] = [];
  const capturedMs: number[] = [];
  let stream: string | undefined;
  let end: string | undefined;
  let late: number | undefined;
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const message = readMedia(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
    if (!message.ok) continue;
    stream = message.value.stream;
    if (message.value.type === 'frame') {
      frames.push(message.value.seq);
      capturedMs.push(message.value.capturedMs);
    } else if (message.value.type === 'checkpoint') {
      const head = peek(videoHeadForm, documentIn(message.value));
      if (head.ok)
        ({ end, late } = { late, ...head.value.claims } as { end: string | undefined; late: number | undefined });
    }
  }
  return stream === undefined ? undefined : { stream, frames, capturedMs, end, late };
}

/** The stream of a visit, as the hub's journal names it. */
export function streamOf(rig: Rig, visit: string): string | undefined {
  for (const text of rig.hubJournal()) {
    const entry = fromEntryText(text);
    if (!entry.ok || entry.value.kind !== 'camera.started' || entry.value.visit !== visit) continue;
    return String(entry.value.body.stream);
  }
  return undefined;
}

export const hubFilm = (rig: Rig, stream: string): Film | undefined =>
  readFilm(join(rig.folders.hub, 'recordings', `${stream}.rec`));

export function relayFilm(rig: Rig, stream: string): Film | undefined {
  const root = join(rig.folders.cloud, 'recordings');
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith(`${stream}.rec`));
  return found === undefined ? undefined : readFilm(join(root, found));
}

/** Resolves when the relay holds every frame of the hub's recording, each once. */
export async function untilRelayed(rig: Rig, stream: string): Promise<{ hub: Film; relay: Film }> {
  return rig.until('the relay has all of the recording', () => {
    const hub = hubFilm(rig, stream);
    const relay = relayFilm(rig, stream);
    if (hub?.end === undefined || relay?.end === undefined) return undefined;
    const has = new Set(relay.frames);
    return hub.frames.every((seq) => has.has(seq)) ? { hub, relay } : undefined;
  });
}
