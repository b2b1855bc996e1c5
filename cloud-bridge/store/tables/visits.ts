/** Guests, grants and visits, and what a visitor is told of a door. */

export interface VisitTables {
  guest: GuestTable;
  grant_issued: GrantTable;
  visit: VisitTable;
  door_hint: DoorHintTable;
  hint_found: HintFoundTable;
}

/** An invitation of a home, and the device that has opened it. No name. */
interface GuestTable {
  id: string;
  home: string;
  hub: string;
  /** Hash of the link's token. */
  token: string;
  /** `open`, `claimed`, `accepted`, `ended` or `dead`. */
  state: string;
  jkt: string | null;
  /** Of the link's secret, over the key: for the owner's device to check. */
  proof: string | null;
  /** Until when it may be opened first, ms. */
  expires_at: number;
  created_at: number;
  ended_at: number | null;
}

interface GrantTable {
  jti: string;
  hub: string;
  /** null: a guest's. */
  delivery: string | null;
  /** Hash of the token of the link, a task's or a guest's. */
  task: string;
  jkt: string;
  hash: string;
  text: string;
  assignment: string | null;
  approval: string | null;
  /** `waiting` (for the owner), `ready` or `revoked`. */
  state: string;
  exp_s: number;
  guest: string | null;
  /** The owner's rule; null for grants of before this was kept. */
  rule: string | null;
  /** null for grants of before this was kept. */
  door: string | null;
}

interface VisitTable {
  id: string;
  hub: string;
  home: string;
  delivery: string | null;
  jkt: string;
  /** The grant that it stands on. */
  jti: string | null;
}

/** What an owner tells visitors about a door. */
interface DoorHintTable {
  door: string;
  hub: string;
  /** `1A` to `1G`. */
  place: string | null;
  instruction: string | null;
  /** Base64. */
  photo: string | null;
  photo_type: string | null;
  at: number;
}

/** Who has found the door. */
interface HintFoundTable {
  /** A guest's grant, or the hash of a task's link. */
  jti: string;
  at: number;
}
