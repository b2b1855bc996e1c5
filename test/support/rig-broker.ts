/** A broker that can be stopped and started again at the same port: ours in this process, or Debian's mosquitto with our files. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseConfig } from '../../broker/config/load.ts';
import { buildBroker } from '../../broker/main.ts';
import type { layoutOf } from '../../cloud-bridge/config/layout.ts';
import { startMosquitto } from '../broker/mosquitto.ts';

export type BrokerKind = 'embedded' | 'mosquitto';

export interface RigBroker {
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @returns a broker that runs */
export async function startRigBroker(
  kind: BrokerKind,
  at: ReturnType<typeof layoutOf>,
  port: number,
): Promise<RigBroker> {
  const [ca, cert, key] = await Promise.all(
    [at.caCertificate, at.brokerCertificate, at.brokerKey].map((path) => readFile(path, 'utf8')),
  );
  const launch = async (): Promise<{ stop(): Promise<unknown> }> => {
    if (kind === 'mosquitto') {
      const shipped = resolve(import.meta.dirname, '../../broker/mosquitto');
      return startMosquitto({ ca: ca!, cert: cert!, key: key! }, shipped, port);
    }
    const files = { caFile: at.caCertificate, certFile: at.brokerCertificate, keyFile: at.brokerKey };
    return buildBroker(parseConfig({ host: '127.0.0.1', port, ...files, logLevel: 'silent' }));
  };
  let running: { stop(): Promise<unknown> } | undefined = await launch();
  return {
    port,
    start: async () => {
      running ??= await launch();
    },
    stop: async () => {
      const stopping = running;
      running = undefined;
      await stopping?.stop();
    },
  };
}
