/** Shapes that settings of several parts share, each with its bounds in its description. */
import * as v from 'valibot';

/** A whole number that needs a restart; its description says default and bounds. */
export const whole = (title: string, description: string, fallback: number, min: number, max: number) =>
  v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(min),
      v.maxValue(max),
      v.title(title),
      v.description(`${description} Default ${fallback}, from ${min} to ${max}. Needs a restart.`),
    ),
    fallback,
  );

/** A path of the file system. */
export const path = (title: string, description: string) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(512), v.title(title), v.description(description));

const text = (title: string, description: string) =>
  v.pipe(v.string(), v.maxLength(4096), v.title(title), v.description(description));

/** A program that is run without a shell. */
export const commandOf = (description: string) =>
  v.pipe(
    v.tupleWithRest(
      [v.pipe(text('Program', 'Looked for in PATH, unless it has a slash.'), v.minLength(1))],
      text('Argument', 'Handed over as it is.'),
    ),
    v.maxLength(128),
    v.title('Command'),
    v.description(description),
  );
