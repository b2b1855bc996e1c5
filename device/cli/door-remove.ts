/** `doorward door remove`: takes a door out of the configuration, once nothing is left to watch at it. */
import { Fault } from '../../wire/faults.ts';
import { readConfigText, writeDoors } from '../config/edit.ts';
import { configPath } from '../config/load.ts';
import type { HubStatus } from '../status.ts';
import { type Command, textFlag } from './command.ts';
import { runningHub, socketOf } from './setting.ts';

/** @throws Fault DOOR_BUSY, DOOR_UNSECURED */
function refuseWatched(name: string, id: string, status: HubStatus): void {
  const door = status.doors.find((one) => one.id === id);
  if (door === undefined) return;
  const { at, alarms } = door;
  if (at === 'unsecured' || alarms.length > 0) {
    throw new Fault('DOOR_UNSECURED', { door: name, at, alarms: alarms.join(' ') });
  }
  if (at !== 'idle') throw new Fault('DOOR_BUSY', { door: name, at });
}

export const doorRemove: Command = {
  noun: 'door',
  verb: 'remove',
  says: 'Take a door out of the configuration. Asks first.',
  args: ['name'],
  flags: (jack) => jack,
  run: async (context) => {
    const name = context.args[0]!;
    const before = readConfigText(configPath(textFlag(context, 'config')));
    const door = before.config.doors.find((one) => one.name === name);
    if (door === undefined) throw new Fault('DOOR_UNKNOWN', { door: name });
    const socket = socketOf(before.config);
    const look = async (): Promise<boolean> => {
      const status = await runningHub(socket);
      if (status !== undefined) refuseWatched(name, door.id, status);
      return status !== undefined;
    };
    await look();
    await context.confirm(
      `"${name}" (${door.id}) will be removed: nobody is let in there any more, and nobody watches it.`,
    );
    // Somebody may have come while the question stood.
    const restart = await look();
    writeDoors(
      before,
      before.json.doors.filter((one) => one.name !== name),
    );
    const next = restart ? ' Restart the hub: until then it goes on serving it.' : '';
    context.answer(`${name}: removed.${next}`, { ok: true, door: name, id: door.id, restart });
  },
};
