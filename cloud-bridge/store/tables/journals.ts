/** What hubs report: journals, and recordings. */

export interface JournalTables {
  journal: JournalTable;
  journal_refusal: JournalRefusalTable;
  journal_head: JournalHeadTable;
  recording: RecordingTable;
}

interface JournalTable {
  hub: string;
  seq: number;
  kind: string;
  visit: string | null;
  /** Exactly what was hashed. */
  text: string;
  hash: string;
}

/** What a hub sent that breaks its chain: evidence, each once. */
interface JournalRefusalTable {
  hub: string;
  code: string;
  seq: number;
  hash: string;
  at: number;
}

/** The newest head that a hub has signed, of the last entry that is kept of it. */
interface JournalHeadTable {
  hub: string;
  /** `journalhead+jwt` */
  text: string;
}

/** One stream of sealed pictures: what its file holds, as of the last time that it was forced to disk. */
interface RecordingTable {
  /** 128 random bits, base64url. */
  stream: string;
  hub: string;
  home: string;
  door: string;
  visit: string | null;
  /** Hash of the key message: a second one for the same stream is refused. */
  key_hash: string;
  /** By the hub's clock. */
  started_at: number;
  /** By the hub's clock; null until the hub has signed the end. */
  ended_at: number | null;
  /** Frames that the hub signed for at the end. */
  end_seq: number | null;
  /** By the cloud's clock: when something came last. */
  last_at: number;
  frames: number;
  /** Frames that came out of order, or older than is relayed. */
  late: number;
  last_seq: number;
  /** Length of the file that is surely on disk; what stands behind it is cut at open. */
  bytes: number;
  /** Frames in the file, `[[from, to], ...]`, JSON. */
  ranges: string;
  /** Set before anything is destroyed: a deletion that was interrupted goes on. */
  deleting_at: number | null;
  deleted_at: number | null;
}
