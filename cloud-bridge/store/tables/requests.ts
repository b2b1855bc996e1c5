/** Events by number, and requests that may come again. */

export interface RequestTables {
  event: EventTable;
  answer: AnswerTable;
  proof: ProofTable;
}

interface EventTable {
  /** `home:<id>` or `carrier:<id>`. */
  party: string;
  /** 1, 2, 3 … for each party. */
  seq: number;
  type: string;
  /** JSON. */
  data: string;
  at: number;
}

/** Stored answers of requests with an Idempotency-Key. */
interface AnswerTable {
  caller: string;
  key: string;
  /** Hash of the request. */
  request: string;
  /** 0 while the first request is under way. */
  status: number;
  /** Sealed with the caller's secret where it has one. */
  body: string;
  at: number;
}

/** Proofs of possession that have been used. */
interface ProofTable {
  hash: string;
  exp_s: number;
}
