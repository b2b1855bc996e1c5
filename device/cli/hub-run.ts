/** `doorward hub run`: the hub itself, in the foreground until it is told to stop. */

import { controlRoutes } from '../control/routes.ts';
import { openControl } from '../control/server.ts';
import { buildHub } from '../main.ts';
import type { Command } from './command.ts';
import { settingOf, socketOf } from './setting.ts';

export const hubRun: Command = {
  noun: 'hub',
  verb: 'run',
  says: 'Run the hub: locks, journal, the way to the cloud.',
  args: [],
  flags: (jack) => jack,
  run: async (context) => {
    const config = settingOf(context);
    const hub = await buildHub(config);
    const stopped = new Promise<void>((resolve) => {
      process.once('SIGTERM', resolve);
      process.once('SIGINT', resolve);
    });
    const started = hub.start();
    // On a full disk there may be no socket; the doors are locked all the same (R7).
    const control = await openControl(socketOf(config), controlRoutes(hub)).catch((error: unknown) => {
      context.say(`No control socket: ${error instanceof Error ? error.message : error}`);
    });
    await started;
    const status = hub.status();
    context.answer(`Hub ${status.hub} runs with ${status.doors.length} doors.`, {
      event: 'ready',
      hub: status.hub,
      pid: process.pid,
    });
    await stopped;
    await control?.close();
    await hub.close();
  },
};
