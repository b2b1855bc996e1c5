/** Deliveries, what was wished for them, and the links of their couriers. */
import type { Generated } from 'kysely';

export interface DeliveryTables {
  delivery: DeliveryTable;
  wish_book: WishBookTable;
  task: TaskTable;
  dispute: DisputeTable;
}

interface DeliveryTable {
  id: string;
  carrier: string;
  home: string;
  hub: string;
  door: string;
  from_s: number;
  until_s: number;
  parcels: number;
  reference: string;
  /** The owner's rule that opens its door; empty: none does, and its plan leads elsewhere. */
  rule: string;
  consent: string;
  state: string;
  outcome: string | null;
  proof: string | null;
  receipt: string | null;
  created_at: number;
  /** When its carrier said that it is on the way. */
  on_the_way_at: number | null;
  /** `ParcelFacts`, JSON; null: nothing was said. */
  parcel: string | null;
  /** `Plan`, JSON; null: inside, by its door, as deliveries were before there were plans. */
  plan: string | null;
  /** `DeliveryWishes`, JSON: what the owner changed for this one. */
  wishes: string | null;
  /** What its carrier can do, JSON; null: nothing was said. */
  can: string | null;
  /** `home` or `gift`; null is home. */
  kind: string | null;
  /** Who is coming, as its carrier says it. */
  coming: string | null;
  /** The carrier's own name for the order that it belongs to. */
  order_ref: string | null;
  /** The attempt that runs, 1, 2, 3 … */
  attempt: Generated<number>;
}

/** The owner's standing wishes. */
interface WishBookTable {
  home: string;
  /** `Wishes`, JSON. */
  text: string;
  version: number;
  /** Thumbprint of the owner device, or `support`. */
  by: string;
  at: number;
}

interface TaskTable {
  /** Hash of the token. */
  token: string;
  delivery: string;
  /** `open`, `claimed` or `dead`. */
  state: string;
  jkt: string | null;
  created_at: number;
  /** Hash of the courier as the carrier names them. */
  courier: string | null;
}

/** What an owner says of a delivery that is over. Never deleted. */
interface DisputeTable {
  id: string;
  home: string;
  delivery: string;
  /** The newest when it was said. */
  attempt: number;
  /** `Disputed` */
  what: string;
  of_case: string | null;
  /** Thumbprint of the owner device. */
  opened_by: string;
  opened_at: number;
  withdrawn_at: number | null;
  /** The carrier's, as its people have written it. */
  answer: string | null;
  answered_at: number | null;
  /** When its owner said that it is settled. */
  settled_at: number | null;
}
