/** Asks the running hub over its control socket. */
import { request } from 'node:http';
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';

/**
 * Sends one command and waits for its answer.
 * @param withinMs  how long the hub may take
 * @param sent      what goes along, JSON
 * @throws Fault DAEMON_UNREACHABLE when no hub runs; else the hub's own fault
 */
export function callHub(
  socketPath: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  withinMs = 60_000,
  sent?: object,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, timeout: withinMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { code?: string; detail?: Fault['detail'] };
        if (response.statusCode === 200) resolve(body);
        else {
          const code = body.code !== undefined && body.code in faults ? (body.code as FaultCode) : 'INTERNAL';
          reject(new Fault(code, body.detail ?? {}));
        }
      });
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', (cause) => reject(new Fault('DAEMON_UNREACHABLE', { socket: socketPath }, { cause })));
    outgoing.end(sent === undefined ? undefined : JSON.stringify(sent));
  });
}

const nobody: readonly (string | undefined)[] = ['ENOENT', 'ECONNREFUSED'];

/** The same, where a hub that does not run is no failure. @returns undefined then. @throws Fault DAEMON_UNREACHABLE for one that runs and does not answer */
export const callRunning = (...call: Parameters<typeof callHub>): Promise<unknown> =>
  callHub(...call).catch((error: unknown) => {
    const cause = error instanceof Fault && error.code === 'DAEMON_UNREACHABLE' ? error.cause : undefined;
    if (nobody.includes((cause as NodeJS.ErrnoException | undefined)?.code)) return undefined;
    throw error;
  });
