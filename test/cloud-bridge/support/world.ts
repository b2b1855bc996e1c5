/** A cloud on a data folder of its own, with the real broker when a test asks for it, and callers with real keys. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { parseConfig } from '../../../broker/config/load.ts';
import { buildBroker } from '../../../broker/main.ts';
import { install } from '../../../cloud-bridge/config/install.ts';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { checkConfig } from '../../../cloud-bridge/config/load.ts';
import type { CloudConfigInput } from '../../../cloud-bridge/config/schema.ts';
import { openLog } from '../../../cloud-bridge/log.ts';
import { buildCloud, type Cloud } from '../../../cloud-bridge/main.ts';
import { newId } from '../../../wire/jws.ts';
import { until as untilSo } from '../../support/until.ts';

export interface World {
  readonly cloud: Cloud;
  readonly dataDir: string;
  readonly broker: string;
  readonly operatorToken: string;
  readonly rootHash: string;
  /** Everything that the cloud has logged, as text. */
  readonly logged: () => string;
  /** Winds the cloud's clock forward, ms. */
  wind(ms: number): void;
  now(): number;
  /** Another instance, or the same one again, on the same data. */
  another(config?: Partial<CloudConfigInput>): Promise<Cloud>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** false: no Idempotency-Key; a text: this one. */
  readonly key?: false | string;
}

/** Sends one request through the real app. */
export async function ask(
  cloud: Cloud,
  method: string,
  path: string,
  { headers = {}, body, key }: Ask = {},
): Promise<Answer> {
  const response = await cloud.app.inject({
    method: method as 'GET',
    url: path,
    headers: {
      ...(method === 'POST' && key !== false ? { 'idempotency-key': key ?? newId() } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  let parsed: unknown = response.body;
  try {
    parsed = JSON.parse(response.body);
  } catch {
    // Not every answer is JSON.
  }
  return { status: response.statusCode, body: parsed, headers: response.headers };
}

/** Sends a form. */
export const askForm = (
  cloud: Cloud,
  path: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  ask(cloud, 'POST', path, {
    key: false,
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });

/** Polls until the condition holds: for less long than where whole hubs take part. @throws Fault INTERNAL */
export async function until(what: string, condition: () => unknown, withinMs = 10_000): Promise<void> {
  await untilSo(what, async () => Boolean(await condition()), withinMs);
}

/** @param options.broker  false: no broker, for tests of HTTP alone */
export async function makeWorld(
  t: Test,
  options: { readonly broker?: boolean; readonly config?: Partial<CloudConfigInput> } = {},
): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'doorward-cloud-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const installed = await install({
    dataDir,
    offlineDir: join(dataDir, 'offline'),
    brokerNames: [],
    instance: 'cloud-1',
    issuer: 'doorward',
    rootCount: 3,
    threshold: 2,
    nowMs: Date.now(),
  });
  const at = layoutOf(dataDir);
  let broker = 'mqtts://127.0.0.1:1';
  if (options.broker !== false) {
    const running = await buildBroker(
      parseConfig({
        host: '127.0.0.1',
        port: 0,
        caFile: at.caCertificate,
        certFile: at.brokerCertificate,
        keyFile: at.brokerKey,
        logLevel: 'silent',
      }),
    );
    t.teardown(() => running.stop());
    broker = `mqtts://127.0.0.1:${running.port}`;
  }

  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const lines: string[] = [];
  const log = openLog('trace', (line) => void lines.push(line));
  const build = async (config: Partial<CloudConfigInput> = {}): Promise<Cloud> => {
    const cloud = await buildCloud(
      checkConfig({
        dataDir,
        port: 0,
        broker,
        publicUrl: 'http://cloud.test',
        answerMs: 2_000,
        requestsPerSecond: 10_000,
        refusalsPerSecond: 10_000,
        ...options.config,
        ...config,
      }),
      { now, log },
    );
    t.teardown(() => cloud.stop());
    return cloud;
  };
  const cloud = await build();
  if (options.broker !== false) {
    await cloud.start();
    await until('the cloud is online', () => cloud.online);
  }
  return {
    cloud,
    dataDir,
    broker,
    operatorToken: installed.operatorToken!,
    rootHash: installed.rootHash,
    logged: () => lines.join(''),
    wind: (ms) => {
      ahead += ms;
    },
    now,
    another: build,
  };
}
