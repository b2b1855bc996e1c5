/** `doorward door add`: writes one more door into the configuration, asking for what was not given. */
import { randomInt } from 'node:crypto';
import { Fault } from '../../wire/faults.ts';
import { checkDoors, readConfigText, writeDoors } from '../config/edit.ts';
import { configPath } from '../config/load.ts';
import type { HubConfig } from '../config/schema.ts';
import { checkContacts } from '../doctor/contacts.ts';
import { type Command, type CommandContext, textFlag } from './command.ts';
import { holderFrom } from './door-holder.ts';
import { runningHub, socketOf } from './setting.ts';

const idChars = 'abcdefghijklmnopqrstuvwxyz0123456789';
const newDoorId = (): string => `door-${Array.from({ length: 20 }, () => idChars[randomInt(idChars.length)]).join('')}`;

function jsonFlag(context: CommandContext, flag: string): object {
  const text = textFlag(context, flag);
  if (text === undefined) return {};
  try {
    return { [flag]: JSON.parse(text) as unknown };
  } catch (cause) {
    throw new Fault('USAGE', { why: `--${flag} is JSON, as in the configuration` }, { cause });
  }
}

async function doorFrom(context: CommandContext, config: HubConfig): Promise<{ id: string; name: string }> {
  const { flags, args } = context;
  const name = args[0] ?? (await context.ask('Name of the door, as commands call it (a-z, 0-9, -)', 'a name'));
  const holder = await holderFrom(context, config);
  const times = { unlockForMs: 'unlock-for-ms', openLimitMs: 'open-limit-ms', stillMs: 'still-ms' };
  const given = Object.entries(times).filter(([, flag]) => flags[flag] !== undefined);
  return {
    ...{ id: textFlag(context, 'id') ?? newDoorId(), name },
    ...holder,
    ...jsonFlag(context, 'camera'),
    ...jsonFlag(context, 'stills'),
    ...jsonFlag(context, 'bell'),
    ...(flags['accepts-closed'] === true ? { acceptsClosed: true } : {}),
    ...Object.fromEntries(given.map(([setting, flag]) => [setting, flags[flag]])),
  };
}

export const doorAdd: Command = {
  noun: 'door',
  verb: 'add',
  says: 'Add a door to the configuration: a strike, a Nuki lock or a garage door; asks for what is not given.',
  args: ['name?'],
  flags: (jack) =>
    jack
      .opt({
        nuki: { hint: 'address', description: 'Bluetooth address of a Nuki lock, as `doorward lock scan` shows it.' },
        port: { hint: 'path', description: 'Serial port of the RS-485 adapter.' },
        'closed-when': { hint: 'level', description: 'Level of the contact of a closed door: active or inactive.' },
        'locked-when': { hint: 'level', description: 'Level of the monitor of a home latch: active or inactive.' },
        camera: { hint: 'json', description: 'Settings of the camera, as in the configuration.' },
        stills: { hint: 'json', description: 'Settings of a serial camera, as in the configuration.' },
        bell: { hint: 'json', description: 'Settings of the bell, as in the configuration.' },
        id: { hint: 'id', description: 'Id of a door that was here before; else a random one.' },
      })
      .num({
        baud: { hint: 'n', description: 'Baud rate of the peripheral. Default 9600.' },
        address: { hint: 'n', description: 'OSDP address of the peripheral. Default 0.' },
        output: { hint: 'n', description: 'Output that drives the strike, or the garage door. Default 0.' },
        contact: { hint: 'n', description: 'Input of the door contact.' },
        monitor: { hint: 'n', description: 'Input of the latch or bolt monitor.' },
        'pulse-ms': { hint: 'ms', description: 'Length of a pulse of a garage door. Default 500.' },
        'poll-ms': { hint: 'ms', description: 'Pause between two polls of the line.' },
        'unlock-for-ms': { hint: 'ms', description: 'How long the strike is released.' },
        'open-limit-ms': { hint: 'ms', description: 'How long the door may stand open.' },
        'still-ms': { hint: 'ms', description: 'How long door and bolt must be still to count as locked.' },
      })
      .flag({
        barrier: { description: 'It is a garage door, with its operator on an output of an OSDP peripheral.' },
        'door-sensor': { description: 'A door sensor is paired with the Nuki lock.' },
        'pulls-latch': { description: 'The Nuki lock may pull the latch.' },
        'accepts-closed': { description: 'The owner accepts that visits end closed, not secured.' },
      }),
  run: async (context) => {
    const before = readConfigText(configPath(textFlag(context, 'config')));
    const door = await doorFrom(context, before.config);
    const doors = [...before.json.doors, door];
    const checked = checkDoors(before, doors);
    const [wiring] = checkContacts(checked, undefined).slice(-1);
    if (wiring?.level === 'fail') throw new Fault('CONFIG_INVALID', { setting: `door ${door.name}`, why: wiring.says });
    const config = writeDoors(before, doors);
    if (wiring?.level === 'warn') context.say(`${wiring.says}. ${wiring.fix}`);
    if (!('camera' in door)) {
      context.say(
        'No camera: rules that demand a picture are refused at this door. Add it to the file: docs/cameras.md.',
      );
    }
    const restart = (await runningHub(socketOf(config))) !== undefined;
    const next = restart ? 'Restart the hub: until then it does not know this door' : 'Start the hub: doorward hub run';
    context.answer(`${door.name}: added as ${door.id}. ${next}; then: doorward lock pair ${door.name}`, {
      ...{ ok: true, door: door.name, id: door.id, restart },
    });
  },
};
