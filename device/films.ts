/** The cameras of a hub and all that belongs to them, loaded only where there are any. */
import { type MediaLinkConfig, mqttMediaLink } from './bus/media.ts';
import type { Media, MediaParts } from './media/install.ts';

/**
 * @param way  to the broker; without a certificate for pictures no camera is used
 * @returns undefined for a hub that films nothing
 * @throws what the disk says when the folder of the recordings cannot be made or read
 */
export async function openFilms(
  way: Omit<MediaLinkConfig, 'certificate'> & { readonly certificate: string | undefined },
  parts: Omit<MediaParts, 'cameras' | 'link'>,
): Promise<Media | undefined> {
  const { certificate } = way;
  const { config, clock, log } = parts;
  if (certificate === undefined || config.doors.every(({ camera }) => camera === undefined)) return undefined;
  const [{ installCameras }, { installMedia }] = await Promise.all([
    import('./camera/install.ts'),
    import('./media/install.ts'),
  ]);
  return installMedia({
    ...parts,
    cameras: installCameras(config.doors, { clock, log }),
    link: mqttMediaLink({ ...way, certificate }, clock, log),
  });
}
