/** `doorward-sim run`: a simulated home as a process of its own, until it is asked to end. */
import { readFileSync } from 'node:fs';
import { Fault } from '../../wire/faults.ts';
import { readSimConfig, type SimConfig } from '../config.ts';
import { serveControl } from '../control/server.ts';
import type { DoorEvent } from '../door/events.ts';
import { type SimHome, startSimHome } from '../home.ts';
import type { Command } from './command.ts';

function readConfig(file: string | undefined): SimConfig {
  if (file === undefined) throw new Fault('CONFIG_MISSING');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Fault('CONFIG_MISSING', { file }, { cause });
  }
  let asked: unknown;
  try {
    asked = JSON.parse(text);
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { at: '(whole)', problem: 'not JSON' }, { cause });
  }
  return readSimConfig(asked);
}

const inWords = (event: DoorEvent): string => {
  const more = 'by' in event ? ` (${event.by})` : 'fault' in event ? ` (${event.fault})` : '';
  return `${new Date(event.at).toISOString()}  ${event.door}  ${event.on}${more}`;
};

const ready = ({ lines, air, control }: SimConfig, home: SimHome) => ({
  event: 'ready',
  ports: lines.map(({ id, path }) => ({ line: id, path: path ?? null })),
  air: air?.path ?? null,
  control: control ?? null,
  doors: [...home.doors.keys()],
});

const readyInWords = ({ lines, air, control }: SimConfig): string => {
  const where = [
    ...lines.map(({ id, path }) => `${id} at ${path ?? '(memory)'}`),
    ...(air ? [`Bluetooth at ${air.path}`] : []),
  ].join(', ');
  return `The home is up: ${where || 'in memory'}. Control socket: ${control ?? 'none'}.`;
};

export const run: Command = {
  name: 'run',
  says: 'Run a simulated home: doors on serial lines and over Bluetooth, with a control socket.',
  flags: (jack) =>
    jack
      .opt({ config: { short: 'c', hint: 'file', description: 'Configuration of the simulated home, JSON.' } })
      .flag({ json: { description: 'One JSON object a line: ready, then every event at a door, then stopped.' } }),
  run: async ({ config: file, json }, { say, onStop }) => {
    const config = readConfig(file);
    const home = startSimHome(config);
    try {
      await home.onAir();
      const server = config.control === undefined ? undefined : await serveControl(home, config.control);
      const stopped = new Promise<void>((resolve) => onStop(resolve));
      home.events.onEvent((event) => say(json ? JSON.stringify({ event: 'door', ...event }) : inWords(event)));
      say(json ? JSON.stringify(ready(config, home)) : readyInWords(config));
      await stopped;
      server?.closeAllConnections();
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    } finally {
      await home.close();
    }
    say(json ? JSON.stringify({ event: 'stopped' }) : 'The home is down.');
  },
};
