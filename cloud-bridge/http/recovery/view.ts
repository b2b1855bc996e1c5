import * as v from 'valibot';
import { Hash, Id, Millis } from '../../../wire/shapes.ts';

/** One recovery, as owners and the one who asked see it. */
export const RecoveryAnswer = v.strictObject({
  recovery: Id,
  device: v.pipe(Hash, v.description('Thumbprint of the key that the new device signs with.')),
  at: v.pipe(
    v.picklist(['asked', 'waiting', 'vetoed', 'done', 'ended']),
    v.description('asked: the hub has not got it yet; ended: refused, or its code was replaced'),
  ),
  askedAt: Millis,
  untilAt: v.pipe(
    Millis,
    v.description('Until then at least owners can veto. A hub without time or connection waits longer.'),
  ),
});
