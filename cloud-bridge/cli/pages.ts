/** `doorward-cloud pages`: serves the owner's page, apart from the service. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Fault } from '../../wire/faults.ts';
import { servePages } from '../pages/host.ts';
import { type Command, numberFlag, textFlag } from './command.ts';

/** The file that was named, or the one that lies where the release puts it. */
function manifestOf(named: string | undefined, folder: string): string | undefined {
  if (named !== undefined) return resolve(named);
  const usual = join(folder, 'pages.jws');
  return existsSync(usual) ? usual : undefined;
}

export const pages: Command = {
  name: 'pages',
  says: 'Serve the owner’s page, from an origin of its own.',
  flags: (jack) =>
    jack
      .opt({
        api: { hint: 'url', description: 'Where owners reach the service (its public URL), without a path.' },
        host: { hint: 'address', description: 'Address to listen at; else 127.0.0.1.' },
        manifest: {
          hint: 'file',
          description: 'What the release key signed of it; else pages.jws in that folder, if it is there.',
        },
        folder: { hint: 'dir', description: 'The built page; else the one that came with this program.' },
      })
      .num({ port: { hint: 'n', description: 'TCP port; 0 takes any free one; else 8090.' } }),
  run: async (context) => {
    const api = textFlag(context, 'api');
    if (api === undefined) throw new Fault('USAGE', { why: 'name the service with --api' });
    const folder = resolve(textFlag(context, 'folder') ?? resolve(import.meta.dirname, '../pages'));
    const served = await servePages({
      api,
      folder,
      manifest: manifestOf(textFlag(context, 'manifest'), folder),
      host: textFlag(context, 'host') ?? '127.0.0.1',
      port: numberFlag(context, 'port') ?? 8090,
    });
    const rows = Object.entries(served.hashes).map(([name, hash]) => `  sha256-${hash}  ${name}`);
    const text = [`The owner's app is at ${served.url}/app/`, ...rows].join('\n');
    context.answer(text, { ok: true, event: 'ready', url: `${served.url}/app/`, hashes: served.hashes });
    await new Promise<void>((done) => {
      process.once('SIGTERM', () => done());
      process.once('SIGINT', () => done());
    });
    await served.stop();
  },
};
