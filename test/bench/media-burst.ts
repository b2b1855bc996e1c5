/** A home's media link that sends pictures as fast as it goes, and the cloud that takes them: a process of their own, so that only the broker is shared. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mqttMediaBus } from '../../cloud-bridge/bus/media.ts';
import { openLog as openCloudLog } from '../../cloud-bridge/log.ts';
import { mqttMediaLink } from '../../device/bus/media.ts';
import { systemClock } from '../../device/clock/clock.ts';
import { openLog as openHubLog } from '../../device/log.ts';
import { hubIdOf, type Leaf, mediaIdFor, type TestCa } from '../broker/pki.ts';
import { until } from '../support/until.ts';

const pictureBytes = 40_000;

export interface Burst {
  /** From here on as fast as it goes, until `rest`. */
  go(): Promise<void>;
  /** Stops sending, and resolves when nothing is on the way any more. @returns pictures that the cloud took since `go` and how long that was */
  rest(): Promise<{ pictures: number; ms: number }>;
  stop(): Promise<void>;
}

interface Setting {
  readonly port: number;
  readonly hubId: string;
  readonly media: Leaf;
  /** Left out where a cloud takes the pictures already. */
  readonly cloudmedia?: Leaf;
}

/** A home of its own, and the cloud that takes its pictures. */
export async function openBurst(port: number, ca: TestCa): Promise<Burst> {
  const media = await ca.issue({ name: mediaIdFor('burst') });
  const cloudmedia = await ca.issue({ name: 'cloudmedia-1' });
  return startBurst({ port, hubId: hubIdOf('burst'), media, cloudmedia });
}

/** Starts the process and connects. */
export async function startBurst(setting: Setting): Promise<Burst> {
  const isSource = import.meta.url.endsWith('.ts');
  const child = fork(fileURLToPath(import.meta.url), ['burst'], { execArgv: isSource ? ['--import=tsx'] : [] });
  await tell(child, setting);
  return {
    go: async () => void (await tell(child, 'go')),
    rest: async () => (await tell(child, 'rest')) as { pictures: number; ms: number },
    stop: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

async function tell(child: ChildProcess, what: Setting | 'go' | 'rest'): Promise<unknown> {
  const answered = once(child, 'message');
  child.send(what);
  return (await answered)[0];
}

async function connect({ port, hubId, media, cloudmedia }: Setting) {
  const broker = `mqtts://localhost:${port}`;
  const pem = ({ cert, key, ca }: Leaf) => ({ certificate: cert, key, brokerCa: ca });
  const shards = Array.from({ length: 16 }, (_, shard) => shard);
  const bus = cloudmedia && mqttMediaBus({ broker, ...pem(cloudmedia), shards }, openCloudLog('silent'));
  const link = mqttMediaLink({ broker, hubId, ...pem(media), backoffMs: 100 }, systemClock, openHubLog('silent'));
  bus?.start();
  link.start();
  await until('both ends are online', () => bus?.online !== false && link.online);
  return { bus, link };
}

/** The process itself. */
function serve(): void {
  const picture = Buffer.alloc(pictureBytes, 'x');
  let link: Awaited<ReturnType<typeof connect>>['link'] | undefined;
  let [isGoing, pictures, sinceMs] = [false, 0, 0];
  const send = async (): Promise<void> => {
    while (isGoing) {
      while (link?.send(picture)) if (!isGoing) return;
      await turn();
    }
  };
  process.on('message', async (what: Setting | 'go' | 'rest') => {
    if (what === 'go') {
      [isGoing, pictures, sinceMs] = [true, 0, performance.now()];
      void send();
      process.send?.('going');
    } else if (what === 'rest') {
      isGoing = false;
      const done = { pictures, ms: performance.now() - sinceMs };
      await until('the socket is empty', () => link?.waiting === 0);
      process.send?.(done);
    } else {
      const ends = await connect(what);
      link = ends.link;
      ends.bus?.listen({
        sealed: () => {
          pictures += 1;
        },
      });
      process.send?.('ready');
    }
  });
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === 'burst' && process.send !== undefined) serve();
