/**
 * The storage of the cloud: the one interface that everything else sees.
 *
 * What is committed survives a power cut before `write` resolves. Another instance on the same database may write at any time,
 * so whatever decides is read inside `write`. Only `store/` knows SQL; the SQL is portable, and what is not stands in `sqlite.ts`.
 */
import type { Accounts } from './accounts.ts';
import type { Answers } from './answers.ts';
import type { Attempts } from './attempts.ts';
import type { Challenges } from './challenges.ts';
import type { Clients } from './clients.ts';
import type { Codes } from './codes.ts';
import type { Deliveries } from './deliveries.ts';
import type { Disputes } from './disputes.ts';
import type { Documents } from './documents.ts';
import type { Events } from './events.ts';
import type { EvidenceRows } from './evidence.ts';
import type { Grants } from './grants.ts';
import type { Guests } from './guests.ts';
import type { Hints } from './hints.ts';
import type { Holders } from './holders.ts';
import type { Homes } from './homes.ts';
import type { Hubs } from './hubs.ts';
import type { Journals } from './journals.ts';
import type { NoticeDevices } from './notice-devices.ts';
import type { NoticeFeeds } from './notice-feeds.ts';
import type { Notices } from './notices.ts';
import type { Parties } from './parties.ts';
import type { Photos } from './photos.ts';
import type { Plays } from './plays.ts';
import type { Proofs } from './proofs.ts';
import type { RecordingIndex } from './recordings.ts';
import type { Recoveries } from './recoveries.ts';
import type { Sessions } from './sessions.ts';
import type { StandingAlarms } from './standing-alarms.ts';
import type { Stops } from './stops.ts';
import type { CasePictures, SupportCases, SupportStaff } from './support.ts';
import type { Tasks } from './tasks.ts';
import type { Visits } from './visits.ts';
import type { Webhooks } from './webhooks.ts';
import type { WishBooks } from './wishes.ts';

export interface Tables {
  readonly homes: Homes;
  readonly hubs: Hubs;
  readonly parties: Parties;
  readonly clients: Clients;
  readonly documents: Documents;
  readonly deliveries: Deliveries;
  readonly wishBooks: WishBooks;
  readonly attempts: Attempts;
  readonly stops: Stops;
  readonly tasks: Tasks;
  readonly grants: Grants;
  readonly guests: Guests;
  readonly visits: Visits;
  readonly journals: Journals;
  readonly events: Events;
  readonly evidence: EvidenceRows;
  readonly webhooks: Webhooks;
  readonly plays: Plays;
  readonly answers: Answers;
  readonly proofs: Proofs;
  readonly hints: Hints;
  readonly recordings: RecordingIndex;
  readonly noticeFeeds: NoticeFeeds;
  readonly noticeDevices: NoticeDevices;
  readonly notices: Notices;
  readonly standingAlarms: StandingAlarms;
  readonly supportStaff: SupportStaff;
  readonly supportCases: SupportCases;
  readonly casePictures: CasePictures;
  readonly disputes: Disputes;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly challenges: Challenges;
  readonly recoveries: Recoveries;
  readonly holders: Holders;
  readonly codes: Codes;
  readonly photos: Photos;
}

export interface Store {
  /** What is committed. Never waits for a transaction. */
  readonly read: Tables;
  /**
   * Runs `work` as one transaction, after all others that write; durable when it resolves. A throw undoes everything.
   * `work` uses the tables it is given and awaits nothing else that is slow.
   */
  write<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
  /** Told, after each commit of this instance, whose event streams grew. @returns stops listening */
  onEvents(listener: (party: string) => void): () => void;
  close(): Promise<void>;
}
