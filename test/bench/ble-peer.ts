/** A process of its own: the hub that is measured, the bare program beside it, or the air that this one speaks on. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../wire/faults.ts';
import { bareBle } from './ble-bare.ts';
import { watchedHub } from './ble-hub.ts';
import { scriptedAir } from './ble-scripted.ts';

export type BleRole =
  | { readonly role: 'hub'; readonly config: string }
  | { readonly role: 'bare'; readonly path: string }
  | { readonly role: 'air'; readonly path: string };

/** A role answers to these names; what a task brings is told as JSON. */
type Tasks = Readonly<Record<string, (argument: number) => unknown>>;

export interface BlePeer {
  /** @throws Fault INTERNAL when the process ends instead, or knows no such task */
  ask<T>(task: string, argument?: number): Promise<T>;
  stop(): Promise<void>;
}

const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const program = fileURLToPath(new URL(`./ble-peer${ending}`, import.meta.url));

/** @param logFile  what it prints is added there */
export async function startBlePeer(role: BleRole, logFile: string): Promise<BlePeer> {
  const log = openSync(logFile, 'a', 0o600);
  const execArgv = ending === '.ts' ? ['--import=tsx'] : [];
  const child: ChildProcess = fork(program, ['ble-peer'], { execArgv, stdio: ['ignore', log, log, 'ipc'] });
  const gone = once(child, 'exit');
  let asked = 0;
  const answer = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        child.off('message', onMessage);
        child.off('exit', onExit);
        end();
      };
      const onMessage = (said: { id: number; value?: unknown; failed?: string }): void => {
        if (said.id !== id) return;
        const { failed } = said;
        settle(() =>
          failed === undefined ? resolve(said.value) : reject(new Fault('INTERNAL', { role: role.role, failed })),
        );
      };
      const onExit = (): void => settle(() => reject(new Fault('INTERNAL', { ended: role.role, log: logFile })));
      child.on('message', onMessage);
      child.on('exit', onExit);
    });
  const ready = answer(0);
  child.send(role);
  await ready;
  return {
    ask: async <T>(task: string, argument = 0) => {
      asked += 1;
      const said = answer(asked);
      child.send({ id: asked, task, argument });
      return (await said) as T;
    },
    stop: async () => {
      child.send({ id: -1, task: 'stop', argument: 0 });
      await gone;
    },
  };
}

async function become(role: BleRole): Promise<Tasks> {
  switch (role.role) {
    case 'hub': {
      const { parted, unlock, close } = await watchedHub(role.config);
      return { parted, unlock, stop: close };
    }
    case 'bare': {
      const { cold, kept, rest, close } = await bareBle(role.path);
      return { cold, kept, rest, stop: close };
    }
    case 'air': {
      const { latency, close } = await scriptedAir(role.path);
      return { latency, stop: close };
    }
  }
}

// Only as a child: what others import from here starts one.
if (process.send !== undefined && process.argv[2] === 'ble-peer') {
  const send = (message: object): void => void process.send?.(message);
  const tell = async (id: number, run: () => unknown): Promise<void> => {
    try {
      send({ id, value: await run() });
    } catch (error) {
      send({ id, failed: String(error) });
    }
  };
  process.once('message', (role: BleRole) => {
    void tell(0, async () => {
      const tasks = await become(role);
      process.on('message', ({ id, task, argument }: { id: number; task: string; argument: number }) => {
        void tell(id, () => tasks[task]!(argument)).then(() => task === 'stop' && process.exit());
      });
    });
  });
  process.once('disconnect', () => process.exit());
}
