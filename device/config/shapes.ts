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
