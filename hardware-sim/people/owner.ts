/** The owner: a phone with keys of its own that pins a hub in person, follows its journal and signs what is allowed. */
import { Fault } from '../../wire/faults.ts';
import { fromHandoverUri, type HandoverClaim, proveHandover, verifyHandover } from '../../wire/handover.ts';
import { thumbprintOf, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import { verifyOwnerList } from '../../wire/owner.ts';
import type { OkpJwk } from '../../wire/shapes.ts';
import { verifyRecoveryPin } from '../../wire/verify-recovery.ts';
import { type Call, HttpClient, type HttpOptions, type Reply, refusedHere } from './http.ts';
import { Invitations } from './invite.ts';
import { type DeviceKeys, makeDeviceKeys, toDeviceKeys } from './keys.ts';
import { OwnerDeliveries } from './owner-deliveries.ts';
import { OwnerGuests } from './owner-guests.ts';
import { OwnerJournal } from './owner-journal.ts';
import { OwnerLocks } from './owner-locks.ts';
import { OwnerOrders, type Taken } from './owner-orders.ts';
import { OwnerReader } from './owner-reader.ts';
import { emptyState, type OwnerState, type Pinned, readOwnerState, writeOwnerState } from './owner-state.ts';
import { HandoverAnswer, HomeView, type OwnerNews, Waiting } from './owner-views.ts';
import { markOf, Recoveries } from './recover.ts';
import { Told } from './told.ts';

export type { OwnerNews } from './owner-views.ts';

export class Owner {
  readonly http: HttpClient;
  readonly keys: DeviceKeys;
  readonly state: OwnerState;
  readonly told: Told<OwnerNews>;
  /** Everything that this phone signs and sends. */
  readonly orders: OwnerOrders;
  /** What this phone has done at locks that keep codes and users of their own. */
  readonly locks: OwnerLocks;
  /** What this phone says of deliveries. */
  readonly deliveries: OwnerDeliveries;
  /** Who was invited by this phone. */
  readonly guests: OwnerGuests;
  readonly #invitations: Invitations;
  readonly #reader: OwnerReader;
  #journal: OwnerJournal | undefined;

  constructor(http: HttpClient, keys: DeviceKeys, state: OwnerState, hubKey?: VerifyKey) {
    this.http = http;
    this.keys = keys;
    this.state = state;
    this.told = new Told(http.clock);
    if (hubKey !== undefined) this.#open(hubKey);
    const pinned = () => this.pinned;
    this.orders = new OwnerOrders({ http, key: keys.sign, state, pinned, seen: () => this.#journal?.save().seen });
    this.guests = new OwnerGuests({ http, key: keys.sign, state, pinned, orders: this.orders });
    this.deliveries = new OwnerDeliveries({ http, keys, pinned });
    this.locks = new OwnerLocks({ http, keys, pinned });
    this.#invitations = new Invitations({ http, pinned, orders: this.orders, look: () => this.look() });
    this.#reader = new OwnerReader({
      ...{ http, key: keys.sign, state, told: this.told, pinned },
      journal: () => this.journal,
      onAsked: (data) => this.#invitations.answer(data),
    });
  }

  /** What this phone has pinned. @throws Fault OWNER_MISSING before the hand-over */
  get pinned(): Pinned {
    if (this.state.pinned === undefined) throw new Fault('OWNER_MISSING');
    return this.state.pinned;
  }

  /** The journal as this phone verified it. @throws Fault OWNER_MISSING before the hand-over */
  get journal(): OwnerJournal {
    if (this.#journal === undefined) throw new Fault('OWNER_MISSING');
    return this.#journal;
  }

  /**
   * Pins the hub whose QR code this is: proves the secret, and believes the answer only when the hub's key is the one of the
   * code, the hub proves the secret too, and this phone stands in the list that the hub signed.
   * @param printed  the recovery code that the hub is to go by from now on
   * @returns HANDOVER_… or OWNER_LIST_… when refused, by the hub or by this phone (status 0)
   */
  async handover(uri: string, printed?: string): Promise<Reply<Pinned>> {
    const code = fromHandoverUri(uri);
    if (!code.ok) return refusedHere(code.code);
    const { device } = this.keys;
    const { hub: id, key: hubKeyId } = code.value;
    const recovery = printed === undefined ? undefined : await markOf(printed, { id, key: hubKeyId });
    const body: HandoverClaim = {
      hub: id,
      device,
      ...(recovery === undefined ? {} : { recovery }),
      proof: await proveHandover('phone', code.value, device, recovery),
    };
    const reply = await this.http.call({ method: 'POST', path: '/v1/handover', body }, HandoverAnswer);
    if (!reply.ok) return reply;
    const { home, hub, hubKey, ownerList, proof } = reply.value;
    const key = await importKey(hubKey);
    if (key?.kid !== code.value.key || hub !== code.value.hub)
      return refusedHere('HANDOVER_NOT_GENUINE', { why: 'hub key' });
    const proven = await verifyHandover('hub', code.value, device, proof, recovery);
    if (!proven.ok) return refusedHere(proven.code, { why: 'hub proof' });
    return this.#pin({ home, hub, hubKey }, key, ownerList, reply.status);
  }

  /**
   * Makes this the home's next device: `invited` was read off the screen of a pinned one, in person, which then has this
   * phone's `keys.device` signed in by `orders.changeDevices`.
   */
  async join(invited: Omit<Pinned, 'ownerList'>): Promise<Reply<Pinned>> {
    const { home, hub, hubKey } = invited;
    const key = await importKey(hubKey);
    if (key === undefined) return refusedHere('HANDOVER_NOT_GENUINE', { why: 'hub key' });
    const reply = await this.http.call(this.#get(`/v1/homes/${home}`), HomeView);
    return reply.ok ? this.#pin({ home, hub, hubKey }, key, reply.value.ownerList, reply.status) : reply;
  }

  /** The recovery code of the home, and who asked for a device with it. */
  recoveries(): Promise<Reply<Recoveries>> {
    return this.http.call(this.#get(`/v1/homes/${this.pinned.home}/recoveries`), Recoveries);
  }

  /** Pins a new recovery code in place of the one of before. @param printed  the code */
  async setRecoveryCode(printed: string): Promise<Reply<Taken>> {
    const { hub: id, hubKey } = this.pinned;
    const mark = await markOf(printed, { id, key: thumbprintOf(hubKey) });
    if (mark === undefined) return refusedHere('RECOVERY_CODE_MISTYPED');
    const known = await this.recoveries();
    if (!known.ok) return known;
    const { pin } = known.value;
    const verified = pin === null ? undefined : await verifyRecoveryPin(pin, await toVerifyKey(hubKey), id);
    if (verified !== undefined && !verified.ok) return refusedHere(verified.code);
    return this.orders.setRecoveryCode(mark, (verified?.value.version ?? -1) + 1);
  }

  /** Invites another device: while this phone follows, it signs in the first that proves it. @returns the fragment of the link */
  invite(): string {
    return this.#invitations.make();
  }

  /** Looks at the home: doors, presence; checks and keeps the owner list and the witness. @returns OWNER_LIST_… when the list is none */
  async look(): Promise<Reply<HomeView>> {
    const reply = await this.http.call(this.#get(`/v1/homes/${this.pinned.home}`), HomeView);
    if (!reply.ok) return reply;
    const { hub, hubKey, ...pinned } = this.pinned;
    const key = await toVerifyKey(hubKey);
    const listed = await this.#pin({ ...pinned, hub, hubKey }, key, reply.value.ownerList, reply.status);
    if (!listed.ok) return listed;
    if (typeof reply.value.witness === 'string') await this.#reader.confirm(reply.value.witness);
    return reply;
  }

  /** The grants that wait for this owner's yes. */
  async waiting(): Promise<Reply<Waiting>> {
    const reply = await this.http.call(this.#get(`/v1/homes/${this.pinned.home}/grants?waiting=true`), Waiting);
    return reply.ok ? { ...reply, value: reply.value.grants } : reply;
  }

  /** Reads the journal up to its end and checks the hub's signature under it. @returns how many entries were new */
  catchUp(): Promise<Reply<number>> {
    return this.#reader.catchUp();
  }

  /** Follows the event stream until `unfollow`: every entry is verified here before anybody is told. */
  follow(): void {
    this.#reader.follow();
  }

  unfollow(): void {
    this.#reader.unfollow();
  }

  #get(path: string): Call {
    return { method: 'GET', path, proof: this.keys.sign };
  }

  #open(hubKey: VerifyKey): void {
    const { hub } = this.pinned;
    this.#journal ??= new OwnerJournal({ id: hub, key: hubKey }, this.keys.seal, this.state.journal);
  }

  async #pin(
    home: Omit<Pinned, 'ownerList'>,
    key: VerifyKey,
    ownerList: string,
    status: number,
  ): Promise<Reply<Pinned>> {
    const list = await verifyOwnerList(ownerList, key);
    if (!list.ok) return refusedHere(list.code);
    const { iss, version, devices } = list.value;
    if (iss !== home.hub) return refusedHere('OWNER_LIST_NOT_GENUINE', { why: 'another hub' });
    if (version < (this.state.pinned?.ownerList ?? 0))
      return refusedHere('OWNER_LIST_NOT_GENUINE', { why: 'older list' });
    const { x, y } = this.keys.device.sign;
    if (!devices.some(({ sign }) => sign.x === x && sign.y === y))
      return refusedHere('OWNER_LIST_NOT_GENUINE', { why: 'not in it' });
    this.state.pinned = { home: home.home, hub: home.hub, hubKey: home.hubKey, ownerList: version };
    this.#open(key);
    return { ok: true, status, value: this.state.pinned };
  }
}

/** A new phone with new keys. */
export async function newOwner(options: HttpOptions): Promise<Owner> {
  const keys = await makeDeviceKeys();
  const state = emptyState({ sign: keys.sign.secret, seal: keys.seal.secret });
  return new Owner(new HttpClient(options), keys, state);
}

/** Writes everything that a phone keeps to one file, mode 0600. */
export async function saveOwner(owner: Owner, path: string): Promise<void> {
  const { pinned } = owner.state;
  await writeOwnerState(path, pinned === undefined ? owner.state : { ...owner.state, journal: owner.journal.save() });
}

/** The phone as it was saved. @throws Fault CONFIG_MISSING or CONFIG_INVALID */
export async function loadOwner(path: string, options: HttpOptions): Promise<Owner> {
  const state = await readOwnerState(path);
  const hubKey = state.pinned === undefined ? undefined : await toVerifyKey(state.pinned.hubKey);
  return new Owner(new HttpClient(options), await toDeviceKeys(state.keys), state, hubKey);
}

async function importKey(jwk: OkpJwk): Promise<VerifyKey | undefined> {
  try {
    return await toVerifyKey(jwk);
  } catch {
    return undefined;
  }
}
