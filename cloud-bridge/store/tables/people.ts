/** Accounts, and how one comes back in. */

export interface PeopleTables {
  account: AccountTable;
  passkey: PasskeyTable;
  session: SessionTable;
  challenge: ChallengeTable;
  recovery_code: RecoveryCodeTable;
  recovery: RecoveryTable;
}

/** An account of a person: its id is the user handle of its passkeys, and says nothing. */
interface AccountTable {
  id: string;
  created_at: number;
}

interface PasskeyTable {
  /** Credential id, base64url. */
  id: string;
  account: string;
  /** COSE key, base64url. */
  public_key: string;
  counter: number;
  /** How the browser reaches it, JSON. */
  transports: string;
  created_at: number;
  used_at: number;
}

/** A device key that is logged in to an account: nothing in it could be stolen. */
interface SessionTable {
  jkt: string;
  account: string;
  /** The one that it was opened with. */
  passkey: string;
  created_at: number;
  seen_at: number;
  ended_at: number | null;
}

/** What a passkey is to sign for this device. */
interface ChallengeTable {
  jkt: string;
  purpose: string;
  challenge: string;
  /** The account that the passkey is made for; empty to log in. */
  account: string;
  until: number;
}

/** The recovery code that a hub goes by. */
interface RecoveryCodeTable {
  hub: string;
  /** As the hub has signed it. */
  pin: string;
  version: number;
  /** Thumbprint of the code's key, its JWK and its note; null: this home has no code. */
  kid: string | null;
  jwk: string | null;
  note: string | null;
}

/** Somebody who asked for a device with a code. */
interface RecoveryTable {
  id: string;
  hub: string;
  /** Thumbprint of the key that the new device signs with. */
  device: string;
  state: 'asked' | 'waiting' | 'vetoed' | 'done' | 'ended';
  asked_at: number;
  until_at: number;
}
