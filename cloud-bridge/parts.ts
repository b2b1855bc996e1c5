/** What the parts of the cloud service are handed: made in `main.ts`, nowhere else. */
import type { BaseParts } from './base-parts.ts';
import type { Bus } from './bus/bus.ts';
import type { DeviceAuthority } from './ca/authority.ts';
import type { Streams } from './events/streams.ts';
import type { EvidenceKeeper } from './evidence/keeper.ts';
import type { Mailbox } from './home/mailbox.ts';
import type { Presence } from './home/presence.ts';
import type { Looking } from './looking.ts';
import type { Relay } from './media/relay.ts';
import type { Tickets } from './media/tickets.ts';
import type { MailSender } from './notify/mail.ts';
import type { Notifier } from './notify/notifier.ts';
import type { PushSender } from './notify/push.ts';
import type { SignedSets } from './roots/sets.ts';
import type { SandboxKey } from './sandbox/hub-key.ts';
import type { Signer } from './signer/signer.ts';
import type { VisitIndex } from './visit/index.ts';
import type { WebhookSender } from './webhook/sender.ts';

export interface Parts extends BaseParts {
  /** Hash of the operator's token. */
  readonly operatorHash: string;
  readonly bus: Bus;
  /** Sealed pictures to those who watch. */
  readonly relay: Relay;
  readonly tickets: Tickets;
  readonly signer: Signer;
  readonly authority: DeviceAuthority;
  readonly sets: SignedSets;
  readonly presence: Presence;
  readonly mailbox: Mailbox;
  /** Receipts of stops, and the hubs' seals on them. */
  readonly evidence: EvidenceKeeper;
  readonly visits: VisitIndex;
  readonly streams: Streams;
  readonly push: PushSender;
  /** Undefined: this installation sends no mail. */
  readonly mail: MailSender | undefined;
  readonly notifier: Notifier;
  readonly webhooks: WebhookSender;
  readonly sandboxKey: SandboxKey;
  readonly sandbox: Looking;
  /** Where callers reach this service, no path. */
  readonly publicUrl: () => string;
}
