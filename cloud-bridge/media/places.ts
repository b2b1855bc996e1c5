/** Where recordings lie: `<data>/recordings/<hub>/<stream>.rec`, and beside it `<stream>.shares`. */
import { join } from 'node:path';

export interface Place {
  readonly recording: string;
  readonly shares: string;
}

/** @param stream  checked by its schema: it is a name, never a path */
export const placeOf = (folder: string, of: { readonly hub: string; readonly stream: string }): Place => ({
  recording: join(folder, of.hub, `${of.stream}.rec`),
  shares: join(folder, of.hub, `${of.stream}.shares`),
});
