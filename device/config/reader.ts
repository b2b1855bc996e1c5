/** The settings of a reader beside a door: its light, its buzzer, its keys. */
import * as v from 'valibot';
import { whole } from './shapes.ts';

/** A reader on the same OSDP peripheral as the strike. */
export const ReaderConfig = v.pipe(
  v.strictObject({
    number: whole('Reader', 'Number of the reader that shows the visitor how the visit stands.', 0, 0, 255),
    led: whole('Light', 'Number of its light.', 0, 0, 255),
    hasKeypad: v.optional(
      v.pipe(
        v.boolean(),
        v.title('Keypad'),
        v.description(
          'It has keys, outside at the door. A courier is then asked to type a number there that opens nothing: without the number, or any key, a hand-over code counts only with a position. Default false.',
        ),
      ),
      false,
    ),
  }),
  v.title('Reader'),
  v.description('Light and buzzer for whoever stands at the door. Without it nothing is shown there.'),
);
export type ReaderConfig = v.InferOutput<typeof ReaderConfig>;
