/** The settings of the bell at a door: a button on the line of its lock, or a program. */
import * as v from 'valibot';
import { commandOf, whole } from './shapes.ts';

const OsdpBellConfig = v.strictObject({
  kind: v.literal('osdp'),
  input: whole(
    'Bell input',
    'Number of the input of the peripheral of this door that the button is wired to.',
    2,
    0,
    255,
  ),
  pressedWhen: v.optional(
    v.pipe(
      v.picklist(['active', 'inactive']),
      v.title('Level of a pressed button'),
      v.description('Depends on the wiring. Default active.'),
    ),
    'active',
  ),
});

const ProcessBellConfig = v.strictObject({
  kind: v.literal('process'),
  command: commandOf(
    'Program and arguments, one string each; no shell reads them. Each line that it writes is one press. Needs a restart.',
  ),
});

export const BellConfig = v.pipe(
  v.variant('kind', [OsdpBellConfig, ProcessBellConfig]),
  v.title('Bell'),
  v.description(
    'Heard while a courier is expected: that somebody rang. Nothing opens by it. A courier has to ring where there is one: without it, a hand-over code counts only with a position.',
  ),
);
export type BellConfig = v.InferOutput<typeof BellConfig>;
