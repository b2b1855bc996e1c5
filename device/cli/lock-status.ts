/** `doorward lock status`: every door as its lock and contact report it now. */
import { Fault } from '../../wire/faults.ts';
import { unpaired } from '../doctor/locks.ts';
import type { HubStatus } from '../main.ts';
import { keySays } from '../secrets/secrets.ts';
import type { Command } from './command.ts';
import { askHub } from './setting.ts';

type Door = HubStatus['doors'][number];

/** The battery of the lock, and those beside it that are nearly empty. */
function batteries(door: Door): readonly string[] {
  const { batteryPercent, batteryCritical, batteryCharging, keypadBatteryCritical, sensorBatteryCritical } = door;
  const own = [
    ...(batteryPercent === undefined ? [] : [`${batteryPercent} %`]),
    ...(batteryCritical ? ['nearly empty'] : []),
    ...(batteryCharging ? ['charging'] : []),
  ];
  return [
    ...(own.length === 0 ? [] : [`  battery ${own.join(', ')}`]),
    ...(keypadBatteryCritical ? ['  keypad battery nearly empty'] : []),
    ...(sensorBatteryCritical ? ['  door sensor battery nearly empty'] : []),
  ];
}

const awayOf = ({ name, fault }: Door): string => {
  if (fault === undefined) return 'cannot be reached';
  const isUnpaired = unpaired.some((code) => code === fault);
  return isUnpaired ? `not paired: doorward lock pair ${name}` : `cannot be reached [${fault}]`;
};

const line = (door: Door): string =>
  [
    door.name.padEnd(16),
    (door.heldBy === 'barrier' ? 'no bolt' : `bolt ${door.bolt}`).padEnd(18),
    `door ${door.contact}`.padEnd(18),
    `visit ${door.at}`.padEnd(18),
    door.reachable ? `seen ${(door.ageMs / 1000).toFixed(1)} s ago` : awayOf(door),
    ...batteries(door),
    ...(door.camera === undefined
      ? []
      : [`  camera ${door.camera.at}${door.camera.code ? ` [${door.camera.code}]` : ''}`]),
  ].join(' ');

export const lockStatus: Command = {
  noun: 'lock',
  verb: 'status',
  says: 'Show what every lock and contact reports.',
  args: ['door?'],
  flags: (jack) => jack,
  run: async (context) => {
    const status = (await askHub(context, 'GET', '/status')) as HubStatus;
    const [name] = context.args;
    const doors = name === undefined ? status.doors : status.doors.filter((door) => door.name === name);
    if (name !== undefined && doors.length === 0) throw new Fault('DOOR_UNKNOWN', { door: name });
    const head = `hub ${status.hub}  ${status.online ? 'online' : 'offline'}  clock ${status.clock}  journal ${status.head}`;
    const refusing = status.refusing === undefined ? [] : [`takes no visits: ${status.refusing}`];
    const secrets = status.secrets === undefined ? [] : [`its keys are sealed under ${keySays[status.secrets]}`];
    const media = status.media === 'missing' ? ['carries no pictures: enrol it afresh for the media link'] : [];
    context.answer([head, ...secrets, ...refusing, ...media, ...doors.map(line)].join('\n'), {
      ok: true,
      ...status,
      doors,
    });
  },
};
