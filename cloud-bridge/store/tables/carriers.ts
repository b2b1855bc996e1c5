/** Carriers, and how they get in and are told. */
import type { Generated } from 'kysely';

export interface CarrierTables {
  carrier: CarrierTable;
  client_secret: ClientSecretTable;
  access_token: AccessTokenTable;
  webhook: WebhookTable;
  webhook_message: WebhookMessageTable;
  webhook_attempt: WebhookAttemptTable;
  sandbox_play: SandboxPlayTable;
}

interface CarrierTable {
  id: string;
  name: string;
  /** Public assignment key, JWK. */
  jwk: string;
  /** `carrier`, or `company`: one that sends people to work. */
  kind: string;
  /** 1: it sees virtual doors and no real one. */
  sandbox: number;
  created_at: number;
  /** Public key that pictures are sealed for, JWK. */
  seal: Generated<string | null>;
}

/** What a carrier proves itself with: two at a time, so that one is replaced without a gap. */
interface ClientSecretTable {
  id: string;
  carrier: string;
  hash: string;
  created_at: number;
  used_at: number | null;
  ended_at: number | null;
}

interface AccessTokenTable {
  hash: string;
  carrier: string;
  /** The secret that it was asked for with: it ends with it. */
  secret: string;
  /** Names with blanks between (RFC 6749 section 3.3). */
  scope: string;
  exp_at: number;
}

/** Where a carrier wants its events posted to. */
interface WebhookTable {
  id: string;
  carrier: string;
  url: string;
  /** Event types, JSON; empty: all. */
  types: string;
  description: string;
  /** Sealed with the key that is not in this database. */
  secret: string;
  /** The one before: signs too until then. */
  old_secret: string | null;
  old_until: number | null;
  created_at: number;
  /** Why nothing is sent: `by-you`, `gone` or `failing`. */
  disabled: string | null;
  disabled_at: number | null;
  /** Since when nothing has arrived. */
  failing_since: number | null;
}

/** One event for one webhook: written with the event, kept until it has arrived. */
interface WebhookMessageTable {
  /** What `webhook-id` says, at every try. */
  id: string;
  webhook: string;
  /** The event. */
  party: string;
  seq: number;
  at: number;
  /** `waiting`, `sending`, `sent`, `failed` or `dropped`. */
  state: string;
  /** Tries in all. */
  tries: number;
  /** Tries since it was last asked for. */
  round: number;
  /** Not before this; while it is being sent: until when nobody else tries. */
  due_at: number;
}

/** One try, for the carrier to see. */
interface WebhookAttemptTable {
  webhook: string;
  /** 1, 2, 3 … of a webhook. */
  n: number;
  message: string;
  /** 1, 2, 3 … of a message. */
  attempt: number;
  type: string;
  at: number;
  /** null as long as nobody knows how it ended. */
  ms: number | null;
  status: number | null;
  error: string | null;
  /** The beginning of what was answered. */
  body: string | null;
}

/** A delivery of the sandbox, and how far it has been played. */
interface SandboxPlayTable {
  delivery: string;
  outcome: string;
  step: number;
  pace_ms: number;
  due_at: number;
  /** The first device of the virtual courier; it follows from the delivery. */
  jkt: string;
}
