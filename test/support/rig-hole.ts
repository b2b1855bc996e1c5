/** The network between a rig's hub and its broker: it can swallow everything without a word, as a jammed radio does. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

interface Line {
  readonly near: Socket;
  readonly far: Socket;
}

export class RigHole {
  readonly #server: Server;
  readonly #lines = new Set<Line>();
  readonly #port: number;
  #isOpen = false;
  /** Connections that are swallowed; the others go on. */
  #swallows: (index: number) => boolean = () => true;
  #count = 0;

  private constructor(server: Server, port: number, far: number) {
    this.#server = server;
    this.#port = port;
    server.on('connection', (near) => this.#join(near, far));
  }

  /** @param far  port that everything is carried to */
  static open(far: number): Promise<RigHole> {
    return new Promise((resolve) => {
      const server = createServer({ noDelay: true }).listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(new RigHole(server, typeof address === 'object' && address !== null ? address.port : 0, far));
      });
    });
  }

  get port(): number {
    return this.#port;
  }

  /** How many connections there have been: the first is the hub's own, its pictures have later ones. */
  get connections(): number {
    return this.#count;
  }

  /**
   * From now on nothing passes, and nobody is told: no reset, no end; what is sent piles up and is lost.
   * @param which  the connections that this happens to, by their number from 0; all unless told
   */
  swallow(which: (index: number) => boolean = () => true): void {
    this.#isOpen = true;
    this.#swallows = which;
  }

  /** New connections pass again. Those that were swallowed stay dead, as a TCP connection does whose peer was long away. */
  mend(): void {
    this.#isOpen = false;
  }

  close(): void {
    for (const { near, far } of this.#lines) {
      near.destroy();
      far.destroy();
    }
    this.#server.close();
  }

  #join(near: Socket, port: number): void {
    const index = this.#count;
    this.#count += 1;
    let isLost = false;
    const passes = (): boolean => {
      isLost ||= this.#isOpen && this.#swallows(index);
      return !isLost;
    };
    const far = dial({ port, host: '127.0.0.1', noDelay: true });
    const line = { near, far };
    this.#lines.add(line);
    near.on('data', (bytes) => void (passes() && far.write(bytes)));
    far.on('data', (bytes) => void (passes() && near.write(bytes)));
    const end = (one: Socket, other: Socket) => (): void => {
      // Who hears nothing does not hear the end either.
      if (passes()) other.destroy();
      if (one.destroyed && other.destroyed) this.#lines.delete(line);
    };
    near.on('close', end(near, far)).on('error', () => undefined);
    far.on('close', end(far, near)).on('error', () => undefined);
  }
}
