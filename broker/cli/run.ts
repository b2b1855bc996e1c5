/** `doorward-broker run`: a broker in the foreground until it is told to stop. */
import { loadConfig } from '../config/load.ts';
import { type Broker, buildBroker } from '../main.ts';
import type { Command } from './flags.ts';

/** Where answers go, and what ends the broker. */
export interface RunParts {
  /** One line of the answer, without the newline. */
  readonly say: (line: string) => void;
  /** Calls `stop` when the process is to end. */
  readonly onStop: (stop: () => void) => void;
  /** Calls `reload` when the certificates are to be read again. */
  readonly onReload: (reload: () => void) => void;
}

/**
 * Starts, says that it is ready, and resolves with the exit code 0 when it was stopped.
 * The ready line is `doorward-broker ready on HOST:PORT`, or with `--json` `{"event":"ready","host":…,"port":…,"pid":…}`.
 * @throws Fault CONFIG_MISSING, CONFIG_INVALID, BROKER_FILES_INVALID, BROKER_PORT_UNAVAILABLE
 */
export async function run(command: Command, parts: RunParts): Promise<number> {
  const config = await loadConfig(command.configFile, command.settings);
  const broker = await buildBroker(config);
  const stopped = new Promise<void>((resolve) => parts.onStop(resolve));
  parts.onReload(() => void reload(broker));
  const { host, port } = broker;
  parts.say(
    command.json
      ? JSON.stringify({ event: 'ready', host, port, pid: process.pid })
      : `doorward-broker ready on ${host}:${port}`,
  );
  await stopped;
  await broker.stop();
  return 0;
}

/** What goes wrong has been logged, and the old certificates stay in force. */
async function reload(broker: Broker): Promise<void> {
  await broker.reload().catch(() => undefined);
}
