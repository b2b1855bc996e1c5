/** Which of the doors that a plan leads through; left out: a link that has one grant means that. */
import * as v from 'valibot';
import { DoorId } from '../../../wire/shapes.ts';

export const OfDoor = v.optional(v.strictObject({ door: v.optional(DoorId) }), {});
