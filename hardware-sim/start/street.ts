/** A whole street on one machine: broker, cloud, hub and a simulated home, each a process of its own, set up by the real protocols. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import type { Mailbox } from '../mail/mailbox.ts';
import { Dispatch } from '../people/carrier.ts';
import { mustHave } from '../people/http.ts';
import { EcSecret, type KeptKey, makeSignKey, toKeptKey } from '../people/keys.ts';
import { Operator } from '../people/operator.ts';
import { loadOwner, newOwner, type Owner, saveOwner } from '../people/owner.ts';
import { lookAtDoor, moveDoor } from './door.ts';
import { giveAddress, openStreetMailbox } from './mailbox.ts';
import { builtPages, type Program, type Running, run, start } from './process.ts';
import { releasePages } from './release.ts';
import { pathsOf, prepareStreet, type StreetPaths, type StreetSettings, type StreetWishes } from './settings.ts';

/** What is said while the street comes up. */
export type Say = (who: 'broker' | 'cloud' | 'hub' | 'door' | 'owner' | 'installer' | 'carrier', what: string) => void;

export interface Street {
  readonly paths: StreetPaths;
  readonly settings: StreetSettings;
  readonly url: string;
  /** Where mail is read. */
  readonly mailbox: Mailbox;
  readonly owner: Owner;
  readonly dispatch: Dispatch;
  /** The carrier as the owner's rules name it. */
  readonly carrier: { readonly id: string; readonly key: KeptKey };
  /** Where an owner looks at the home: the app, and a link that signs the browser in as one of the owner's devices. */
  readonly page?: { readonly url: string; readonly invite: () => string };
  process(name: Part): Running;
  /** Whether it runs, as far as this process has heard. */
  isUp(name: Part): boolean;
  /** Starts one of them again after it was stopped or killed. */
  restart(name: Part): Promise<Running>;
  stop(): Promise<void>;
}

/** What is said of the doors. */
const hung = {
  nuki: 'a front door with a simulated Nuki, found over Bluetooth; a garage door on a serial line',
  strike: 'the simulated front door hangs in its frame; its strike listens on a serial line',
} as const;

export type Part = 'broker' | 'cloud' | 'pages' | 'hub' | 'sim';

/** By name: passkeys belong to a name, and to no number. */
const pagesAt = ({ pagesPort }: StreetSettings): string => `http://localhost:${pagesPort}`;

/** The programs in the order in which they start. */
function programs(
  paths: StreetPaths,
  settings: StreetSettings,
  cloudConfig: string,
): Record<Part, [Program, string[]]> {
  const { brokerPort, httpPort, pagesPort } = settings;
  const url = `http://127.0.0.1:${httpPort}`;
  const page = pagesAt(settings);
  const files = {
    ca: join(paths.cloud, 'ca', 'device-ca.pem'),
    cert: join(paths.cloud, 'broker', 'server.pem'),
    key: join(paths.cloud, 'broker', 'server.key'),
  };
  return {
    broker: [
      'doorward-broker',
      [
        'run',
        '--host',
        '127.0.0.1',
        '--port',
        `${brokerPort}`,
        '--ca',
        files.ca,
        '--cert',
        files.cert,
        '--key',
        files.key,
        '--json',
      ],
    ],
    cloud: [
      'doorward-cloud',
      [
        ...['run', '--data', paths.cloud, '--port', `${httpPort}`, '--broker', `mqtts://localhost:${brokerPort}`],
        ...['--config', cloudConfig, '--pages-origin', page, '--json'],
      ],
    ],
    pages: [
      'doorward-cloud',
      [
        ...['pages', '--api', url, '--port', `${pagesPort}`, '--folder', builtPages],
        ...['--manifest', paths.manifest, '--json'],
      ],
    ],
    sim: ['doorward-sim', ['run', '--config', paths.simConfig, '--json']],
    hub: ['doorward', ['hub', 'run', '--config', paths.hubConfig, '--json']],
  };
}

