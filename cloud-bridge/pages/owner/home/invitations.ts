/** Later devices of this home: a link with a secret, shown by this one; who proves the secret is signed in, once. */
import * as v from 'valibot';
import type { Verdict } from '../../../../wire/faults.ts';
import { DeviceRequest, inviteForMs, toInvitation, verifyInvited } from '../../../../wire/invitation.ts';
import { newId } from '../../common/bytes.ts';
import { toVerifyKey } from '../device/documents.ts';
import { lettersOf } from '../device/letters.ts';
import type { Place } from './course.ts';
import type { Newcomer } from './known.ts';
import { changeDevices } from './orders.ts';

export interface Invitations {
  /** @returns the fragment of a link, `#invite=…`, good for one device and ten minutes */
  make(place: Place): string;
  /** @returns who asks, when the proof is that of a link shown here; undefined for everybody else */
  whoAsks(data: unknown): Promise<Newcomer | undefined>;
  /** Signs the newcomer in. The link is used up. */
  admit(place: Place, newcomer: Newcomer): Promise<Verdict<unknown>>;
}

/** They are not kept: whoever closes the app shows a new link. */
export function createInvitations(): Invitations {
  const open = new Map<string, number>();
  return {
    make: ({ api, home, signer }) => {
      const secret = newId();
      open.set(secret, Date.now() + inviteForMs);
      const { kid: hubKey } = home.hubKey;
      return toInvitation({ api: api.base, home: home.pinned.home, hub: signer.hub, hubKey, secret });
    },
    whoAsks: async (data) => {
      const request = v.safeParse(DeviceRequest, data);
      if (!request.success) return undefined;
      for (const [secret, until] of open) {
        if (until < Date.now()) open.delete(secret);
        else if ((await verifyInvited(secret, request.output)).ok) {
          open.delete(secret);
          const { kid } = await toVerifyKey(request.output.sign);
          return { request: request.output, letters: lettersOf(kid) };
        }
      }
      return undefined;
    },
    admit: (place, { request }) => {
      const { proof: _proof, ...device } = request;
      return changeDevices(place, { add: device });
    },
  };
}
