/** A controller on a Unix socket: hub and simulator are two processes. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Controller } from './controller.ts';

/**
 * Serves one controller, one host at a time; a second one is turned away. Unplugging the controller hangs up.
 * @param path  Unix socket, made anew; only its owner may use it
 * @returns stops serving
 */
export async function serveController(controller: Controller, path: string): Promise<() => Promise<void>> {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    controller.open().then(
      (plug) => {
        plug.onData((chunk) => void socket.write(chunk));
        plug.onClose(() => socket.destroy());
        socket.once('close', () => void plug.close());
        socket.on('data', (chunk) => plug.write(chunk).catch(() => undefined));
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
}
