/** What the command line may ask of the running hub. */
import { Fault } from '../../wire/faults.ts';
import type { Hub } from '../main.ts';
import type { ControlRoutes } from './server.ts';

const named = (name: string | undefined): string => {
  if (name === undefined) throw new Fault('USAGE', { why: 'name a door' });
  return name;
};

export const controlRoutes = (hub: Hub): ControlRoutes => ({
  'GET /status': async () => hub.status(),
  'POST /handover': async () => hub.openHandover(),
  'POST /doors/:name/test': async (name) => hub.testLock(named(name)),
  'POST /doors/:name/pair': async (name) => hub.pairLock(named(name)),
});