/**
 * Brings a street up. On the first run it makes certificates and keys, enrols the hub, pairs the strike and hands the home over,
 * each by the way that an installer and an owner take; later it only starts what is there.
 */
export async function openStreet(dataDir: string, say: Say, wishes: StreetWishes = {}): Promise<Street> {
  const paths = pathsOf(dataDir);
  const settings = await prepareStreet(paths, wishes);
  const url = `http://127.0.0.1:${settings.httpPort}`;
  const log = (name: string): string => join(paths.logs, `${name}.log`);
  const { mailbox, config } = await openStreetMailbox(paths);
  const commands = programs(paths, settings, config);
  const running = new Map<string, Running>();
  const up = new Map<string, Running>();
  const launch = async (name: keyof typeof commands): Promise<Running> => {
    const [program, args] = commands[name];
    const started = await start(program, args, log(name));
    running.set(name, started);
    up.set(name, started);
    started.onExit(() => {
      if (up.get(name) === started) up.delete(name);
    });
    return started;
  };
  const stop = async (): Promise<void> => {
    for (const name of ['hub', 'sim', 'pages', 'cloud', 'broker']) await running.get(name)?.stop();
    await mailbox.close();
  };
  try {
    const installed = await run('doorward-cloud', ['init', '--data', paths.cloud, '--json'], log('cloud'));
    await launch('broker');
    say('broker', `listens on port ${settings.brokerPort}, mutual TLS 1.3 only`);
    await launch('cloud');
    say('cloud', `answers at ${url}`);
    const hasPage = settings.camera && existsSync(join(builtPages, 'visitor', 'index.html'));
    if (hasPage) {
      const hubPage = await releasePages(paths, settings, log('pages'));
      await launch('pages');
      say('cloud', `serves the pages, signed with a release key of their own; the hub shows its check at ${hubPage}`);
    }
    await launch('sim');
    say('door', hung[settings.front]);
    const operator = new Operator({ base: url, token: String(installed.operatorToken) });
    if (!existsSync(join(paths.hub, 'enrolment.json'))) {
      const { home } = mustHave(await operator.createHome());
      const { token } = mustHave(await operator.createEnrolmentToken(home));
      const root = String(installed.rootHash);
      const enrolled = await run(
        'doorward',
        ['hub', 'enroll', '--config', paths.hubConfig, '--cloud', url, '--token', token, '--root', root, '--json'],
        log('hub'),
      );
      say('installer', `enrolled the hub as ${enrolled.hub}; it made its own keys and pinned the root keys`);
    }
    await launch('hub');
    say('hub', 'runs; it asks bolt and contact before it believes anything');
    const owner = await openOwner({ paths, settings }, url, say, log('hub'));
    await giveAddress(owner, mailbox);
    say('owner', `gave an e-mail address; the mailbox of the street is at ${mailbox.url}`);
    await untilCalm(paths, owner);
    const { dispatch, carrier } = await openDispatch(paths, url, operator);
    say('carrier', `has a client of the sandbox for its developers, in ${await openSandbox(paths, url, operator)}`);
    const { hub, hubKey } = owner.pinned;
    await dispatch.pinHub(hub, hubKey);
    owner.follow();
    const followed = dispatch.follow();
    return {
      paths,
      settings,
      url,
      mailbox,
      owner,
      dispatch,
      carrier,
      ...(hasPage ? { page: { url: `${pagesAt(settings)}/app/`, invite: () => owner.invite() } } : {}),
      process: (name) => running.get(name)!,
      isUp: (name) => up.has(name),
      restart: launch,
      stop: async () => {
        owner.unfollow();
        followed.close();
        await saveOwner(owner, join(paths.people, 'owner.json'));
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The owner's phone: handed over at the hub on the first run, then as it was saved. */
async function openOwner(
  { paths, settings }: Pick<Street, 'paths' | 'settings'>,
  url: string,
  say: Say,
  log: string,
): Promise<Owner> {
  const file = join(paths.people, 'owner.json');
  if (existsSync(file)) return loadOwner(file, { base: url });
  const pair = (door: string): Promise<unknown> =>
    run('doorward', ['lock', 'pair', door, '--config', paths.hubConfig, '--yes', '--json'], log);
  if (settings.front === 'nuki') {
    await moveDoor(paths.simSocket, '/nukis/front/press-button', { forMs: 5_000 });
    await pair('front');
    await pair('garage');
    say('installer', 'held the button of the lock and paired it over Bluetooth; gave the garage a key of its own');
  } else {
    await pair('front');
    say('installer', 'gave the strike a key of its own');
  }
  const shown = ['owner', 'handover', '--config', paths.hubConfig, '--no-wait', '--yes', '--json'];
  const opened = await run('doorward', shown, log);
  const owner = await newOwner({ base: url });
  mustHave(await owner.handover(String(opened.uri)));
  await saveOwner(owner, file);
  say('owner', 'scanned the code at the hub: the home is theirs, and each has proven its key to the other');
  return owner;
}

/** Of a street that was set up before, the secret has another name. */
const SavedCarrier = v.pipe(
  v.object({ id: v.string(), clientSecret: v.optional(v.string()), apiKey: v.optional(v.string()), key: EcSecret }),
  v.transform(({ id, clientSecret, apiKey, key }) => ({ id, clientSecret: clientSecret ?? apiKey ?? '', key })),
);

/** A carrier with its client secret and its own key for assignments, let in by the operator on the first run. */
async function openDispatch(
  paths: StreetPaths,
  url: string,
  operator: Operator,
): Promise<{ dispatch: Dispatch; carrier: { id: string; key: KeptKey } }> {
  const file = join(paths.people, 'carrier.json');
  if (!existsSync(file)) {
    const made = await makeSignKey();
    const { carrier, clientSecret } = mustHave(await operator.createCarrier('Hermes', made.jwk));
    writeFileSync(file, JSON.stringify({ id: carrier, clientSecret, key: made.secret }), { mode: 0o600 });
  }
  const saved = v.parse(SavedCarrier, JSON.parse(readFileSync(file, 'utf8')));
  const key = await toKeptKey(saved.key);
  const dispatch = new Dispatch({ base: url, clientSecret: saved.clientSecret, carrier: saved.id, key });
  return { dispatch, carrier: { id: saved.id, key } };
}

/** A client that plays at virtual doors, made on the first run. @returns the file that a developer's program reads */
async function openSandbox(paths: StreetPaths, base: string, operator: Operator): Promise<string> {
  const file = join(paths.people, 'sandbox.json');
  if (existsSync(file)) return file;
  const key = await makeSignKey();
  const { carrier, clientSecret } = mustHave(
    await operator.createCarrier('Hermes, trying', key.jwk, { sandbox: true }),
  );
  const client = { base, clientId: carrier, clientSecret, key: key.secret };
  writeFileSync(file, JSON.stringify(client, null, 2), { mode: 0o600 });
  return file;
}

const Status = v.object({ online: v.boolean(), clock: v.string(), doors: v.array(v.object({ at: v.string() })) });
const calmWithinMs = 45_000;

/** Waits until every door is proven locked and the hub has time and witness: before that it takes no visit. */
async function untilCalm(paths: StreetPaths, owner: Owner): Promise<void> {
  for (const end = performance.now() + calmWithinMs; performance.now() < end; ) {
    const status = v.safeParse(Status, await lookAtDoor(paths.hubSocket, '/status').catch(() => undefined));
    const calm = status.success && status.output.online && status.output.clock === 'trusted';
    const home = await owner.look();
    if (calm && home.ok && home.value.online && status.output.doors.every(({ at }) => at === 'idle')) return;
    await wait(100);
  }
}
