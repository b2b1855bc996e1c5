/** `doorward camera test`: starts a camera as the hub would, watches it for some seconds, says what came, keeps a picture. */
import { writeFileSync } from 'node:fs';
import { Fault } from '../../wire/faults.ts';
import type { CameraEvent } from '../camera/camera.ts';
import { buildCamera } from '../camera/install.ts';
import { type Trial, tryCamera } from '../camera/trial.ts';
import { systemClock } from '../clock/clock.ts';
import type { CameraConfig } from '../config/camera.ts';
import type { DoorConfig, HubConfig } from '../config/schema.ts';
import { callHub } from '../control/client.ts';
import { type Command, type CommandContext, textFlag } from './command.ts';
import { settingOf, socketOf } from './setting.ts';

const defaultSeconds = 5;
const mostSeconds = 600;
/** Less does not show a freeze. */
const leastSeconds = 2;

function secondsOf({ flags }: CommandContext): number {
  const { seconds = defaultSeconds } = flags;
  if (typeof seconds === 'number' && seconds >= leastSeconds && seconds <= mostSeconds) return seconds;
  throw new Fault('USAGE', { why: `--seconds is ${leastSeconds} to ${mostSeconds}` });
}

/** The door that is named; without a name, the only one with a camera. */
function doorOf(config: HubConfig, name: string | undefined): DoorConfig {
  const found = config.doors.filter((door) =>
    name === undefined ? (door.camera ?? door.stills) !== undefined : door.name === name,
  );
  if (name !== undefined && found.length === 0) throw new Fault('DOOR_UNKNOWN', { door: name });
  if (found.length > 1) throw new Fault('USAGE', { why: `name a door: ${found.map((door) => door.name).join(', ')}` });
  if (found[0] === undefined) throw new Fault('CAMERA_NOT_CONFIGURED');
  return found[0];
}

function cameraOf({ name, camera, stills }: DoorConfig, wantsStills: boolean): CameraConfig {
  const config = wantsStills ? stills : (camera ?? stills);
  if (config === undefined) throw new Fault('CAMERA_NOT_CONFIGURED', { door: name });
  return config;
}

/** A camera is opened by one program only, and a visit may need it at any moment. @throws Fault CAMERA_BUSY */
async function refuseBesideHub(config: HubConfig): Promise<void> {
  const socket = socketOf(config);
  const runs = await callHub(socket, 'GET', '/status', 5000).then(
    () => true,
    // A hub that answers with a fault runs too.
    (cause: unknown) => !(cause instanceof Fault && cause.code === 'DAEMON_UNREACHABLE'),
  );
  if (runs) throw new Fault('CAMERA_BUSY', { socket });
}

/** @throws Fault CAMERA_PICTURE_UNSAVED; a file that is there stays as it is */
function save(path: string, picture: Uint8Array): void {
  try {
    writeFileSync(path, picture, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Fault('CAMERA_PICTURE_UNSAVED', { path, reason: code ?? 'unknown' }, { cause });
  }
}

const repeatsText = ({ told, raws, seen }: Trial['repeats']): string => {
  if (!told) return 'cannot be told: rules that demand a picture are refused at this door';
  if (raws === 0) return 'could be told, but no raw frame came: rules that demand a picture will not let anybody in';
  return `can be told; the picture was ${seen} (${raws} raw frames)`;
};

function report(name: string, config: CameraConfig, trial: Trial): string {
  const { gapMs, bytes, repeats } = trial;
  const codec = config.kind === 'process' ? config.codec : 'jpeg';
  const rows = [
    [
      'frames',
      `${trial.framesPerSecond.toFixed(1)} a second (${trial.frames}, ${trial.keyFrames} of them key pictures)`,
    ],
    ['first', `after ${trial.firstMs.toFixed(0)} ms`],
    [
      'between',
      `half within ${gapMs.p50.toFixed(0)} ms, 95 % within ${gapMs.p95.toFixed(0)} ms, longest ${gapMs.longest.toFixed(0)} ms`,
    ],
    ['age', `the last one came ${trial.ageMs.toFixed(0)} ms before the end`],
    ['size', `${(bytes.mean / 1000).toFixed(1)} kB on average, ${(bytes.largest / 1000).toFixed(1)} kB at most`],
    ...(config.kind === 'process' ? [['repeats', repeatsText(repeats)]] : []),
    ['restarts', `${trial.restarts}${trial.troubles.length > 0 ? ` [${trial.troubles.join(', ')}]` : ''}`],
  ];
  return [`${name}: ${config.kind}, ${codec}`, ...rows.map(([what, says]) => `  ${what!.padEnd(9)} ${says}`)].join(
    '\n',
  );
}

export const cameraTest: Command = {
  noun: 'camera',
  verb: 'test',
  says: 'Start a camera while the hub does not run, and show what it gives.',
  args: ['door?'],
  flags: (jack) =>
    jack
      .num({ seconds: { hint: 'n', description: `How long to watch, ${leastSeconds} to ${mostSeconds}. Default 5.` } })
      .opt({ save: { hint: 'file', description: 'Keep a picture: a JPEG, or one key picture of H.264 Annex B.' } })
      .flag({ stills: { description: 'Test the camera for stills where a door has two.' } }),
  run: async (context) => {
    const seconds = secondsOf(context);
    const config = settingOf(context);
    const door = doorOf(config, context.args[0]);
    const chosen = cameraOf(door, context.flags.stills === true);
    await refuseBesideHub(config);

    const onEvent = ({ code, detail }: CameraEvent): void =>
      context.say([code, ...Object.entries(detail).map(([name, value]) => `${name}: ${value}`)].join(', '));
    const camera = buildCamera(chosen, onEvent, { clock: systemClock });
    const interrupted = new Promise<void>((resolve) => {
      const stop = (): void => {
        resolve();
        // Before the first picture nothing else would end the wait.
        void camera.stop();
      };
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
    });
    context.say(`Watching the camera of "${door.name}" for ${seconds} s …`);
    const trial = await tryCamera(camera, systemClock, seconds * 1000, interrupted);
    const path = textFlag(context, 'save');
    if (path !== undefined) save(path, trial.picture);

    const { picture, ...facts } = trial;
    const saved = path === undefined ? {} : { saved: path, savedBytes: picture.length };
    const isGood = facts.troubles.length === 0 && facts.repeats.seen !== 'frozen' && facts.repeats.seen !== 'looped';
    const text = report(door.name, chosen, trial);
    context.answer(path === undefined ? text : `${text}\n  saved     ${path} (${picture.length} bytes)`, {
      ok: isGood,
      door: door.name,
      kind: chosen.kind,
      ...facts,
      ...saved,
    });
  },
};
