/** A person's hands at the simulated door: the simulator's control socket. */
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../../wire/faults.ts';

/** Between two pushes, ms. */
const pushEveryMs = 50;

/** Asks the simulator. @throws Fault DAEMON_UNREACHABLE; LOCK_REFUSED when the door does not move that way now */
export function moveDoor(socketPath: string, path: string, body: object = {}): Promise<Record<string, unknown>> {
  return call(socketPath, 'POST', path, body);
}

/**
 * Pushes the leaf as a person does: until it gives way, or for as long as patience lasts.
 * @throws Fault LOCK_REFUSED when it stayed shut
 */
export async function pushOpen(socketPath: string, door: string, forMs = 3000): Promise<void> {
  for (const end = performance.now() + forMs; ; ) {
    try {
      await moveDoor(socketPath, `/doors/${door}/open-leaf`);
      return;
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'LOCK_REFUSED') || performance.now() > end) throw error;
      await wait(pushEveryMs);
    }
  }
}

/** What the simulator says of itself. @throws Fault DAEMON_UNREACHABLE */
export const lookAtDoor = (socketPath: string, path: string): Promise<Record<string, unknown>> =>
  call(socketPath, 'GET', path);

function call(socketPath: string, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, method, path, headers: { 'content-type': 'application/json' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const answer = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
          if ((response.statusCode ?? 500) < 300) resolve(answer);
          else
            reject(
              new Fault('LOCK_REFUSED', {
                path,
                because: String(answer.because ?? answer.code ?? response.statusCode),
              }),
            );
        });
      },
    );
    outgoing.on('error', (cause) => reject(new Fault('DAEMON_UNREACHABLE', { socket: socketPath }, { cause })));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
