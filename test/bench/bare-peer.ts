/**
 * A process of its own that does one part of the unlock path bare: with the same libraries and settings as the product, and nothing
 * else. Its parent sends the role first, then asks for one measurement at a time.
 */
import { createServer } from 'node:http';
import type { TLSSocket } from 'node:tls';
import Sqlite from 'better-sqlite3';
import { CompactSign, compactVerify, generateKeyPair } from 'jose';
import mqtt, { type MqttClient } from 'mqtt';
import { sql as layout } from '../../device/journal/migrations/0001-journal.ts';
import { hashOf } from '../../wire/jws.ts';
import { topics } from '../../wire/topics.ts';

/** A client of the broker: its id is its certificate's. */
export interface BareClient {
  readonly broker: string;
  readonly id: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export type BareRole =
  | { readonly role: 'http' }
  /** Answers what comes down to this hub, to this instance. */
  | { readonly role: 'echo'; readonly client: BareClient; readonly instance: string }
  /** Asks this hub, and waits for its answer. */
  | { readonly role: 'ask'; readonly client: BareClient; readonly hub: string }
  /** Verifies signatures, and commits rows to a database of its own in this folder. */
  | { readonly role: 'work'; readonly folder: string };

export type BareTask = 'round-trip' | 'es256' | 'eddsa' | 'commit';
/** What a peer says once it is ready: the port of an HTTP server. */
export interface BareReady {
  readonly port: number;
}

/** Sizes in bytes of what the real messages are: a request that carries a knock, and the view of a visit. */
export const bareBytes = { request: 1_000, answer: 300, row: 480 } as const;

type Tasks = Readonly<Partial<Record<BareTask, () => unknown>>>;
interface Peer extends BareReady {
  readonly tasks: Tasks;
}

function serve(): Promise<Peer> {
  const body = JSON.stringify({ said: 'x'.repeat(bareBytes.answer) });
  const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address !== null ? address.port : 0, tasks: {} });
    });
  });
}

async function connect({ broker, id, ...pem }: BareClient, filters: string[]): Promise<MqttClient> {
  const options = { protocolVersion: 4, clientId: id, clean: true, minVersion: 'TLSv1.3', ...pem } as const;
  const client = await mqtt.connectAsync(broker, options);
  (client.stream as TLSSocket).setNoDelay(true);
  await client.subscribeAsync(filters, { qos: 1 });
  return client;
}

async function echo(me: BareClient, instance: string): Promise<Peer> {
  const client = await connect(me, topics.hubFilters(me.id));
  const answer = Buffer.alloc(bareBytes.answer, 'x');
  client.on('message', () => client.publish(topics.answer(instance, me.id), answer, { qos: 1 }));
  return { port: 0, tasks: {} };
}

async function ask(me: BareClient, hub: string): Promise<Peer> {
  const client = await connect(me, [topics.answerFilter(me.id)]);
  const request = Buffer.alloc(bareBytes.request, 'x');
  const roundTrip = (): Promise<void> =>
    new Promise((resolve) => {
      client.once('message', () => resolve());
      client.publish(topics.down(hub, 'request'), request, { qos: 1 });
    });
  return { port: 0, tasks: { 'round-trip': roundTrip } };
}

async function work(folder: string): Promise<Peer> {
  const sqlite = new Sqlite(`${folder}/bare.db`);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL']) sqlite.pragma(pragma);
  sqlite.exec(layout);
  const insert = sqlite.prepare('INSERT INTO journal (seq, text, hash) VALUES (?, ?, ?)');
  const hash = hashOf('a row');
  let seq = 0;
  const commit = (): void => {
    seq += 1;
    insert.run(seq, JSON.stringify({ seq, door: '', text: 'x'.repeat(bareBytes.row) }), hash);
  };
  return { port: 0, tasks: { es256: await verifying('ES256'), eddsa: await verifying('EdDSA'), commit } };
}

/** @returns verifies one document, with the key imported before */
async function verifying(alg: 'ES256' | 'EdDSA'): Promise<() => Promise<unknown>> {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const payload = Buffer.alloc(280, 'x');
  const jws = await new CompactSign(payload).setProtectedHeader({ alg }).sign(privateKey);
  return () => compactVerify(jws, publicKey, { algorithms: [alg] });
}

function become(role: BareRole): Promise<Peer> {
  switch (role.role) {
    case 'http':
      return serve();
    case 'echo':
      return echo(role.client, role.instance);
    case 'ask':
      return ask(role.client, role.hub);
    case 'work':
      return work(role.folder);
  }
}

/** @returns us that one task took in this process */
async function time(task: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await task();
  return (performance.now() - startedMs) * 1000;
}

// Only as a child: what others import from here are its types.
if (process.send !== undefined && process.argv[2] === 'bare-peer') {
  const send = (message: object): void => void process.send?.(message);
  process.once('message', (role: BareRole) => {
    void become(role).then(({ port, tasks }) => {
      process.on('message', ({ task }: { task: BareTask }) => {
        void time(tasks[task] ?? (() => undefined)).then((us) => send({ us }));
      });
      send({ port });
    });
  });
  process.once('disconnect', () => process.exit());
}
