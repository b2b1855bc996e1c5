/** The parts of the unlock path that cannot be avoided, each done bare in processes of its own, one at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Street } from '../../hardware-sim/start/street.ts';
import { type BareReady, type BareRole, type BareTask, bareBytes } from './bare-peer.ts';
import { clientsOf } from './street-clients.ts';

export const partNames = ['http', 'mqtt', 'es256', 'eddsa', 'commit'] as const;
export type PartName = (typeof partNames)[number];

export interface BareParts {
  /** Does one part once. @returns us */
  measure(part: PartName): Promise<number>;
  stop(): Promise<void>;
}

const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const program = fileURLToPath(new URL(`./bare-peer${ending}`, import.meta.url));

interface Peer extends BareReady {
  task(task: BareTask): Promise<number>;
  stop(): Promise<void>;
}

async function startPeer(role: BareRole): Promise<Peer> {
  const child: ChildProcess = fork(program, ['bare-peer'], { execArgv: ending === '.ts' ? ['--import=tsx'] : [] });
  child.send(role);
  const [{ port }] = (await once(child, 'message')) as [BareReady];
  return {
    port,
    task: async (task) => {
      child.send({ task });
      const [{ us }] = (await once(child, 'message')) as [{ us: number }];
      return us;
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** One request and its answer over a kept connection, measured as the courier's own is. */
export function postTo(
  agent: Agent,
  port: number,
  path: string,
  body: Buffer,
): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Starts what is needed beside a street: clients of its own broker, a folder on its hub's disk. */
export async function startParts(street: Street): Promise<BareParts> {
  const clients = await clientsOf(street);
  const [cloud, hub] = [await clients.cloud('bare'), await clients.hub()];
  const http = await startPeer({ role: 'http' });
  const echo = await startPeer({ role: 'echo', client: hub, instance: cloud.id });
  const ask = await startPeer({ role: 'ask', client: cloud, hub: hub.id });
  const work = await startPeer({ role: 'work', folder: street.paths.hub });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = Buffer.from(JSON.stringify({ knock: 'x'.repeat(bareBytes.request) }));
  const httpOnce = async (): Promise<number> => {
    const startedMs = performance.now();
    await postTo(agent, http.port, '/v1/visits/x/acts', body);
    return (performance.now() - startedMs) * 1000;
  };
  return {
    measure: (part) => {
      if (part === 'http') return httpOnce();
      return part === 'mqtt' ? ask.task('round-trip') : work.task(part);
    },
    stop: async () => {
      agent.destroy();
      for (const peer of [http, echo, ask, work]) await peer.stop();
    },
  };
}
