/**
 * `npm run dev:pages -- --port N`: the pages straight from their sources, anew at each change, for who works on them. It stands in for
 * `doorward-cloud pages` at an origin that the cloud names in `pagesOrigins`; nothing is pinned, no policy holds, and the app has no worker.
 * Never part of a service.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer, type Plugin } from 'vite';
import { pageSources, readIndex } from './build.ts';
import { shared } from './bundle.ts';
import { moved, type PageName, places } from './headers.ts';

/** An index whose files are those of the sources. */
async function indexOf(page: PageName, sources: string): Promise<string> {
  const { entry } = pageSources[page];
  const html = await readIndex(join(sources, page));
  return html
    .replace(entry.replace(/\.tsx?$/, '.js'), entry)
    .replace('<link rel="stylesheet"', '<link rel="stylesheet" href="../common/tokens.css">$&')
    .replace('href="icon.svg"', 'href="../icon.svg"')
    .replace(
      /(src|href)="(?:\.\.\/)?/g,
      (found, name: string) => `${name}="${found.endsWith('../') ? '/' : `/${page}/`}`,
    );
}

const pagesFrom = (sources: string): Plugin => ({
  name: 'doorward-pages',
  configureServer: (server) => {
    server.middlewares.use(async (request, response, next) => {
      const path = (request.url ?? '').split('?', 1)[0]!;
      const location = moved[path];
      if (location !== undefined) return response.writeHead(308, { location }).end();
      const [page] = Object.entries(places).find(([, place]) => place === path) ?? [];
      if (page === undefined) return next();
      const html = await server.transformIndexHtml(path, await indexOf(page as PageName, sources));
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);
    });
  },
});

/** What of wire/ only runs in Node is imported, and never called: its modules have all their names, and nothing behind them. */
const noNode: Plugin = {
  name: 'doorward-no-node',
  enforce: 'pre',
  resolveId: (id) => (id.startsWith('node:') ? `\0${id}` : undefined),
  load: async (id) => {
    if (!id.startsWith('\0node:')) return undefined;
    const names = Object.keys(await import(id.slice(1))).filter((name) => name !== 'default');
    return names.map((name) => `export const ${name} = undefined;`).join('\n');
  },
};

export interface DevPages {
  /** No path. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @param sources  folder of all pages @param port  0 takes any free one */
export async function developPages(sources: string, port: number): Promise<DevPages> {
  const server = await createServer({
    ...shared,
    root: sources,
    appType: 'custom',
    plugins: [noNode, pagesFrom(sources)],
    // All libraries are modules already: nothing is made of them, and nothing kept.
    optimizeDeps: { noDiscovery: true },
    // Sources of wire/ lie beside it.
    server: { host: '127.0.0.1', port, strictPort: port !== 0, fs: { allow: [resolve(sources, '../..')] } },
  });
  await server.listen();
  return { url: server.resolvedUrls!.local[0]!.replace(/\/$/, ''), stop: () => server.close() };
}

// In the root of the source tree.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '5173' } } });
  void developPages(resolve('cloud-bridge/pages'), Number(values.port)).then(({ url }) =>
    process.stdout.write(`${url}\n`),
  );
}
