/** What most commands begin with: the configuration, and the running hub's socket. */
import { join } from 'node:path';
import { configPath, loadConfig } from '../config/load.ts';
import type { HubConfig } from '../config/schema.ts';
import { callHub, callRunning } from '../control/client.ts';
import type { HubStatus } from '../status.ts';
import { type CommandContext, textFlag } from './command.ts';

/** @throws Fault CONFIG_MISSING, CONFIG_INVALID */
export const settingOf = (context: CommandContext): HubConfig => loadConfig(configPath(textFlag(context, 'config')));

/** Where the running hub listens for commands. */
export const socketOf = (config: HubConfig): string => join(config.dataDir, 'hub.sock');

/** Asks the running hub. @throws Fault DAEMON_UNREACHABLE, or the hub's own fault */
export const askHub = (
  context: CommandContext,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  sent?: { readonly body?: object; readonly withinMs?: number },
): Promise<unknown> => callHub(socketOf(settingOf(context)), method, path, sent?.withinMs, sent?.body);

const lookWithinMs = 10_000;

/** How the hub stands, or undefined when none runs. @throws Fault DAEMON_UNREACHABLE when one runs and does not answer */
export const runningHub = (socket: string): Promise<HubStatus | undefined> =>
  callRunning(socket, 'GET', '/status', lookWithinMs) as Promise<HubStatus | undefined>;
