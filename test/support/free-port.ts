/** Ports to listen at. */
import { createServer } from 'node:net';

/** A TCP port that nobody uses now, for who has to know it before anybody listens. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
