/** The real embedded broker for tests, with its log in memory. */

import { parseConfig } from '../../broker/config/load.ts';
import type { BrokerConfigInput } from '../../broker/config/schema.ts';
import { type LogEvent, makeLog } from '../../broker/log.ts';
import { type Broker, buildBroker } from '../../broker/main.ts';
import type { Leaf } from './pki.ts';
import { writeLeaf } from './pki.ts';

export interface LogLine {
  readonly event: LogEvent;
  readonly code?: string;
  readonly client?: string;
  readonly topic?: string;
  readonly [field: string]: unknown;
}

export interface Embedded {
  readonly broker: Broker;
  readonly port: number;
  readonly lines: LogLine[];
  stop(): Promise<void>;
}

/** Starts it on a free loopback port. @param settings  whatever differs from the defaults */
export async function startEmbedded(server: Leaf, settings: Partial<BrokerConfigInput> = {}): Promise<Embedded> {
  const { caFile, certFile, keyFile } = await writeLeaf(server);
  const lines: LogLine[] = [];
  const log = makeLog('info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const config = parseConfig({ host: '127.0.0.1', port: 0, caFile, certFile, keyFile, ...settings });
  const broker = await buildBroker(config, log);
  return { broker, port: broker.port, lines, stop: () => broker.stop() };
}
