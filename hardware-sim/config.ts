/** The configuration of a simulated home: one schema, unknown keys refused. */
import * as v from 'valibot';
import { Fault } from '../wire/faults.ts';
import { hubAddress, id, path, travelMs, unique } from './config-terms.ts';
import { type NukiConfig, nukiSchema } from './nuki/config.ts';

const terminal = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15));
const level = v.picklist(['active', 'inactive']);

const doorSchema = v.strictObject({
  id: v.pipe(id, v.title('Name of the door')),
  output: v.pipe(terminal, v.title('Output that drives the strike')),
  contactInput: v.pipe(v.nullable(terminal), v.title('Input of the door contact, or null without one')),
  monitorInput: v.pipe(
    v.optional(v.nullable(terminal), null),
    v.title('Input of the latch monitor, or null without one'),
  ),
  contactClosedIs: v.pipe(v.optional(level, 'inactive'), v.title('Level of the contact while the leaf is closed')),
  monitorSecuredIs: v.pipe(v.optional(level, 'active'), v.title('Level of the monitor while the latch is secured')),
  reader: v.pipe(v.optional(v.nullable(terminal), null), v.title('Reader beside the door, or null without one')),
  bellInput: v.pipe(v.optional(v.nullable(terminal), null), v.title('Input of the bell button, or null without one')),
  leafMs: v.pipe(v.optional(travelMs, 600), v.title('Travel time of the leaf, ms')),
  latchMs: v.pipe(v.optional(travelMs, 80), v.title('Travel time of the latch, ms')),
});

const barrierSchema = v.strictObject({
  id: v.pipe(id, v.title('Name of the garage door')),
  output: v.pipe(terminal, v.title('Output at the push-button terminals')),
  closedInput: v.pipe(v.nullable(terminal), v.title('Input that sees it closed, or null without one')),
  closedIs: v.pipe(v.optional(level, 'active'), v.title('Level of that input while it is closed')),
  closeOutput: v.pipe(v.optional(v.nullable(terminal), null), v.title('Output that closes it, or null without one')),
  bellInput: v.pipe(v.optional(v.nullable(terminal), null), v.title('Input of the bell button, or null without one')),
  travelMs: v.pipe(v.optional(travelMs, 12_000), v.title('Travel time, ms')),
  feels: v.pipe(v.optional(v.boolean(), true), v.title('Goes up again when it comes down on something')),
  reader: v.pipe(v.optional(v.nullable(terminal), null), v.title('Reader beside it, or null without one')),
});

const peripheralSchema = v.strictObject({
  address: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(126), v.title('OSDP address')),
  keyHex: v.pipe(
    v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/i))), null),
    v.title('Key it is paired with at first, 32 hex digits, or null'),
  ),
  installMode: v.pipe(v.optional(v.boolean(), false), v.title('Accepts the default key until a key is set')),
  supervised: v.pipe(v.optional(v.boolean(), true), v.title('Inputs see a cut wire')),
  serial: v.pipe(
    v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff)), 1),
    v.title('Serial number'),
  ),
  doors: v.pipe(v.optional(v.pipe(v.array(doorSchema), v.maxLength(8)), []), v.title('Doors')),
  barriers: v.pipe(v.optional(v.pipe(v.array(barrierSchema), v.maxLength(8)), []), v.title('Garage doors')),
});

const lineSchema = v.strictObject({
  id: v.pipe(id, v.title('Name of the line')),
  path: v.pipe(v.optional(path), v.title('Where the hub finds the port; without it the line is in memory')),
  baudRate: v.pipe(v.optional(v.picklist([9600, 19200, 38400, 57600, 115200, 230400]), 9600), v.title('Baud')),
  paced: v.pipe(v.optional(v.boolean(), true), v.title('Bytes take as long as the baud rate says')),
  peripherals: v.pipe(v.array(peripheralSchema), v.minLength(1), v.maxLength(32)),
});

const cameraSchema = v.strictObject({
  id: v.pipe(id, v.title('Name of the camera')),
  door: v.pipe(id, v.title('Door that it looks at')),
  startMs: v.pipe(v.optional(travelMs, 1_000), v.title('From the start of its process to the first picture, ms')),
  vc0706: v.pipe(
    v.optional(
      v.strictObject({
        path: v.pipe(path, v.title('Where the hub finds the port')),
        baudRate: v.pipe(
          v.optional(v.picklist([9600, 19200, 38400, 57600, 115200]), 115200),
          v.title('Baud after power-up and reset'),
        ),
        paced: v.pipe(v.optional(v.boolean(), true), v.title('Bytes take as long as the baud rate says')),
      }),
    ),
    v.title('It is a VC0706 on a serial port as well'),
  ),
});

