/** What holds a new door: the questions about a strike, a Nuki lock or a garage operator, each with its flag. */
import { Fault } from '../../wire/faults.ts';
import type { HubConfig } from '../config/schema.ts';
import { asked, askedYes } from './asked.ts';
import type { CommandContext, Refuses } from './command.ts';
import { hearNearby, modeSays, nothingHeard } from './nearby.ts';

/** What is no number is left for the schema to refuse by name. */
const toNumber = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

const place = async (context: CommandContext, drives: string): Promise<object> => ({
  kind: 'osdp',
  port: await asked(context, 'port', 'Serial port of the RS-485 adapter, best one of /dev/serial/by-id/'),
  baudRate: toNumber(await asked(context, 'baud', 'Baud rate of the peripheral', '9600')),
  address: toNumber(await asked(context, 'address', 'OSDP address of the peripheral', '0')),
  output: toNumber(await asked(context, 'output', `Output that drives the ${drives}`, '0')),
  ...(context.flags['poll-ms'] === undefined ? {} : { pollMs: context.flags['poll-ms'] }),
});

async function strikeFrom(context: CommandContext): Promise<object> {
  const where = await place(context, 'strike');
  const contact = await asked(context, 'contact', 'Input of the door contact; empty for none', '');
  const monitor = await asked(context, 'monitor', 'Input of the latch or bolt monitor; empty for none', '');
  const closedWhen =
    contact === '' ? '' : await asked(context, 'closed-when', 'Its level when the door is closed', 'inactive');
  const lockedWhen =
    monitor === '' ? '' : await asked(context, 'locked-when', 'Its level when the latch is home', 'active');
  return {
    ...where,
    ...(contact === '' ? {} : { contact: { input: toNumber(contact), closedWhen } }),
    ...(monitor === '' ? {} : { monitor: { input: toNumber(monitor), lockedWhen } }),
  };
}

async function barrierFrom(context: CommandContext): Promise<object> {
  context.say(
    'The output goes to the push-button terminals of the operator: one pulse opens. Nothing closes it from afar.',
  );
  const where = await place(context, 'push-button terminals');
  const pulseMs = toNumber(await asked(context, 'pulse-ms', 'Length of a pulse, ms', '500'));
  const contact = await asked(context, 'contact', 'Input that sees it closed; empty for none: then no visits', '');
  const closedWhen =
    contact === '' ? '' : await asked(context, 'closed-when', 'Its level when it is closed', 'inactive');
  return { ...where, pulseMs, ...(contact === '' ? {} : { contact: { input: toNumber(contact), closedWhen } }) };
}

const addressForm = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;
const scanForMs = 8_000;

/** Picked from those in reach, or typed. */
async function pickAddress(context: CommandContext, config: HubConfig): Promise<string> {
  const taken = config.doors.flatMap(({ lock }) => (lock?.kind === 'nuki' ? [lock.address] : []));
  for (;;) {
    context.say('Hold the button of the lock for 5 seconds: then you see which one it is.');
    const heard = await hearNearby(context, config, scanForMs).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      const { do: how } = error.detail;
      context.say(`${error.message}${typeof how === 'string' ? ` ${how}` : ''}`);
      return undefined;
    });
    const free = (heard ?? []).filter(({ address }) => !taken.includes(address));
    if (heard !== undefined && free.length === 0) context.say(nothingHeard);
    for (const [index, { nukiId, address, rssiDbm, says }] of free.entries()) {
      context.say(`  ${index + 1}  ${nukiId}  ${address}  ${rssiDbm} dBm  ${modeSays[says]}`);
    }
    const refuses: Refuses = (text) => {
      const isListed = /^\d+$/.test(text) && free[Number(text) - 1] !== undefined;
      if (isListed || text === 'again' || addressForm.test(text.toLowerCase())) return undefined;
      return 'Type a number of the list, an address like 54:d2:72:aa:bb:cc, or again.';
    };
    const reply = await context.ask('Number of the lock, its address, or again', '--nuki', undefined, refuses);
    if (reply !== 'again') return free[Number(reply) - 1]?.address ?? reply.toLowerCase();
  }
}

async function nukiFrom(context: CommandContext, config: HubConfig): Promise<object> {
  const { nuki } = context.flags;
  const address = typeof nuki === 'string' && nuki !== '' ? nuki.toLowerCase() : await pickAddress(context, config);
  return {
    ...{ kind: 'nuki', address },
    doorSensor: await askedYes(context, 'door-sensor', 'Is a door sensor paired with the lock? Without it no couriers'),
    pullsLatch: await askedYes(context, 'pulls-latch', 'May it pull the latch, for a door with a knob outside?'),
  };
}

const kinds: readonly string[] = ['strike', 'nuki', 'barrier'];

async function kindOf(context: CommandContext): Promise<string> {
  const { flags } = context;
  if (flags.barrier === true && flags.nuki !== undefined) {
    throw new Fault('USAGE', { why: 'a door has either --nuki or --barrier' });
  }
  if (flags.barrier === true) return 'barrier';
  if (flags.nuki !== undefined) return 'nuki';
  if (flags.port !== undefined) return 'strike';
  return context.ask('What holds it: strike (OSDP), nuki, or barrier (a garage door)', '--port', 'strike', (text) =>
    kinds.includes(text) ? undefined : 'Type strike, nuki or barrier.',
  );
}

/** @returns `lock` or `barrier` of the door, as the configuration has it; nothing is checked against the schema yet */
export async function holderFrom(context: CommandContext, config: HubConfig): Promise<object> {
  switch (await kindOf(context)) {
    case 'barrier':
      return { barrier: await barrierFrom(context) };
    case 'nuki':
      return { lock: await nukiFrom(context, config) };
    default:
      return { lock: await strikeFrom(context) };
  }
}
