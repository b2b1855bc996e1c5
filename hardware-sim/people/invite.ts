/** Later devices of an owner: a link with a secret, shown in person; who proves the secret is signed in, once. */
import * as v from 'valibot';
import {
  DeviceRequest,
  type Invitation,
  inviteForMs,
  proveInvitation,
  readInvitation,
  toInvitation,
  verifyInvited,
} from '../../wire/invitation.ts';
import { newId, thumbprintOf } from '../../wire/jws.ts';
import { type HttpClient, type Reply, refusedHere } from './http.ts';
import type { DeviceKeys } from './keys.ts';
import type { OwnerOrders, Phone, Taken } from './owner-orders.ts';
import type { Pinned } from './owner-state.ts';
import { HomeView } from './owner-views.ts';

type Inviter = Pick<Phone, 'http' | 'pinned'> & {
  readonly orders: OwnerOrders;
  readonly look: () => Promise<Reply<unknown>>;
};

/** Invitations of one phone. They are not kept: whoever closes the app shows a new link. */
export class Invitations {
  readonly #phone: Inviter;
  readonly #open = new Map<string, number>();

  constructor(phone: Inviter) {
    this.#phone = phone;
  }

  /** @returns the fragment of a link, `#invite=…`, good for one device and ten minutes */
  make(): string {
    const { home, hub, hubKey } = this.#phone.pinned();
    const { base: api, clock } = this.#phone.http;
    const secret = newId();
    this.#open.set(secret, clock.now() + inviteForMs);
    return toInvitation({ api, home, hub, hubKey: thumbprintOf(hubKey), secret });
  }

  /**
   * Somebody asks to be signed in. Only whoever proves one of this phone's secrets over both keys is: then that secret is used up.
   * @returns how the change was taken; undefined when no proof fits
   */
  async answer(asked: unknown): Promise<Reply<Taken> | undefined> {
    const request = v.safeParse(DeviceRequest, asked);
    if (!request.success) return undefined;
    for (const [secret, until] of this.#open) {
      if (until < this.#phone.http.clock.now()) this.#open.delete(secret);
      else if ((await verifyInvited(secret, request.output)).ok) {
        this.#open.delete(secret);
        const { proof: _, ...device } = request.output;
        const reply = await this.#phone.orders.changeDevices({ add: device });
        if (reply.ok || reply.code !== 'OWNER_CHANGE_OLD') return reply;
        // Another device has changed the list meanwhile.
        await this.#phone.look();
        return this.#phone.orders.changeDevices({ add: device });
      }
    }
    return undefined;
  }
}

/** A device that would be the home's next: an `Owner` that has pinned nothing yet. */
interface Newcomer {
  readonly http: HttpClient;
  readonly keys: DeviceKeys;
  join(invited: Omit<Pinned, 'ownerList'>): Promise<Reply<Pinned>>;
}

/** The new device asks the home's devices. @param fragment  of the link. @returns the invitation, to join with */
export async function askToJoin(owner: Newcomer, fragment: string): Promise<Reply<Invitation>> {
  const invitation = readInvitation(fragment);
  if (!invitation.ok) return refusedHere(invitation.code);
  const { home, secret } = invitation.value;
  const { device } = owner.keys;
  const body = { ...device, proof: await proveInvitation(secret, device) };
  const path = `/v1/homes/${home}/device-requests`;
  const reply = await owner.http.call({ method: 'POST', path, body }, v.object({ asked: v.literal(true) }));
  return reply.ok ? { ...reply, value: invitation.value } : reply;
}

/** Joins once it is signed in. @returns NOT_FOUND until then; HANDOVER_NOT_GENUINE when the cloud shows another hub than the link */
export async function joinInvited(owner: Newcomer, { home, hub, hubKey }: Invitation): Promise<Reply<Pinned>> {
  const call = { method: 'GET', path: `/v1/homes/${home}`, proof: owner.keys.sign } as const;
  const reply = await owner.http.call(call, HomeView);
  if (!reply.ok) return reply;
  const isHub = reply.value.hub === hub && thumbprintOf(reply.value.hubKey) === hubKey;
  return isHub ? owner.join({ home, hub, hubKey: reply.value.hubKey }) : refusedHere('HANDOVER_NOT_GENUINE');
}
