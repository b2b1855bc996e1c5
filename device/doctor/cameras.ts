/** Can the cameras be started, and how are they? */
import { Fault, faults } from '../../wire/faults.ts';
import { buildCamera } from '../camera/install.ts';
import { tryCamera } from '../camera/trial.ts';
import type { Clock } from '../clock/clock.ts';
import type { CameraConfig } from '../config/camera.ts';
import { findProgram } from '../config/program.ts';
import type { DoorConfig, HubConfig } from '../config/schema.ts';
import type { HubStatus } from '../status.ts';
import { type Finding, fail, failBy, ok, warn } from './finding.ts';

/** Long enough that a picture that stands still is seen to. */
const tryForMs = 2_000;

/** A running hub has its cameras for itself: it is asked. Without one each is started for a moment, one after the other. */
export async function* checkCameras(
  { doors }: HubConfig,
  status: HubStatus | undefined,
  { isRunning, clock }: { readonly isRunning: boolean; readonly clock: Clock },
): AsyncGenerator<Finding> {
  for (const door of doors) {
    const found = checkCamera(
      door,
      status?.doors.find(({ id }) => id === door.id),
    );
    yield isRunning || found.level === 'fail' || door.camera === undefined
      ? found
      : ((await trouble(found.check, door.camera, clock)) ?? found);
  }
}

/** @returns nothing where it shows a living picture */
async function trouble(check: string, config: CameraConfig, clock: Clock): Promise<Finding | undefined> {
  try {
    const camera = buildCamera(config, () => undefined, { clock });
    const { repeats } = await tryCamera(camera, clock, tryForMs, new Promise(() => undefined));
    if (repeats.seen === 'frozen' || repeats.seen === 'looped') {
      const fix = 'Unplug the camera and plug it in again; look what else reads from it.';
      return fail(check, 'CAMERA_NOT_LIVE', `its picture is ${repeats.seen}`, fix);
    }
    return repeats.told && repeats.raws === 0
      ? failBy(
          check,
          new Fault('CAMERA_RAW_SILENT', { do: 'Have its command write what raw asks for; see docs/cameras.md.' }),
        )
      : undefined;
  } catch (error) {
    const isGone = error instanceof Fault && error.code === 'CAMERA_GONE';
    const fix = 'Look at its cable and its command, and whether another program has it.';
    return failBy(check, isGone ? new Fault(error.code, { ...error.detail, do: fix }) : error);
  }
}

function checkCamera({ name, camera }: DoorConfig, door: HubStatus['doors'][number] | undefined): Finding {
  const check = `camera ${name}`;
  if (camera === undefined) {
    return warn(check, 'none: rules that demand a picture are refused here', 'Set camera, when there is to be one.');
  }
  const [program] = camera.command;
  if (findProgram(program) === undefined) {
    return fail(
      check,
      'CAMERA_UNAVAILABLE',
      `${program} cannot be found or run`,
      'Install it, or correct the command.',
    );
  }
  const health = door?.camera;
  if (health?.at === 'failed') {
    const code = health.code ?? 'CAMERA_GONE';
    return fail(check, code, `it fails again and again [${code}]`, faults[code].says);
  }
  if (camera.raw === undefined && camera.codec === 'h264') {
    return warn(
      check,
      `${program} is there, but a repeated picture would not be noticed`,
      'Give it a raw output: raw.',
    );
  }
  const rate = health?.at === 'running' ? `, ${health.framesPerSecond.toFixed(0)} pictures a second` : '';
  return ok(
    check,
    `${program}${health === undefined ? '' : `, ${health.at}${rate}`}. Try it: doorward camera test ${name}`,
  );
}
