/** What happens at a stop, who may receive there, and what is left of it. */

export interface StopTables {
  attempt: AttemptTable;
  stop_act: StopActTable;
  holder: HolderTable;
  code_try: CodeTryTable;
  delivery_photo: DeliveryPhotoTable;
  evidence_sets: EvidenceSetsTable;
}

/** One attempt of a delivery: one stop, one code for each holder. */
interface AttemptTable {
  delivery: string;
  number: number;
  home: string;
  carrier: string;
  /** `YYYY-MM-DD` in the home's zone. */
  day: string;
  /** The end of that day there, ms: nothing is accepted from then on. */
  dies_at: number;
  /** `expected`, `here` or `closed`. */
  state: string;
  /** How surely the courier is there: `none`, `said`, `near`, `felt` or `heard`. */
  presence: string;
  /** Device that is at the stop. */
  jkt: string | null;
  /** That the next act answers. */
  nonce: string | null;
  /** Holder whom the courier has named. */
  named: string | null;
  /** Wrong entries, over all holders and resends. */
  tries: number;
  arrived_at: number | null;
  rang_at: number | null;
  closed_at: number | null;
  /** `StopEnd`: follows from the acts, is never set by anybody's word. */
  how: string | null;
  /** `stopreceipt+jwt`, once it is over. */
  receipt: string | null;
  /** The hub's `stopseal+jwt` on it. */
  seal: string | null;
  /** Hash of the signed sets that the receipt hangs on. */
  sets: string | null;
  created_at: number;
  /** The day for which its codes were told by mail. */
  told_day: string | null;
}

/** What happened in an attempt, in order; never changed. No digits in it. */
interface StopActTable {
  delivery: string;
  attempt: number;
  /** 1, 2, 3 … */
  seq: number;
  /** A `StopAct`, or what the hub felt, or what the cloud decided. */
  kind: string;
  at: number;
  jkt: string | null;
  /** The signed act, or JSON. */
  text: string;
  /** Of a signed act: the same again gets the same answer. */
  jti: string | null;
  /** `{ code, detail }`, JSON: it counted, and was refused. */
  refused: string | null;
}

/** Somebody who may receive with a code of their own. */
interface HolderTable {
  id: string;
  home: string;
  /** `account`, `household`, `neighbour`, `gift` or `reception`. */
  kind: string;
  name: string;
  /** Only this delivery; null: all of the home. */
  delivery: string | null;
  /** Those who were named together. */
  holder_group: string | null;
  flat: string | null;
  /** What the courier reads: where to find them. */
  note: string | null;
  /** Mail address that the code goes to. */
  contact: string | null;
  /** Of a household member's own owner device. */
  jkt: string | null;
  /** For whom they receive, as they know them. */
  sender: string | null;
  language: string | null;
  created_at: number;
  until_at: number | null;
  revoked_at: number | null;
}

/** One wrong hand-over code, without the digits. */
interface CodeTryTable {
  delivery: string;
  attempt: number;
  home: string;
  /** Device that it was typed on. */
  jkt: string;
  /** Hash of the courier as the carrier names them. */
  courier: string | null;
  at: number;
}

/** One sealed photo of a parcel that was put down. Its file is named after the hash. */
interface DeliveryPhotoTable {
  hash: string;
  home: string;
  delivery: string;
  attempt: number;
  /** The courier's device at this stop. */
  jkt: string;
  /** `hub`: by the camera at the door. */
  taken_by: 'courier' | 'hub';
  at: number;
  until_at: number;
  /** Set before the file is destroyed: a deletion that was interrupted goes on. */
  deleting_at: number | null;
}

/** Signed sets of a time, as JSON: receipts of that time are checked by them. */
interface EvidenceSetsTable {
  hash: string;
  text: string;
}
