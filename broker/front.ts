/** The listening side: TCP, the gate, TLS 1.3 with client certificates. */
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Fault, type FaultCode } from '../wire/faults.ts';
import type { Certificates } from './certificates.ts';
import type { Gate, Pass } from './gate.ts';
import { type Identity, readIdentity } from './identity.ts';

export interface FrontParts {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** ms for the TLS handshake. */
  readonly handshakeMs: number;
  readonly gate: Gate;
  /** Monotonic ms. */
  readonly now: () => number;
  readonly onClient: (socket: TLSSocket, identity: Identity, address: string) => void;
  readonly onRefused: (code: FaultCode, address: string, reason: string) => void;
}

export interface Front {
  readonly port: number;
  /** For connections made from now on. */
  use(certificates: Certificates): void;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

const handshakeFault = (error: NodeJS.ErrnoException, socket: TLSSocket): [FaultCode, string] => {
  if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return ['BROKER_CONNECT_LATE', error.code];
  // Node types this as an Error, but sets OpenSSL's name of the reason.
  const refusal: unknown = socket.authorizationError;
  if (typeof refusal === 'string') return ['BROKER_CERTIFICATE_REFUSED', refusal];
  if (error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') return ['BROKER_CERTIFICATE_REFUSED', error.code];
  return ['BROKER_HANDSHAKE_REFUSED', error.code ?? 'unknown'];
};

/** Starts listening. @throws Fault BROKER_PORT_UNAVAILABLE */
export async function openFront(certificates: Certificates, parts: FrontParts): Promise<Front> {
  const { gate, now, onClient, onRefused, handshakeMs } = parts;
  const tls = createTlsServer({
    ...certificates,
    minVersion: 'TLSv1.3',
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: handshakeMs,
  });
  tls.on('tlsClientError', (error, socket) => {
    onRefused(...withAddress(handshakeFault(error, socket), socket));
    socket.destroy(); // Node leaves one open whose handshake took too long
  });
  /** `address:port` of the other side -> its pass, so that the TLS socket finds what its TCP socket was given. */
  const passes = new Map<string, Pass>();
  const sockets = new Set<Socket>();
  const keyOf = (socket: Socket): string => `${socket.remoteAddress}:${socket.remotePort}`;

  tls.on('secureConnection', (socket) => {
    const address = socket.remoteAddress ?? '';
    socket.on('error', () => {}); // a reset is no more than a close
    passes.get(keyOf(socket))?.settle();
    const identity = readIdentity(socket.getPeerCertificate(), Date.now());
    if (identity.ok) return onClient(socket, identity.value, address);
    onRefused(identity.code, address, String(identity.detail?.reason ?? ''));
    socket.destroy();
  });

  // noDelay: without it Nagle's algorithm holds the second of two small packets back for 40 ms.
  const tcp = createTcpServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }, (socket) => {
    const [address, key] = [socket.remoteAddress ?? '', keyOf(socket)];
    const pass = gate.admit(address, now());
    if (!pass.ok) {
      onRefused(pass.code, address, JSON.stringify(pass.detail ?? {}));
      socket.destroy();
      return;
    }
    passes.set(key, pass.value);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      pass.value.leave();
      passes.delete(key);
      sockets.delete(socket);
    });
    tls.emit('connection', socket);
  });
  const port = await listening(tcp, parts.host, parts.port);
  return {
    port,
    use: (fresh) => tls.setSecureContext({ ...fresh, minVersion: 'TLSv1.3' }),
    close: () =>
      new Promise((resolve) => {
        tcp.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const withAddress = ([code, reason]: [FaultCode, string], socket: Socket): [FaultCode, string, string] => [
  code,
  socket.remoteAddress ?? '',
  reason,
];

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) =>
      reject(new Fault('BROKER_PORT_UNAVAILABLE', { host, port, reason: cause.code ?? 'unknown' }, { cause }));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
