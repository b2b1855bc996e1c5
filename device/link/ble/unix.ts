/** A Bluetooth controller behind a Unix socket, H4 in both directions: a simulated one, or BlueZ's btvirt. */
import { connect } from 'node:net';
import { Fault } from '../../../wire/faults.ts';
import type { OpenLink } from '../link.ts';

/**
 * @param path  of the socket
 * @throws Fault (by the function returned) LINK_OPEN_FAILED with `reason` `permission` or `missing`
 */
export function unixController(path: string): OpenLink {
  return () =>
    new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('error', (cause: NodeJS.ErrnoException) => {
        const reason = cause.code === 'EACCES' ? 'permission' : 'missing';
        reject(new Fault('LINK_OPEN_FAILED', { path, reason }, { cause }));
      });
      socket.once('connect', () => {
        socket.removeAllListeners('error');
        // A failure closes the socket, and `close` tells.
        socket.on('error', () => undefined);
        const closed = new Promise<void>((done) => socket.once('close', () => done()));
        resolve({
          write: (bytes) =>
            new Promise((sent, failed) => {
              if (!socket.writable) return failed(new Fault('LINK_CLOSED'));
              socket.write(bytes, (cause) => (cause ? failed(new Fault('LINK_CLOSED', {}, { cause })) : sent()));
            }),
          onData: (listener) => void socket.on('data', listener),
          onClose: (listener) => void closed.then(listener),
          close: async () => {
            socket.destroy();
            await closed;
          },
        });
      });
    });
}
