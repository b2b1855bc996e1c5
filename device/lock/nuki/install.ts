/** Builds the Nuki locks of a hub: one lock a door, paired or not yet; keys from the secret store. */
import { createHash } from 'node:crypto';
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { NukiLockConfig } from '../../config/nuki.ts';
import type { GattAdapter } from '../../link/gatt.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { InstalledDoor, Paired, PairingAsked } from '../installed.ts';
import { readAdvert, type Variant } from './advert.ts';
import { type CredentialStore, credentialStore } from './credentials.ts';
import { nukiLock } from './driver.ts';
import { given } from './fields.ts';
import { NukiMover } from './mover.ts';
import type { KeptLog, NukiEvent } from './options.ts';
import { pairNuki } from './pairing.ts';
import { provePairing } from './prove.ts';

export interface NukiInstallation {
  readonly hubId: string;
  readonly adapter: GattAdapter;
  readonly clock: Clock;
  /** Trusted time, ms since the epoch; undefined while there is none. */
  readonly now: () => number | undefined;
  readonly secrets: Secrets;
  readonly randomBytes: (count: number) => Uint8Array;
  /** @param door  its name */
  readonly onEvent: (event: NukiEvent, door: string) => void;
  /**
   * Who keeps and journals the log of the lock at this door. Left out, none is read.
   * @param ownId  the hub's own authorization at the lock, of the pairing in use or the one before; undefined before the first
   */
  readonly log?: (door: string, ownId: () => number | undefined) => KeptLog;
}

/** How long somebody may take to hold the button of the lock, ms. */
const pairingForMs = 45_000;
/** How long an adapter may take to start, ms. */
const adapterStartsInMs = 5_000;
/** What the owner reads in the app of the lock. */
const nameInLock = 'Doorward';

/**
 * @param doors  name of the door -> the configuration of its lock
 * @returns name of the door -> what moves it; nothing is connected yet
 * @throws Fault SECRET_MISSING when stored credentials are damaged
 */
export async function installNuki(
  doors: ReadonlyMap<string, NukiLockConfig>,
  parts: NukiInstallation,
): Promise<ReadonlyMap<string, InstalledDoor>> {
  return new Map(
    await Promise.all([...doors].map(async ([name, one]) => [name, await install(name, one, parts)] as const)),
  );
}

async function install(name: string, config: NukiLockConfig, parts: NukiInstallation): Promise<InstalledDoor> {
  const { adapter, clock, now, secrets, randomBytes, onEvent } = parts;
  const { address, doorSensor, pullsLatch } = config;
  const store = credentialStore(secrets, address);
  let ownId: number | undefined;
  const log = parts.log?.(name, () => ownId);
  const mover = new NukiMover({
    clock,
    doorSensor,
    pullsLatch,
    make: (credentials) => {
      ownId = credentials.authorizationId;
      return nukiLock({
        ...{ adapter, address, credentials, clock, now, randomBytes, doorSensor, pullsLatch },
        ...given('log', log),
        onEvent: (event) => onEvent(event, name),
      });
    },
  });
  await mover.use(await store.current());
  const pairing = { ...parts, address, store, appId: appIdOf(parts.hubId, address) };
  return {
    mover,
    pair: async (asked) => {
      // Another lock, or one that was given up meanwhile. Under a new pairing of the same one its log goes on: no line is lost, and
      // when a reset has cleared it the reader finds that out.
      if ((await store.current()) === undefined) log?.restart();
      // One connection: the driver gives it up meanwhile.
      await mover.use(undefined);
      try {
        return await pair(pairing, asked);
      } finally {
        await mover.use(await store.current());
      }
    },
    administration: mover.administration,
    unpair: async () => {
      const left = await mover.unpair();
      await mover.use(undefined);
      await store.forget();
      return left;
    },
  };
}

/** The same for this hub at every try, so that a pairing that was cut off leaves no second entry in the lock. 1..2^32 - 1 */
function appIdOf(hubId: string, address: string): number {
  return createHash('sha256').update(`${hubId} ${address}`).digest().readUInt32LE(0) || 1;
}

interface Pairing extends Pick<NukiInstallation, 'adapter' | 'clock' | 'randomBytes'> {
  readonly address: string;
  readonly store: CredentialStore;
  readonly appId: number;
}

/** Goes on where a pairing was cut off; else waits for the button of the lock, and pairs. */
async function pair(
  { adapter, address, ...parts }: Pairing,
  { pin, asApp = false, onStage, signal }: PairingAsked,
): Promise<Paired> {
  const { clock, randomBytes, store } = parts;
  const link = adapter.link(address);
  await untilStarted(adapter, clock);
  if (adapter.state !== 'ready') throw new Fault(adapter.state, adapter.why);
  if ((await store.pending()) !== undefined) {
    onStage?.('proving');
    const proven = await provePairing({ link, clock, randomBytes, store });
    if (proven !== undefined) return { isOld: true };
  }
  onStage?.('button');
  const variant = await untilPairing(adapter, address, clock, signal);
  onStage?.('talking');
  const as = asApp ? 'app' : 'bridge';
  await pairNuki({ ...parts, link, variant, name: nameInLock, as, ...(pin === undefined ? {} : { pin }) });
  return { isOld: false };
}

/** An adapter that has said neither that it is ready nor why not is given a moment: the hub may have just been started. */
function untilStarted(adapter: GattAdapter, clock: Clock): Promise<void> {
  const isKnown = (): boolean => adapter.state === 'ready' || adapter.why?.reason !== undefined;
  if (isKnown()) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      unlisten();
      cancel();
      resolve();
    };
    const unlisten = adapter.onState(() => isKnown() && end());
    const cancel = clock.after(adapterStartsInMs, end);
  });
}

/** Resolves when the lock says that its button was held. @throws Fault NUKI_NOT_PAIRING when nobody does, INTERRUPTED by `signal` */
function untilPairing(
  adapter: GattAdapter,
  address: string,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Variant> {
  return new Promise((resolve, reject) => {
    const unlisten = adapter.listen((advert) => {
      if (advert.address.toLowerCase() !== address) return;
      const said = readAdvert(advert);
      if (said?.says === 'pairing' && said.variant !== undefined) end(() => resolve(said.variant!));
    });
    const cancel = clock.after(pairingForMs, () => end(() => reject(new Fault('NUKI_NOT_PAIRING'))));
    const interrupt = (): void => end(() => reject(new Fault('INTERRUPTED')));
    signal?.addEventListener('abort', interrupt);
    const end = (settle: () => void): void => {
      unlisten();
      cancel();
      signal?.removeEventListener('abort', interrupt);
      settle();
    };
    if (signal?.aborted) interrupt();
  });
}
