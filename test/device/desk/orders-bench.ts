/** The desk for orders to locks on a real store, with a lock in memory and an owner who signs. */
import type { Test } from 'tap';
import { duressCodes } from '../../../device/desk/duress.ts';
import { type LockOrderDesk, lockOrderDesk } from '../../../device/desk/lock-orders.ts';
import type { InForce } from '../../../device/grant/in-force.ts';
import { nothingInForce, toOwners } from '../../../device/grant/in-force.ts';
import type { Draft, HubStore } from '../../../device/journal/journal.ts';
import { makeRecorder } from '../../../device/journal/record.ts';
import { accept, Fault, type FaultCode, type Verdict } from '../../../wire/faults.ts';
import { fromHouseholdText } from '../../../wire/household.ts';
import { fromEntryText } from '../../../wire/journal.ts';
import { hashOf, newId, type SignKey, signDocument } from '../../../wire/jws.ts';
import {
  type LockOrder,
  type LockResult,
  lockOrderForm,
  type NewCode,
  type NewUser,
} from '../../../wire/lock-order.ts';
import type { Passkey } from '../../../wire/passkey.ts';
import { openSealed } from '../../../wire/seal.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { openResult, sealForLock, verifyLockAnswer } from '../../../wire/verify-lock-order.ts';
import { type Cast, newCast, newDoorId, newSignKey } from '../../support/keys.ts';
import { MemoryLock } from '../../support/memory-lock.ts';
import { newOpener, type Opener } from '../../support/opener.ts';
import { type Disk, freshStore, onDisk } from '../../support/store.ts';

export interface OrdersBench {
  readonly cast: Cast;
  readonly lock: MemoryLock;
  readonly store: HubStore;
  readonly disk: Disk;
  readonly phone: { readonly sign: SignKey; readonly seal: Opener };
  /** Its lock keeps no codes. */
  readonly plainDoor: string;
  readonly refused: FaultCode[];
  readonly hubSeal: Opener;
  /** What the desk goes by; a test changes it. */
  time: Verdict<number>;
  at: 'idle' | 'open' | 'unsecured';
  /** The desk of this hub; `restart` gives the next one. */
  desk: LockOrderDesk;
  restart(): void;
  /** Devices pinned from now on. */
  pin(devices: readonly { readonly sign: SignKey; readonly seal: EcJwk; readonly passkey?: Passkey }[]): Promise<void>;
  sign(order: LockOrder, change?: object, key?: SignKey): Promise<string>;
  signCode(code: Omit<NewCode, 'jti'>, change?: object): Promise<string>;
  signUser(user: Omit<NewUser, 'jti'>): Promise<string>;
  /** Takes an order and opens what the hub answered to this phone. */
  ask(order: string): Promise<Verdict<LockResult>>;
  /** The journal as the phone reads it. */
  notes(): Promise<readonly { readonly kind: string; readonly door: string | undefined; readonly body: object }[]>;
}

/** @param change  people and things of the test's own */
export async function makeOrdersBench(t: Test, change: Partial<Cast> = {}): Promise<OrdersBench> {
  const cast = { ...(await newCast()), ...change };
  const store = freshStore(t, cast.hubId);
  const disk: Disk = { is: 'good' };
  const { grants } = onDisk(store, disk);
  const [hubSeal, seal] = [await newOpener(), await newOpener()];
  const phone = { sign: cast.owner.sign, seal };
  const lock = new MemoryLock();
  const plainDoor = newDoorId();
  const refused: FaultCode[] = [];
  let inForce: InForce = nothingInForce(cast.hubId);
  const recorder = makeRecorder({
    journal: store.journal,
    ownerSealKeys: () => inForce.owners?.devices.map((device) => device.seal) ?? [],
  });
  const record = async (draft: Draft): Promise<unknown> => {
    if (disk.is !== 'good') throw new Fault('JOURNAL_UNAVAILABLE');
    return recorder.record([draft]);
  };
  const installed = { pair: never, unpair: never };
  const runner = { state: () => ({ at: bench.at }) };
  const entrances = new Map([
    [cast.doorId, { installed: { ...installed, administration: lock }, runner }],
    [plainDoor, { installed, runner }],
  ]) as unknown as Parameters<typeof lockOrderDesk>[0]['entrances'];
  const open = (): LockOrderDesk =>
    lockOrderDesk({
      hubId: cast.hubId,
      keys: { sign: cast.hub, seal: hubSeal.jwk, open: hubSeal.privateKey },
      entrances,
      trust: { inForce: () => inForce },
      trustedNow: () => bench.time,
      clock: { now: () => cast.nowS * 1000 },
      used: grants,
      duress: duressCodes(onDisk(store, disk).trust, () => inForce.owners?.devices ?? []),
      record,
      note: (draft) => record(draft).catch(() => undefined),
      refused: (code) => refused.push(code),
    });

  const bench: OrdersBench = {
    ...{ cast, lock, store, disk, phone, plainDoor, refused, hubSeal, at: 'idle', desk: open() },
    time: accept(cast.nowS * 1000),
    restart: () => {
      bench.desk = open();
    },
    pin: async (devices) => {
      const listed = devices.map((device) => ({ ...device, sign: device.sign.jwk as EcJwk }));
      const owners = await toOwners({ iss: cast.hubId, version: 1, iat: cast.nowS, devices: listed });
      inForce = { ...inForce, owners };
    },
    sign: (order, change = {}, key = phone.sign) => {
      const claims = { aud: cast.hubId, jti: newId(), iat: cast.nowS, exp: cast.nowS + 60, door: cast.doorId, order };
      return signDocument(lockOrderForm, { ...claims, ...change }, key);
    },
    signCode: async (code, change = {}) => {
      const jti = newId();
      const sealed = await sealForLock(hubSeal.jwk, { ...code, jti });
      return bench.sign({ do: 'codes.add', sealed }, { jti, ...change });
    },
    signUser: async (user) => {
      const jti = newId();
      return bench.sign({ do: 'users.add', sealed: await sealForLock(hubSeal.jwk, { ...user, jti }) }, { jti });
    },
    ask: async (order) => {
      const taken = await bench.desk.take(order);
      if (!taken.ok) return taken;
      const of = { hubId: cast.hubId, order: hashOf(order), to: seal.kid };
      const answer = await verifyLockAnswer(taken.value.answer, cast.hub, of);
      return answer.ok ? openResult(answer.value.sealed, seal.privateKey) : answer;
    },
    notes: () => readNotes(store, seal),
  };
  await bench.pin([{ sign: phone.sign, seal: seal.jwk }]);
  return bench;
}

/** Every entry of a store, opened where it is sealed. */
export async function readNotes(store: HubStore, seal: Opener): ReturnType<OrdersBench['notes']> {
  const found = [];
  for (const text of store.journal.read(1, 100_000)) {
    const read = fromEntryText(text);
    if (!read.ok) throw new Fault(read.code);
    const { sealed } = read.value.body;
    if (typeof sealed !== 'string') {
      found.push({ kind: read.value.kind, door: read.value.door, body: read.value.body });
      continue;
    }
    const note = fromHouseholdText(Buffer.from(await openSealed(sealed, seal.privateKey)).toString('utf8'));
    if (!note.ok) throw new Fault(note.code);
    found.push({ kind: note.value.kind, door: note.value.door, body: note.value.body });
  }
  return found;
}

export const newPhone = async (): Promise<{ sign: SignKey; seal: EcJwk }> => ({
  sign: await newSignKey('ES256'),
  seal: (await newOpener()).jwk,
});

const never = async (): Promise<never> => {
  throw new Fault('INTERNAL');
};
