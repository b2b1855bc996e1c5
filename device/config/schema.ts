/** Every setting of the hub: what it means, its default, its bounds. Unknown keys are refused. */
import * as v from 'valibot';
import { DoorId } from '../../wire/shapes.ts';
import { ProcessCameraConfig, Vc0706CameraConfig } from './camera.ts';
import { ReaderConfig } from './reader.ts';
import { path, whole } from './shapes.ts';

const Level = v.picklist(['active', 'inactive']);

/** An OSDP peripheral that drives a strike. */
export const OsdpLockConfig = v.strictObject({
  kind: v.literal('osdp'),
  port: path('Serial port', 'Path of the RS-485 adapter. Several doors may name the same port.'),
  baudRate: v.optional(
    v.pipe(
      v.picklist([9600, 19200, 38400, 57600, 115200, 230400]),
      v.title('Baud rate'),
      v.description('As the peripheral is set. Default 9600. Needs a restart.'),
    ),
    9600,
  ),
  address: whole('Address', 'OSDP address of the peripheral on its line.', 0, 0, 126),
  output: whole('Output', 'Number of the output that drives the strike.', 0, 0, 255),
  contact: v.optional(
    v.strictObject({
      input: whole('Contact input', 'Number of the input that the door contact is wired to.', 0, 0, 255),
      closedWhen: v.optional(
        v.pipe(Level, v.title('Level of a closed door'), v.description('Depends on the wiring. Default inactive.')),
        'inactive',
      ),
    }),
  ),
  monitor: v.optional(
    v.strictObject({
      input: whole('Monitor input', 'Number of the input that the latch or bolt monitor is wired to.', 1, 0, 255),
      lockedWhen: v.optional(
        v.pipe(Level, v.title('Level of a home latch'), v.description('Depends on the wiring. Default active.')),
        'active',
      ),
    }),
  ),
  reader: v.optional(ReaderConfig),
  pollMs: whole('Poll period', 'Pause between two polls of the line, ms.', 50, 5, 1000),
});
export type OsdpLockConfig = v.InferOutput<typeof OsdpLockConfig>;

export const DoorConfig = v.strictObject({
  id: v.pipe(DoorId, v.title('Door id'), v.description('`door-` and 20 of a-z0-9, random: nobody should guess it.')),
  name: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]{1,32}$/),
    v.title('Name'),
    v.description('What the command line calls this door.'),
  ),
  lock: OsdpLockConfig,
  camera: v.optional(
    v.pipe(
      ProcessCameraConfig,
      v.title('Camera'),
      v.description('The live one. Without it, rules that demand a picture are refused at this door.'),
    ),
  ),
  stills: v.optional(
    v.pipe(
      Vc0706CameraConfig,
      v.title('Stills'),
      v.description('A serial camera for single pictures at the doorstep.'),
    ),
  ),
  acceptsClosed: v.optional(
    v.pipe(
      v.boolean(),
      v.title('Accept a closed door without a monitor'),
      v.description('The owner accepted at commissioning that visits end `closed`, not `secured`. Default false.'),
    ),
    false,
  ),
  unlockForMs: whole(
    'Release time',
    'How long the strike is released, or the bolt stays drawn, when nobody opens, ms.',
    5000,
    500,
    60_000,
  ),
  openLimitMs: whole(
    'Open limit',
    'How long the door may stand open in a visit before the alarm, ms.',
    60_000,
    1000,
    3_600_000,
  ),
  stillMs: whole('Settle time', 'How long door and bolt must be still to count as locked, ms.', 500, 0, 10_000),
});
export type DoorConfig = v.InferOutput<typeof DoorConfig>;

export const HubConfig = v.strictObject({
  dataDir: path('Data folder', 'Journal, enrolment and keys. Only the hub may read it.'),
  doors: v.pipe(v.array(DoorConfig), v.maxLength(16), v.title('Doors'), v.description('Every door of this hub.')),
  keepaliveS: whole('Keep-alive', 'Seconds between signs of life on the connection to the broker.', 15, 5, 60),
  keepJournalDays: whole('Journal retention', 'Days that acknowledged journal entries stay on the hub.', 365, 1, 3650),
  recordings: v.optional(
    v.strictObject({
      reserveBytes: whole(
        'Room that stays free',
        'Bytes of the disk that recordings leave free: below it the oldest go, and the owner is told.',
        256 * 2 ** 20,
        2 ** 20,
        2 ** 40,
      ),
    }),
    {},
  ),
  logLevel: v.optional(
    v.pipe(
      v.picklist(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
      v.title('Log level'),
      v.description('Default info.'),
    ),
    'info',
  ),
});
export type HubConfig = v.InferOutput<typeof HubConfig>;
