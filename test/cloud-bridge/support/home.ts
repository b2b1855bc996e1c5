/** A home with a hub and an owner on a cloud of its own: most of what is tested of the cloud starts here. */
import type { Test } from 'tap';
import { makeHub, type ScriptedHub } from './hub.ts';
import { makeOwner, type Owner } from './people.ts';
import { makeWorld, type World } from './world.ts';

export interface Home {
  readonly world: World;
  readonly hub: ScriptedHub;
  readonly owner: Owner;
}

/** The hub is enrolled, connected and handed over, and leaves with the test. @param world  where it is no cloud of its own */
export async function makeHome(t: Test, world?: World): Promise<Home> {
  const cloud = world ?? (await makeWorld(t));
  const hub = await makeHub(cloud);
  t.teardown(() => hub.leave());
  return { world: cloud, hub, owner: await makeOwner(cloud, hub) };
}
