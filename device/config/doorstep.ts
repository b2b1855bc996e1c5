/** The settings of a camera that looks at what lies before a door: which of the door's cameras, and the part of its picture that may be seen. */
import * as v from 'valibot';

const percent = (title: string, description: string, min: number) =>
  v.pipe(
    v.number(),
    v.minValue(min),
    v.maxValue(100),
    v.title(title),
    v.description(`${description} From ${min} to 100, percent of the picture. Needs a restart.`),
  );

export const DoorstepConfig = v.strictObject({
  from: v.pipe(
    v.picklist(['camera', 'stills']),
    v.title('Which camera'),
    v.description('`camera`, where its codec is `jpeg`, or `stills`. Needs a restart.'),
  ),
  frame: v.pipe(
    v.strictObject({
      left: percent('Left', 'Where the part begins, from the left.', 0),
      top: percent('Top', 'Where the part begins, from above.', 0),
      width: percent('Width', 'Of the part.', 10),
      height: percent('Height', 'Of the part.', 10),
    }),
    v.check(
      ({ left, top, width, height }) => left + width <= 100 && top + height <= 100,
      'the frame leaves the picture',
    ),
    v.title('Frame'),
    v.description(
      'What lies outside of it is made unreadable before a photo is sealed: no street, no neighbour, no door plate.',
    ),
  ),
});
export type DoorstepConfig = v.InferOutput<typeof DoorstepConfig>;
