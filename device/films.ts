/** The cameras of a hub and all that belongs to them, loaded only where there are any. */
import { type MediaLinkConfig, mqttMediaLink } from './bus/media.ts';
import type { DoorstepDesk, DoorstepParts } from './doorstep/desk.ts';
import type { Media, MediaParts } from './media/install.ts';

export interface Films extends Media {
  /** Where a door has a camera of its doorstep. */
  readonly doorstep?: DoorstepDesk;
}

type FilmParts = Omit<MediaParts, 'cameras' | 'link'> & Pick<DoorstepParts, 'knows' | 'journal' | 'record'>;

/**
 * @param way  to the broker; without a certificate for pictures no camera is used
 * @returns undefined for a hub that films nothing
 * @throws what the disk says when the folder of the recordings cannot be made or read
 */
export async function openFilms(
  way: Omit<MediaLinkConfig, 'certificate'> & { readonly certificate: string | undefined },
  parts: FilmParts,
): Promise<Films | undefined> {
  const { certificate } = way;
  const { config, clock, log } = parts;
  const films = config.doors.some(({ camera, doorstep }) => camera !== undefined || doorstep !== undefined);
  if (certificate === undefined || !films) return undefined;
  const [{ installCameras }, { installMedia }] = await Promise.all([
    import('./camera/install.ts'),
    import('./media/install.ts'),
  ]);
  const media = await installMedia({
    ...parts,
    cameras: installCameras(config.doors, { clock, log }),
    link: mqttMediaLink({ ...way, certificate }, clock, log),
  });
  if (config.doors.every(({ doorstep }) => doorstep === undefined)) return media;
  const [{ installDoorsteps }, { doorstepDesk }] = await Promise.all([
    import('./doorstep/install.ts'),
    import('./doorstep/desk.ts'),
  ]);
  const cameras = installDoorsteps(config.doors, media.cameras, { clock, log });
  return { ...media, doorstep: doorstepDesk({ ...parts, cameras, deliver: media.deliver }) };
}
