/** Builds the cameras of a hub's doors: one line a kind. Nothing is started or opened yet. */
import type { Clock } from '../clock/clock.ts';
import type { CameraConfig } from '../config/camera.ts';
import type { DoorConfig } from '../config/schema.ts';
import type { OpenLink } from '../link/link.ts';
import { serialLink } from '../link/serial.ts';
import type { Log } from '../log.ts';
import type { Camera, OnCameraEvent } from './camera.ts';
import { processCamera } from './process/process.ts';
import { vc0706Camera } from './vc0706/driver.ts';

export interface CameraParts {
  readonly clock: Clock;
  /** 0 to below 1; `Math.random` when left out: it only keeps cameras from starting in step. */
  readonly random?: () => number;
  readonly openLink?: (port: string, baudRate: number) => OpenLink;
}

type Kind = CameraConfig['kind'];
type Build<K extends Kind> = (
  config: Extract<CameraConfig, { kind: K }>,
  parts: Required<CameraParts> & { readonly onEvent: OnCameraEvent },
) => Camera;

const kinds: { readonly [K in Kind]: Build<K> } = {
  process: ({ raw, ...config }, parts) => processCamera({ ...config, ...parts, ...(raw === undefined ? {} : { raw }) }),
  vc0706: ({ port, baudRate, ...config }, parts) =>
    vc0706Camera({ ...config, ...parts, openLink: parts.openLink(port, baudRate) }),
};

/** @returns the camera of that configuration; what goes wrong with it is told to `onEvent` with what helps */
export function buildCamera(config: CameraConfig, onEvent: OnCameraEvent, given: CameraParts): Camera {
  const openLink = (path: string, baudRate: number): OpenLink => serialLink({ path, baudRate });
  const parts = { random: Math.random, openLink, ...given, onEvent };
  return config.kind === 'process' ? kinds.process(config, parts) : kinds.vc0706(config, parts);
}

type Which = 'camera' | 'stills';

function install(
  doors: readonly DoorConfig[],
  which: Which,
  parts: CameraParts & { readonly log: Pick<Log, 'camera'> },
) {
  const built = new Map<string, Camera>();
  for (const door of doors) {
    const config = door[which];
    if (config === undefined) continue;
    const onEvent: OnCameraEvent = ({ code, detail }) => parts.log.camera({ door: door.id, which, code, ...detail });
    built.set(door.id, buildCamera(config, onEvent, parts));
  }
  return built;
}

/** @returns id of the door -> its live camera, where one is configured */
export const installCameras = (
  doors: readonly DoorConfig[],
  parts: CameraParts & { readonly log: Pick<Log, 'camera'> },
): ReadonlyMap<string, Camera> => install(doors, 'camera', parts);

/** @returns id of the door -> its camera for stills, where one is configured */
export const installStills = (
  doors: readonly DoorConfig[],
  parts: CameraParts & { readonly log: Pick<Log, 'camera'> },
): ReadonlyMap<string, Camera> => install(doors, 'stills', parts);
