/** `doorward-cloud run`: the service. */
import { resolve } from 'node:path';
import { configPath, loadConfig } from '../config/load.ts';
import { buildCloud } from '../main.ts';
import { type Command, type CommandContext, numberFlag, textFlag } from './command.ts';

function flagsOf(context: CommandContext): Record<string, unknown> {
  const data = textFlag(context, 'data');
  const named = {
    dataDir: data === undefined ? undefined : resolve(data),
    host: textFlag(context, 'host'),
    port: numberFlag(context, 'port'),
    publicUrl: textFlag(context, 'public-url'),
    broker: textFlag(context, 'broker'),
    advertisedBroker: textFlag(context, 'advertised-broker'),
    pagesOrigins: textFlag(context, 'pages-origin')?.split(','),
    logLevel: textFlag(context, 'log'),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

export const run: Command = {
  name: 'run',
  says: 'Run the service until it is told to stop.',
  flags: (jack) =>
    jack
      .opt({
        config: { hint: 'file', description: 'Configuration file; else DOORWARD_CLOUD_CONFIG.' },
        data: { hint: 'dir', description: 'Data folder that init has filled.' },
        host: { hint: 'address', description: 'Address to listen at; else 127.0.0.1.' },
        'public-url': { hint: 'url', description: 'Where callers reach the service; else where it listens.' },
        broker: { hint: 'url', description: 'mqtts://host:port; else mqtts://127.0.0.1:8883.' },
        'advertised-broker': { hint: 'url', description: 'Where hubs reach the broker; else the same.' },
        'pages-origin': { hint: 'url', description: 'Origins of the pages, with commas between; else none.' },
        log: { hint: 'level', description: 'trace, debug, info, warn, error or silent; else info.' },
      })
      .num({ port: { hint: 'n', description: 'TCP port; 0 takes any free one; else 8080.' } }),
  run: async (context) => {
    const config = await loadConfig(configPath(textFlag(context, 'config')), flagsOf(context));
    const cloud = await buildCloud(config);
    await cloud.start();
    context.answer(`The cloud listens at ${cloud.url}`, { ok: true, event: 'ready', url: cloud.url });
    await new Promise<void>((done) => {
      process.once('SIGTERM', () => done());
      process.once('SIGINT', () => done());
    });
    await cloud.stop();
  },
};
