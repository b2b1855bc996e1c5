/** The hub's side of the hand-over: one secret out at a time, few tries, ten minutes. */
import { randomBytes } from 'node:crypto';
import { refuse, type Verdict } from '../../wire/faults.ts';
import {
  type HandoverClaim,
  type HandoverCode,
  handoverForMs,
  maxHandoverTries,
  proveHandover,
  toHandoverUri,
  verifyHandover,
} from '../../wire/handover.ts';
import type { OwnerDevice } from '../../wire/owner.ts';
import type { Clock } from '../clock/clock.ts';

export interface HandoverParts {
  readonly hubId: string;
  /** Thumbprint of the hub's Ed25519 key. */
  readonly hubKey: string;
  readonly clock: Clock;
  /** Pins the device as the first and only one, ends what was before, journals it. @returns the new owner list, signed by the hub */
  readonly pin: (device: OwnerDevice) => Promise<string>;
}

export interface HandoverDesk {
  /** Opens a hand-over, in place of one that is open. @returns what the QR code says, and when it dies, ms from now */
  open(): { uri: string; forMs: number };
  /** Takes a claim that came by way of the cloud. @returns HANDOVER_CLOSED, HANDOVER_NOT_GENUINE, or the hub's answer */
  claim(claim: HandoverClaim): Promise<Verdict<{ ownerList: string; proof: string }>>;
}

export function handoverDesk(parts: HandoverParts): HandoverDesk {
  let open: { readonly code: HandoverCode; tries: number; readonly cancel: () => void } | undefined;

  const close = (): void => {
    open?.cancel();
    open = undefined;
  };

  return {
    open: () => {
      close();
      const code = { hub: parts.hubId, key: parts.hubKey, secret: randomBytes(16).toString('base64url') };
      open = { code, tries: 0, cancel: parts.clock.after(handoverForMs, close) };
      return { uri: toHandoverUri(code), forMs: handoverForMs };
    },
    claim: async (claim) => {
      const current = open;
      if (current === undefined || claim.hub !== parts.hubId) return refuse('HANDOVER_CLOSED');
      current.tries += 1;
      const verified = await verifyHandover('phone', current.code, claim.device, claim.proof);
      // Another claim that was checked beside this one may have been faster: the secret works once.
      if (open !== current) return refuse('HANDOVER_CLOSED');
      if (!verified.ok) {
        if (current.tries >= maxHandoverTries) close();
        return verified;
      }
      close();
      const ownerList = await parts.pin(claim.device);
      const proof = await proveHandover('hub', current.code, claim.device);
      return { ok: true, value: { ownerList, proof } };
    },
  };
}
