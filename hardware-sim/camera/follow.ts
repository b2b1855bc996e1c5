/** Follows a camera of a running home: what it is told of its surroundings. */
import { type Following as Followed, follow } from '../control/follow.ts';
import type { Told } from './view.ts';

export type Following = Followed<Told>;

/** @throws Fault SIM_UNREACHABLE when there is no home to begin with; NOT_FOUND when it has no such camera */
export const followCamera = (socketPath: string, camera: string): Promise<Following> =>
  follow<Told>(socketPath, `/cameras/${camera}/follow`, { camera });
