/** The settings of what hangs on an OSDP line: a strike, or a garage operator. */
import * as v from 'valibot';
import type { BellConfig } from './bell.ts';
import { ReaderConfig } from './reader.ts';
import { path, whole } from './shapes.ts';

const Level = v.picklist(['active', 'inactive']);

/** Where a peripheral is, and what is at the door beside it. */
const place = {
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
  reader: v.optional(ReaderConfig),
  pollMs: whole('Poll period', 'Pause between two polls of the line, ms.', 50, 5, 1000),
};

const Contact = v.strictObject({
  input: whole('Contact input', 'Number of the input that the door contact is wired to.', 0, 0, 255),
  closedWhen: v.optional(
    v.pipe(Level, v.title('Level of a closed door'), v.description('Depends on the wiring. Default inactive.')),
    'inactive',
  ),
});

/** An OSDP peripheral that drives a strike. */
export const OsdpLockConfig = v.strictObject({
  kind: v.literal('osdp'),
  ...place,
  output: whole('Output', 'Number of the output that drives the strike.', 0, 0, 255),
  contact: v.optional(Contact),
  monitor: v.optional(
    v.strictObject({
      input: whole('Monitor input', 'Number of the input that the latch or bolt monitor is wired to.', 1, 0, 255),
      lockedWhen: v.optional(
        v.pipe(Level, v.title('Level of a home latch'), v.description('Depends on the wiring. Default active.')),
        'active',
      ),
    }),
  ),
});
export type OsdpLockConfig = v.InferOutput<typeof OsdpLockConfig>;

/** A garage operator whose push-button terminals hang on an output of an OSDP peripheral. */
export const OsdpBarrierConfig = v.strictObject({
  kind: v.literal('osdp'),
  ...place,
  output: whole('Output', 'Number of the output at the push-button terminals.', 0, 0, 255),
  pulseMs: whole('Pulse', 'Length of a pulse, ms.', 500, 100, 2000),
  contact: v.optional(
    v.pipe(
      Contact,
      v.title('Closed-position input'),
      v.description('Sees the garage door closed. Without it there are no visits.'),
    ),
  ),
});
export type OsdpBarrierConfig = v.InferOutput<typeof OsdpBarrierConfig>;

/** What every one of them has: where it is. */
export type OsdpPlace = Pick<OsdpLockConfig, 'port' | 'baudRate' | 'address' | 'reader' | 'pollMs'>;

/** A strike or a garage operator, and the bell beside it where that hangs on the same peripheral. */
export type OsdpDoorConfig = { readonly bell?: Extract<BellConfig, { kind: 'osdp' }> } & (
  | { readonly is: 'lock'; readonly config: OsdpLockConfig }
  | { readonly is: 'barrier'; readonly config: OsdpBarrierConfig }
);

/** What hangs on a line at this door, if anything does. */
export function osdpOf(door: {
  readonly lock?: OsdpLockConfig | { readonly kind: 'nuki' } | undefined;
  readonly barrier?: OsdpBarrierConfig | undefined;
  readonly bell?: BellConfig | undefined;
}): OsdpDoorConfig | undefined {
  const bell = door.bell?.kind === 'osdp' ? { bell: door.bell } : {};
  if (door.barrier !== undefined) return { is: 'barrier', config: door.barrier, ...bell };
  return door.lock?.kind === 'osdp' ? { is: 'lock', config: door.lock, ...bell } : undefined;
}
