/** Support, and what it was let see. */

export interface SupportTables {
  support_staff: SupportStaffTable;
  support_case: SupportCaseTable;
  support_look: SupportLookTable;
  case_picture: CasePictureTable;
}

/** A member of the support staff. */
interface SupportStaffTable {
  id: string;
  /** As owners read it. */
  name: string;
  /** Hash. */
  token: string;
  /** Public key that pictures are sealed for, JWK. */
  seal: string | null;
  created_at: number;
  ended_at: number | null;
}

/** What an owner lets support see: how one delivery went. */
interface SupportCaseTable {
  id: string;
  home: string;
  delivery: string;
  reason: string;
  /** Thumbprint of the owner device. */
  opened_by: string;
  opened_at: number;
  closed_at: number | null;
}

/** One look of support, or of the delivery's carrier. Never deleted. */
interface SupportLookTable {
  id: string;
  of_case: string;
  /** Of the staff, or the carrier's. */
  staff: string;
  /** `history` or `picture`. */
  what: string;
  at: number;
}

/** One picture that an owner's device has sealed for one member of support, or for the delivery's carrier. */
interface CasePictureTable {
  id: string;
  of_case: string;
  staff: string;
  /** JWE. */
  sealed: string;
  at: number;
  until_at: number;
}
