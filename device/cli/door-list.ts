/** `doorward door list`: the doors of the configuration, and whether the running hub knows them. */
import type { DoorConfig } from '../config/schema.ts';
import type { Command } from './command.ts';
import { runningHub, settingOf, socketOf } from './setting.ts';

/** Where it is, and what sees it. */
function holding({ lock, barrier }: DoorConfig): string[] {
  if (lock?.kind === 'nuki') {
    const sensor = lock.doorSensor ? 'door sensor' : 'no door sensor';
    return [`Nuki ${lock.address}`, sensor, ...(lock.pullsLatch ? ['pulls the latch'] : [])];
  }
  const { port, address, output, contact } = (lock ?? barrier)!;
  const place = `${port}, address ${address}, output ${output}`;
  const seen = contact === undefined ? 'no contact' : `contact ${contact.input}`;
  if (lock === undefined) return [`barrier ${place}`, seen];
  return [place, seen, lock.monitor === undefined ? 'no monitor' : `monitor ${lock.monitor.input}`];
}

const row = (door: DoorConfig, served: boolean | undefined): string =>
  [
    door.name.padEnd(16),
    door.id,
    ...holding(door),
    ...(door.camera === undefined ? [] : ['camera']),
    ...(door.stills === undefined ? [] : ['stills']),
    ...(served === false ? ['not known to the running hub: restart it'] : []),
  ].join('  ');

export const doorList: Command = {
  noun: 'door',
  verb: 'list',
  says: 'List the doors of the configuration.',
  args: [],
  flags: (jack) => jack,
  run: async (context) => {
    const config = settingOf(context);
    const status = await runningHub(socketOf(config));
    const servedOf = (id: string): boolean | undefined => status?.doors.some((door) => door.id === id);
    const gone = status?.doors.filter(({ id }) => !config.doors.some((door) => door.id === id)) ?? [];
    const rows = [
      ...config.doors.map((door) => row(door, servedOf(door.id))),
      ...gone.map(({ id, name }) => `${name.padEnd(16)}  ${id}  removed; the running hub has it until it is restarted`),
    ];
    const doors = config.doors.map((door) => {
      const served = servedOf(door.id);
      return served === undefined ? door : { ...door, served };
    });
    const restart = gone.length > 0 || config.doors.some(({ id }) => servedOf(id) === false);
    context.answer(rows.length === 0 ? 'No doors yet: doorward door add' : rows.join('\n'), {
      ok: true,
      doors,
      restart,
    });
  },
};
