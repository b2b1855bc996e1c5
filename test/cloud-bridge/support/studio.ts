/** A home whose hub has a camera, with the media link up: most of what is tested about pictures starts here. */
import { join } from 'node:path';
import type { Test } from 'tap';
import type { CloudConfigInput } from '../../../cloud-bridge/config/schema.ts';
import { toRecord } from '../../../cloud-bridge/media/rec-file.ts';
import { Camera, type CameraWish, MediaLink } from './camera.ts';
import { type Home, makeHome } from './home.ts';
import type { ScriptedHub } from './hub.ts';
import { makeWorld, until, type World } from './world.ts';

export interface Studio extends Home {
  readonly link: MediaLink;
}

export async function makeStudio(
  t: Test,
  options: { readonly world?: World; readonly config?: Partial<CloudConfigInput> } = {},
): Promise<Studio> {
  const world = options.world ?? (await makeWorld(t, options.config === undefined ? {} : { config: options.config }));
  const { hub, owner } = await makeHome(t, world);
  const link = await new MediaLink(hub).connect();
  await until('the relay is online', () => world.logged().includes('mediaOnline'));
  t.teardown(() => link.leave());
  return { world, hub, owner, link };
}

/** Where a recording lies. */
export const fileOf = (world: World, hub: ScriptedHub, stream: string, end = 'rec'): string =>
  join(world.dataDir, 'recordings', hub.id, `${stream}.${end}`);

/** Records `count` frames, with the key and the signed end, until all is stored. */
export async function record(
  { hub, owner, link }: Studio,
  count: number,
  wish: Partial<CameraWish> = {},
): Promise<{ readonly camera: Camera; readonly messages: readonly Uint8Array[] }> {
  const camera = await Camera.start(hub, { owners: [owner.seal], ...wish });
  const messages = [camera.keyMessage, ...camera.frames(count), await camera.checkpoint('stopped')];
  await link.send(...messages);
  await until('it is stored', () => link.stored(camera.stream).length === count);
  return { camera, messages };
}

/** Messages in the form of the file. */
export const toFile = (messages: readonly Uint8Array[]): Buffer => Buffer.concat(messages.flatMap(toRecord));
