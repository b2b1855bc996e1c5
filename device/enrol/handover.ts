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
import { toHandoverFragment } from '../../wire/handover-link.ts';
import { thumbprintOf } from '../../wire/jws.ts';
import type { OwnerDevice } from '../../wire/owner-device.ts';
import type { RecoveryMark } from '../../wire/recovery.ts';
import type { Clock } from '../clock/clock.ts';
import type { Pinned } from '../grant/trust.ts';

export interface HandoverParts {
  readonly hubId: string;
  /** Thumbprint of the hub's Ed25519 key. */
  readonly hubKey: string;
  readonly clock: Clock;
  /** Where the owner's app is, and the cloud's API that it talks to: scheme, host and port of each. */
  readonly app?: { readonly pages: string; readonly api: string } | undefined;
  /** Pins the device as the first and only one, ends what was before, journals it. @returns the new owner list and the pin of the code, signed by the hub */
  readonly pin: (device: OwnerDevice, recovery: RecoveryMark | undefined) => Promise<Pinned>;
  /** A device was pinned. */
  readonly claimed?: () => void;
}

/**
 * How the hand-over stands that was opened last. `over`: nobody can claim it any more, and nobody has - `late`: its time was over,
 * `tries`: too many wrong proofs, `ended`: the installer ended it, `failed`: the device could not be kept.
 */
export type HandoverView =
  | { readonly at: 'none' }
  | { readonly at: 'open'; readonly leftMs: number; readonly wrongProofs: number }
  /** `device`: thumbprint of the key that the phone signs with. */
  | { readonly at: 'claimed'; readonly device: string }
  | { readonly at: 'over'; readonly why: 'late' | 'tries' | 'ended' | 'failed' };

export interface OpenedHandover {
  /** What the QR code says: `doorward:handover?…`. */
  readonly uri: string;
  /** The same as a link that opens the owner's app; where the hub knows the app. */
  readonly link?: string;
  /** Until it dies, ms from now. */
  readonly forMs: number;
}

export interface HandoverDesk {
  view(): HandoverView;
  /** Ends one that is open. */
  end(): void;
  /** Opens a hand-over, in place of one that is open. */
  open(): OpenedHandover;
  /** Takes a claim that came by way of the cloud. @returns HANDOVER_CLOSED, HANDOVER_NOT_GENUINE, or the hub's answer */
  claim(claim: HandoverClaim): Promise<Verdict<Pinned & { readonly proof: string }>>;
}

export function handoverDesk(parts: HandoverParts): HandoverDesk {
  let open: { readonly code: HandoverCode; tries: number; readonly endsMs: number; cancel: () => void } | undefined;
  let last: HandoverView = { at: 'none' };

  const close = (then: HandoverView): void => {
    open?.cancel();
    open = undefined;
    last = then;
  };
  const over = (why: Extract<HandoverView, { at: 'over' }>['why']): void => close({ at: 'over', why });

  return {
    open: () => {
      close({ at: 'none' });
      const code = { hub: parts.hubId, key: parts.hubKey, secret: randomBytes(16).toString('base64url') };
      const cancel = parts.clock.after(handoverForMs, () => over('late'));
      open = { code, tries: 0, endsMs: parts.clock.monotonic() + handoverForMs, cancel };
      const { app } = parts;
      const link = app && `${app.pages}/app/${toHandoverFragment({ api: app.api, ...code })}`;
      return { uri: toHandoverUri(code), ...(link && { link }), forMs: handoverForMs };
    },
    view: () => {
      if (open === undefined) return last;
      const leftMs = Math.max(0, Math.round(open.endsMs - parts.clock.monotonic()));
      return { at: 'open', leftMs, wrongProofs: open.tries };
    },
    end: () => {
      if (open !== undefined) over('ended');
    },
    claim: async (claim) => {
      const current = open;
      if (current === undefined || claim.hub !== parts.hubId) return refuse('HANDOVER_CLOSED');
      current.tries += 1;
      const verified = await verifyHandover('phone', current.code, claim.device, claim.proof, claim.recovery);
      // Another claim that was checked beside this one may have been faster: the secret works once.
      if (open !== current) return refuse('HANDOVER_CLOSED');
      if (!verified.ok) {
        if (current.tries >= maxHandoverTries) over('tries');
        return verified;
      }
      // Until it is kept; a disk that refuses it has pinned nobody.
      over('failed');
      const pinned = await parts.pin(claim.device, claim.recovery);
      last = { at: 'claimed', device: thumbprintOf(claim.device.sign) };
      parts.claimed?.();
      const proof = await proveHandover('hub', current.code, claim.device, claim.recovery);
      return { ok: true, value: { ...pinned, proof } };
    },
  };
}
