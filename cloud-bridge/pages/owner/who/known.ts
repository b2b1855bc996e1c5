/** What this device knows when it says who could open a door: documents that it has verified itself, and lists that the hub has sealed for it. */
import type { ApprovalClaims } from '../../../../wire/approval.ts';
import type { AssignmentClaims } from '../../../../wire/assignment.ts';
import type { GrantClaims } from '../../../../wire/grant.ts';
import type { ListedCode, ListedUser } from '../../../../wire/lock-order.ts';
import type { Ends } from '../../../../wire/revocation.ts';
import type { RuleBookClaims } from '../../../../wire/rule-book.ts';

/** Something that is in force until the hub confirms its end. */
export interface Confirmable {
  /** Its end is signed and on its way, and nothing proves yet that the hub has it. */
  readonly ending: boolean;
}

/** The owner's word that something ends. */
export interface Ending {
  readonly ends: Ends;
  /** The hub has signed for it: an entry of its journal, under its head. */
  readonly confirmed: boolean;
}

/** A grant that the owner has said yes to. */
export interface Approved {
  readonly grant: GrantClaims;
  readonly approval: ApprovalClaims;
  readonly assignment: AssignmentClaims | undefined;
}

export interface KnownLock {
  readonly door: string;
  readonly codes: readonly Pick<ListedCode, 'id' | 'name' | 'enabled' | 'times'>[];
  readonly users: readonly Pick<ListedUser, 'id' | 'name' | 'enabled' | 'times' | 'kind' | 'isHub'>[];
}

export interface Known {
  readonly nowS: number;
  /** `keepsUsers`: its lock has codes and users of its own. */
  readonly doors: readonly { readonly id: string; readonly keepsUsers: boolean }[];
  /** The rule book that the hub goes by. */
  readonly book: RuleBookClaims | undefined;
  /** A newer one that it has not confirmed. */
  readonly next: RuleBookClaims | undefined;
  readonly endings: readonly Ending[];
  /** The hub's epoch, as far as it has confirmed. */
  readonly epoch: number;
  readonly approved: readonly Approved[];
  /** Visits that a rule has had, as far as the journal of this device tells: rather too few. */
  readonly visitsOf: (rule: string) => number;
  /** How often a grant or an assignment has opened a door: rather too few. */
  readonly usesOf: (id: string) => number;
  readonly devices: readonly (Confirmable & { readonly kid: string })[];
  /** What was read of the locks that keep codes and users of their own. */
  readonly locks: readonly KnownLock[];
  /** A recovery that waits; from when on its device counts, seconds. */
  readonly recovery: { readonly id: string; readonly fromS: number } | undefined;
}
