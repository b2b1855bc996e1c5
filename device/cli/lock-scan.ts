/** `doorward lock scan`: the Nuki locks in reach. */
import { Fault } from '../../wire/faults.ts';
import type { HubConfig } from '../config/schema.ts';
import type { HeardNuki } from '../lock/nuki/scan.ts';
import type { Command } from './command.ts';
import { hearNearby, modeSays, nothingHeard } from './nearby.ts';
import { settingOf } from './setting.ts';

const defaultSeconds = 10;
const mostSeconds = 300;

const doorAt = ({ doors }: HubConfig, address: string): string | undefined =>
  doors.find(({ lock }) => lock?.kind === 'nuki' && lock.address === address)?.name;

const row = (nukiId: string, address: string, signal: string, door: string, mode: string): string =>
  [nukiId.padEnd(8), address.padEnd(17), signal.padEnd(8), door.padEnd(16), mode].join('  ');

export const lockScan: Command = {
  noun: 'lock',
  verb: 'scan',
  says: 'List the Nuki locks in reach, through the running hub or without it.',
  args: [],
  flags: (jack) =>
    jack.num({
      'for-seconds': { hint: 'n', description: `How long to listen, 1 to ${mostSeconds}. Default ${defaultSeconds}.` },
    }),
  run: async (context) => {
    const { 'for-seconds': seconds = defaultSeconds } = context.flags;
    if (typeof seconds !== 'number' || !(seconds >= 1 && seconds <= mostSeconds)) {
      throw new Fault('USAGE', { why: `--for-seconds is 1 to ${mostSeconds}` });
    }
    const config = settingOf(context);
    const heard = await hearNearby(context, config, seconds * 1000);
    const locks = heard.map((one: HeardNuki) => {
      const door = doorAt(config, one.address);
      return { ...one, ...(door === undefined ? {} : { door }) };
    });
    const rows = locks.map(({ nukiId, address, rssiDbm, says, door }) =>
      row(nukiId, address, `${rssiDbm} dBm`, door ?? '-', modeSays[says]),
    );
    const head = row('Nuki-ID', 'address', 'signal', 'door', 'it says');
    context.answer(rows.length === 0 ? nothingHeard : [head, ...rows].join('\n'), { ok: true, locks });
  },
};
