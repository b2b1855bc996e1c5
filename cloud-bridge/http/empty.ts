/** The body of a request that says all by its path. */
import * as v from 'valibot';

export const Empty = v.optional(v.strictObject({}), {});