/** Every door of a home but the garage doors. */
const doorIds = ({
  lines,
  nukis,
}: {
  readonly lines: readonly v.InferOutput<typeof lineSchema>[];
  readonly nukis: readonly NukiConfig[];
}): string[] => [
  ...lines.flatMap((line) => line.peripherals.flatMap((one) => one.doors.map((door) => door.id))),
  ...nukis.map((one) => one.id),
];

/** `doorward-sim run --config FILE` and `startSimHome` take this. */
export const simConfigSchema = v.pipe(
  v.strictObject({
    lines: v.pipe(v.optional(v.pipe(v.array(lineSchema), v.maxLength(16)), []), v.title('Serial lines')),
    air: v.pipe(
      v.optional(v.strictObject({ path: v.pipe(path, v.title('Unix socket of the controller, H4')) })),
      v.title('Where the hub finds its Bluetooth adapter; without it the air is in memory'),
    ),
    nukis: v.pipe(v.optional(v.pipe(v.array(nukiSchema), v.maxLength(8)), []), v.title('Doors with a Nuki')),
    cameras: v.pipe(v.optional(v.pipe(v.array(cameraSchema), v.maxLength(16)), []), v.title('Cameras')),
    control: v.pipe(v.optional(path), v.title('Unix socket to move people and set faults')),
    state: v.pipe(
      v.optional(path),
      v.title('File in which peripherals and locks keep what they know; without it they forget'),
    ),
    seed: v.pipe(v.optional(v.pipe(v.number(), v.integer()), 1), v.title('Seed of dropped and corrupted frames')),
  }),
  v.check(({ lines, nukis }) => lines.length + nukis.length > 0, 'a home has a line or a Nuki'),
  v.check(({ lines }) => unique(lines.map((line) => line.id)), 'line ids are unique'),
  v.check(
    ({ lines, cameras, air, control }) =>
      unique([
        ...lines.flatMap((line) => line.path ?? []),
        ...cameras.flatMap((one) => one.vc0706?.path ?? []),
        ...[air?.path, control].filter((one) => one !== undefined),
      ]),
    'two ports have no path in common',
  ),
  v.check(
    ({ nukis }) => unique([hubAddress, ...nukis.map((one) => one.address)]),
    'addresses on the air are unique, and none is that of the hub',
  ),
  v.check(({ nukis }) => unique(nukis.map((one) => one.nukiId)), 'numbers of Nukis are unique'),
  v.check(
    ({ lines }) =>
      lines.every((line) => line.peripherals.every(({ doors, barriers }) => doors.length + barriers.length > 0)),
    'a peripheral has a door',
  ),
  v.check(({ cameras }) => unique(cameras.map((one) => one.id)), 'camera ids are unique'),
  v.check(
    ({ cameras, ...home }) => cameras.every(({ door }) => doorIds(home).includes(door)),
    'a camera looks at a door of this home',
  ),
  v.check(
    ({ lines, nukis }) =>
      unique([
        ...doorIds({ lines, nukis }),
        ...lines.flatMap((line) => line.peripherals.flatMap((one) => one.barriers.map((door) => door.id))),
      ]),
    'door ids are unique',
  ),
  v.check(
    ({ lines }) => lines.every((line) => unique(line.peripherals.map((one) => one.address))),
    'addresses are unique on a line',
  ),
  v.check(
    ({ lines }) =>
      lines.every((line) =>
        line.peripherals.every(
          ({ doors, barriers }) =>
            unique([
              ...doors.map((door) => door.output),
              ...barriers.flatMap((one) => [one.output, one.closeOutput].filter((output) => output !== null)),
            ]) &&
            unique(
              [
                ...doors.flatMap((door) => [door.contactInput, door.monitorInput, door.bellInput]),
                ...barriers.flatMap((one) => [one.closedInput, one.bellInput]),
              ].filter((one) => one !== null),
            ),
        ),
      ),
    'no two doors share an output or an input',
  ),
);

/** With defaults filled in. */
export type SimConfig = v.InferOutput<typeof simConfigSchema>;
/** As written: what has a default may be left out. */
export type SimConfigAsked = v.InferInput<typeof simConfigSchema>;
export type LineAsked = v.InferInput<typeof lineSchema>;
export type LineConfig = SimConfig['lines'][number];
export type PeripheralConfig = LineConfig['peripherals'][number];
export type CameraConfig = SimConfig['cameras'][number];
export type BarrierConfig = PeripheralConfig['barriers'][number];
export type DoorConfig = PeripheralConfig['doors'][number];

/** @throws Fault CONFIG_INVALID naming the first path that does not fit */
export function readSimConfig(asked: unknown): SimConfig {
  const parsed = v.safeParse(simConfigSchema, asked);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Fault('CONFIG_INVALID', { at: v.getDotPath(issue) ?? '(whole)', problem: issue.message });
}
