/** Can the cameras be started, and how are they? */
import { faults } from '../../wire/faults.ts';
import { findProgram } from '../config/program.ts';
import type { DoorConfig, HubConfig } from '../config/schema.ts';
import type { HubStatus } from '../status.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export const checkCameras = ({ doors }: HubConfig, status: HubStatus | undefined): Finding[] =>
  doors.map((door) =>
    checkCamera(
      door,
      status?.doors.find(({ id }) => id === door.id),
    ),
  );

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
