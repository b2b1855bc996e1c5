/** Every setting of the hub: what it means, its default, its bounds. Unknown keys are refused. */
import * as v from 'valibot';
import { DoorId } from '../../wire/shapes.ts';
import { BellConfig } from './bell.ts';
import { ProcessCameraConfig, Vc0706CameraConfig } from './camera.ts';
import { DoorstepConfig } from './doorstep.ts';
import { NukiLockConfig } from './nuki.ts';
import { OsdpBarrierConfig, OsdpLockConfig, osdpOf } from './osdp.ts';
import { PagesConfig } from './pages.ts';
import { path, whole } from './shapes.ts';

const Door = v.strictObject({
  id: v.pipe(DoorId, v.title('Door id'), v.description('`door-` and 20 of a-z0-9, random: nobody should guess it.')),
  name: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]{1,32}$/),
    v.title('Name'),
    v.description('What the command line calls this door.'),
  ),
  lock: v.optional(v.variant('kind', [OsdpLockConfig, NukiLockConfig])),
  barrier: v.optional(
    v.pipe(
      OsdpBarrierConfig,
      v.title('Barrier'),
      v.description('A garage operator, in place of a lock: one pulse opens it, nothing closes it from afar.'),
    ),
  ),
  camera: v.optional(
    v.pipe(
      ProcessCameraConfig,
      v.title('Camera'),
      v.description('The live one. Without it, rules that demand a picture are refused at this door.'),
    ),
  ),
  bell: v.optional(BellConfig),
  stills: v.optional(
    v.pipe(
      Vc0706CameraConfig,
      v.title('Stills'),
      v.description('A serial camera for single pictures at the doorstep.'),
    ),
  ),
  doorstep: v.optional(
    v.pipe(
      DoorstepConfig,
      v.title('Doorstep'),
      v.description(
        'A camera here sees what couriers put down. It takes photos only where the owner has signed that it may.',
      ),
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
  unlockForMs: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(500),
      v.maxValue(60_000),
      v.title('Release time'),
      v.description(
        'How long the strike is released or the bolt stays drawn when nobody opens, or a barrier may take to leave its place, ms. Default 5000 for a strike, 15000 for a bolt, 20000 for a barrier. Needs a restart.',
      ),
    ),
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

/** One door, with what holds it: a lock or a barrier, never both. */
export const DoorConfig = v.pipe(
  Door,
  v.check(
    ({ lock, barrier }) => (lock === undefined) !== (barrier === undefined),
    'a door has either a lock or a barrier',
  ),
  v.check(
    ({ bell, ...door }) => bell?.kind !== 'osdp' || osdpOf(door) !== undefined,
    'a bell of kind osdp hangs on the peripheral of its door',
  ),
  v.check(
    ({ doorstep, camera, stills }) =>
      doorstep === undefined || (doorstep.from === 'stills' ? stills !== undefined : camera?.codec === 'jpeg'),
    'a doorstep is photographed by a camera of this door that gives JPEG, or by its stills',
  ),
);
export type DoorConfig = v.InferOutput<typeof DoorConfig>;

export const HubConfig = v.strictObject({
  dataDir: path('Data folder', 'Journal, enrolment and keys. Only the hub may read it.'),
  doors: v.pipe(v.array(DoorConfig), v.maxLength(16), v.title('Doors'), v.description('Every door of this hub.')),
  bluetooth: v.optional(
    v.pipe(
      v.strictObject({
        adapter: whole('Adapter', 'Number of the Bluetooth adapter that the hub has for itself: 0 for hci0.', 0, 0, 15),
        socket: v.optional(
          path('Controller socket', 'Unix socket of a controller that speaks H4, in place of an adapter.'),
        ),
      }),
      v.title('Bluetooth'),
      v.description('Only used where a door has a Bluetooth lock.'),
    ),
    {},
  ),
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
  pages: v.optional(
    v.pipe(
      PagesConfig,
      v.title('Check of the pages'),
      v.description('Whether the cloud serves the pages that were released. Default: not checked. Needs a restart.'),
    ),
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
