/** Homes, their hubs and doors, and what owners signed for them. */

export interface HomeTables {
  home: HomeTable;
  hub: HubTable;
  door: DoorTable;
  enrolment: EnrolmentTable;
  document: DocumentTable;
  home_position: HomePositionTable;
  home_note: HomeNoteTable;
}

interface HomeTable {
  id: string;
  created_at: number;
}

interface HubTable {
  id: string;
  /** One hub a home, for ever: a new hub is a new home. */
  home: string;
  /** The hub's Ed25519 key, JWK. */
  sign_jwk: string;
  enrolled_at: number;
  online: number;
  /** Boot that was last seen; a will of an earlier one says nothing. */
  boot: string | null;
  seen_at: number | null;
  /** `Versions` of the last hello, JSON. */
  versions: string | null;
  software: string | null;
  acked_seq: number;
  acked_hash: string;
  owner_list: string | null;
  /** -1 before the hand-over. */
  owner_version: number;
}

interface DoorTable {
  id: string;
  hub: string;
  /** `DoorFacts`, JSON. */
  facts: string;
  /** 0 once the hub announces it no more. */
  present: number;
}

interface EnrolmentTable {
  /** Hash of the one-time token. */
  token: string;
  home: string;
  expires_at: number;
  /** Set when it is used: the proving key, the hash of the certificate request, the hub. */
  kid: string | null;
  csr: string | null;
  hub: string | null;
}

interface DocumentTable {
  hub: string;
  /** 1, 2, 3 … for each hub. */
  seq: number;
  hash: string;
  typ: string;
  /** Thumbprint of the signer. */
  kid: string;
  /** Of a rule book or an owner change. */
  version: number | null;
  /** What it is about: the grant's hash of an approval, `kind:id` of what a revocation ends. */
  about: string | null;
  text: string;
  /** After this it need not be delivered any more; null: never. */
  exp_s: number | null;
  at: number;
  /** null: the hub has not confirmed it yet. `taken`, or the code of its refusal. */
  settled: string | null;
}

/** Where a home is, as its owner has set it there. */
interface HomePositionTable {
  home: string;
  /** `HomePosition`, JSON. */
  text: string;
  /** Thumbprint of the owner device. */
  by: string;
  at: number;
}

/** What a household keeps for its own devices. */
interface HomeNoteTable {
  home: string;
  /** Counts up by one with each change. */
  version: number;
  /** JWE that only the owner devices can open. */
  sealed: string;
}
