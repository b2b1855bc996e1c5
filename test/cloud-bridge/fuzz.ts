/** Mutated requests, documents and MQTT payloads against a whole cloud: every one is refused by a code, none breaks anything. */

import { accountMoves } from './fuzz/moves-account.ts';
import { busMoves } from './fuzz/moves-bus.ts';
import { documentMoves, type Move } from './fuzz/moves-documents.ts';
import { httpMoves } from './fuzz/moves-http.ts';
import { randomFrom } from './fuzz/random.ts';
import { Street } from './fuzz/street.ts';

export interface CloudFuzzReport {
  /** Messages sent. */
  readonly sent: number;
  /** How often each refusal came back, or showed in the log for what has no answer. */
  readonly refused: Record<string, number>;
  /** Messages with a changed document under a good signature. */
  readonly signedAgain: number;
  /** Answers that were no refusal: some changes are harmless. */
  readonly accepted: number;
  /** What must never be, with the name of the message: empty when all is well. */
  readonly violations: string[];
}

const moves: readonly Move[] = [...httpMoves, ...accountMoves, ...documentMoves, ...busMoves];

/** How many kinds of message there are: a run plays them in turn. */
export const cloudFuzzMoves = moves.length;

/** The refusals that this fuzzer is made to reach. */
export const cloudFuzzReaches: readonly string[] = [
  'UNAUTHENTICATED',
  'SESSION_ENDED',
  'LOGIN_REFUSED',
  'PROOF_REPLAYED',
  'NOT_FOUND',
  'BODY_MALFORMED',
  'BODY_TOO_BIG',
  'RATE_LIMITED',
  'IDEMPOTENCY_KEY_MISSING',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_FLIGHT',
  'DELIVERY_NOT_ALLOWED',
  'DELIVERY_ENDED',
  'TASK_LINK_DEAD',
  'TASK_OTHER_DEVICE',
  'TASK_NOT_READY',
  'TASK_NOT_CLAIMED',
  'INVITATION_DEAD',
  'INVITATION_PENDING',
  'HUB_SILENT',
  'DOCUMENT_MALFORMED',
  'DOCUMENT_TYPE_UNKNOWN',
  'RULE_BOOK_MALFORMED',
  'RULE_BOOK_KEY_UNKNOWN',
  'RULE_BOOK_NOT_GENUINE',
  'RULE_BOOK_WRONG_HUB',
  'RULE_BOOK_OLD',
  'RULE_BOOK_LEASE_TOO_LONG',
  'RULE_BOOK_EARLY',
  'APPROVAL_MALFORMED',
  'APPROVAL_KEY_UNKNOWN',
  'APPROVAL_NOT_GENUINE',
  'APPROVAL_WRONG_HUB',
  'APPROVAL_OTHER_GRANT',
  'APPROVAL_EARLY',
  'APPROVAL_LATE',
  'ASSIGNMENT_MALFORMED',
  'ASSIGNMENT_NOT_GENUINE',
  'ASSIGNMENT_WRONG_HUB',
  'ASSIGNMENT_WRONG_DOOR',
  'ASSIGNMENT_WRONG_DELIVERY',
  'ASSIGNMENT_OTHER_DEVICE',
  'ASSIGNMENT_LATE',
  'REVOCATION_MALFORMED',
  'REVOCATION_KEY_UNKNOWN',
  'REVOCATION_NOT_GENUINE',
  'REVOCATION_WRONG_HUB',
  'REVOCATION_EPOCH_JUMP',
  'OWNER_CHANGE_MALFORMED',
  'OWNER_CHANGE_KEY_UNKNOWN',
  'OWNER_CHANGE_NOT_GENUINE',
  'OWNER_CHANGE_WRONG_HUB',
  'OWNER_CHANGE_OLD',
  'OWNER_CHANGE_LAST_DEVICE',
  'CLEARANCE_MALFORMED',
  'CLEARANCE_KEY_UNKNOWN',
  'CLEARANCE_NOT_GENUINE',
  'CLEARANCE_WRONG_HUB',
  'CLOCK_RESET_MALFORMED',
  'CLOCK_RESET_KEY_UNKNOWN',
  'CLOCK_RESET_NOT_GENUINE',
  'CLOCK_RESET_WRONG_HUB',
  'OWNER_LIST_MALFORMED',
  'OWNER_LIST_NOT_GENUINE',
  'HANDOVER_NOT_GENUINE',
  'ENROLMENT_MALFORMED',
  'ENROLMENT_NOT_GENUINE',
  'ENROLMENT_TOKEN_UNKNOWN',
  'ENROLMENT_DONE',
  'MESSAGE_MALFORMED',
  'MESSAGE_TOO_BIG',
  'JOURNAL_EDITED',
  'JOURNAL_GAP',
  'JOURNAL_REORDERED',
  'JOURNAL_FORKED',
  'JOURNAL_HEAD_MALFORMED',
  'JOURNAL_HEAD_NOT_GENUINE',
  'JOURNAL_OTHER_HUB',
  'ALARM_NOT_GENUINE',
];

/**
 * Sends `count` messages, each move in its turn.
 * @param seed        the same seed plays the same changes (keys and ids differ)
 * @param onProgress  told after every 1000 messages
 */
export async function fuzzCloud(options: {
  readonly seed: number;
  readonly count: number;
  readonly onProgress?: (sent: number) => void;
}): Promise<CloudFuzzReport> {
  const random = randomFrom(options.seed);
  const street = await Street.open();
  const refused: Record<string, number> = {};
  const violations: string[] = [];
  let signedAgain = 0;
  let accepted = 0;
  const note = (name: string, code: string): void => {
    refused[code] = (refused[code] ?? 0) + 1;
    if (code === 'INTERNAL' || code === 'STORE_UNAVAILABLE') violations.push(`${name}: ${code}`);
  };
  try {
    street.takeLogged();
    for (let sent = 0; sent < options.count; sent++) {
      const move = moves[sent % moves.length]!;
      if (move.signedAgain) signedAgain += 1;
      for (const { status, body } of await move.play(street, random)) {
        if (status < 400) accepted += 1;
        else if (typeof body.code === 'string' && body.status === status) note(move.name, body.code);
        else violations.push(`${move.name}: ${status} is no problem`);
      }
      // What has no answer is taken on the event loop: let it be, and read what was logged.
      await new Promise((resolve) => setImmediate(resolve));
      for (const code of street.takeLogged()) note(move.name, code);
      if ((sent + 1) % 1_000 === 0) options.onProgress?.(sent + 1);
    }
    const alive = await street.as(street.owner, 'GET', street.home);
    if (alive.status !== 200) violations.push(`the owner gets ${alive.status} afterwards`);
  } finally {
    await street.close();
  }
  return { sent: options.count, refused, signedAgain, accepted, violations };
}
