/**
 * The tables, as rows. Portable: text and whole numbers only, no generated ids, flags as 0 and 1, JSON as text.
 * Times end in `_at` (ms) or `_s` (seconds). Tokens and keys of callers are stored as hashes.
 */
import type { Generated, Insertable, Selectable } from 'kysely';

export interface HomeTable {
  id: string;
  created_at: number;
}

export interface HubTable {
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

export interface DoorTable {
  id: string;
  hub: string;
  /** `DoorFacts`, JSON. */
  facts: string;
  /** 0 once the hub announces it no more. */
  present: number;
}

export interface EnrolmentTable {
  /** Hash of the one-time token. */
  token: string;
  home: string;
  expires_at: number;
  /** Set when it is used: the proving key, the hash of the certificate request, the hub. */
  kid: string | null;
  csr: string | null;
  hub: string | null;
}

export interface CarrierTable {
  id: string;
  name: string;
  /** Public assignment key, JWK. */
  jwk: string;
  /** `carrier`, or `company`: one that sends people to work. */
  kind: string;
  /** 1: it sees virtual doors and no real one. */
  sandbox: number;
  created_at: number;
}

/** What a carrier proves itself with: two at a time, so that one is replaced without a gap. */
export interface ClientSecretTable {
  id: string;
  carrier: string;
  hash: string;
  created_at: number;
  used_at: number | null;
  ended_at: number | null;
}

export interface AccessTokenTable {
  hash: string;
  carrier: string;
  /** The secret that it was asked for with: it ends with it. */
  secret: string;
  /** Names with blanks between (RFC 6749 section 3.3). */
  scope: string;
  exp_at: number;
}

/** Where a carrier wants its events posted to. */
export interface WebhookTable {
  id: string;
  carrier: string;
  url: string;
  /** Event types, JSON; empty: all. */
  types: string;
  description: string;
  /** Sealed with the key that is not in this database. */
  secret: string;
  /** The one before: signs too until then. */
  old_secret: string | null;
  old_until: number | null;
  created_at: number;
  /** Why nothing is sent: `by-you`, `gone` or `failing`. */
  disabled: string | null;
  disabled_at: number | null;
  /** Since when nothing has arrived. */
  failing_since: number | null;
}

/** One event for one webhook: written with the event, kept until it has arrived. */
export interface WebhookMessageTable {
  /** What `webhook-id` says, at every try. */
  id: string;
  webhook: string;
  /** The event. */
  party: string;
  seq: number;
  at: number;
  /** `waiting`, `sending`, `sent`, `failed` or `dropped`. */
  state: string;
  /** Tries in all. */
  tries: number;
  /** Tries since it was last asked for. */
  round: number;
  /** Not before this; while it is being sent: until when nobody else tries. */
  due_at: number;
}

/** One try, for the carrier to see. */
export interface WebhookAttemptTable {
  webhook: string;
  /** 1, 2, 3 … of a webhook. */
  n: number;
  message: string;
  /** 1, 2, 3 … of a message. */
  attempt: number;
  type: string;
  at: number;
  /** null as long as nobody knows how it ended. */
  ms: number | null;
  status: number | null;
  error: string | null;
  /** The beginning of what was answered. */
  body: string | null;
}

/** A delivery of the sandbox, and how far it has been played. */
export interface SandboxPlayTable {
  delivery: string;
  outcome: string;
  step: number;
  pace_ms: number;
  due_at: number;
  /** The virtual courier's device. */
  jkt: string;
}

export interface DocumentTable {
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

export interface DeliveryTable {
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
export interface WishBookTable {
  home: string;
  /** `Wishes`, JSON. */
  text: string;
  version: number;
  /** Thumbprint of the owner device, or `support`. */
  by: string;
  at: number;
}

/** Somebody who may receive with a code of their own. */
export interface HolderTable {
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

/** One attempt of a delivery: one stop, one code for each holder. */
export interface AttemptTable {
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

/** One wrong hand-over code, without the digits. */
export interface CodeTryTable {
  delivery: string;
  attempt: number;
  home: string;
  /** Device that it was typed on. */
  jkt: string;
  /** Hash of the courier as the carrier names them. */
  courier: string | null;
  at: number;
}

/** Signed sets of a time, as JSON: receipts of that time are checked by them. */
export interface EvidenceSetsTable {
  hash: string;
  text: string;
}

/** What happened in an attempt, in order; never changed. No digits in it. */
export interface StopActTable {
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

/** Where a home is, as its owner has set it there. */
export interface HomePositionTable {
  home: string;
  /** `HomePosition`, JSON. */
  text: string;
  /** Thumbprint of the owner device. */
  by: string;
  at: number;
}

/** One sealed photo of a parcel that was put down. Its file is named after the hash. */
export interface DeliveryPhotoTable {
  hash: string;
  home: string;
  delivery: string;
  attempt: number;
  /** Device that it came from. */
  jkt: string;
  at: number;
  until_at: number;
  /** Set before the file is destroyed: a deletion that was interrupted goes on. */
  deleting_at: number | null;
}

export interface TaskTable {
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

/** An invitation of a home, and the device that has opened it. No name. */
export interface GuestTable {
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

export interface GrantTable {
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

export interface VisitTable {
  id: string;
  hub: string;
  home: string;
  delivery: string | null;
  jkt: string;
  /** The grant that it stands on. */
  jti: string | null;
}

export interface JournalTable {
  hub: string;
  seq: number;
  kind: string;
  visit: string | null;
  /** Exactly what was hashed. */
  text: string;
  hash: string;
}

/** What a hub sent that breaks its chain: evidence, each once. */
export interface JournalRefusalTable {
  hub: string;
  code: string;
  seq: number;
  hash: string;
  at: number;
}

export interface EventTable {
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
export interface AnswerTable {
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
export interface ProofTable {
  hash: string;
  exp_s: number;
}

/** One stream of sealed pictures: what its file holds, as of the last time that it was forced to disk. */
export interface RecordingTable {
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

/** How far the events of a home have been turned into notices. */
export interface NoticeFeedTable {
  home: string;
  /** Number of the last event that was looked at. */
  told: number;
  /** Number of the newest event of which somebody may be told. */
  last: number;
}

/** How one owner device wants to be told. */
export interface NoticeDeviceTable {
  home: string;
  /** Thumbprint of the owner device's key. */
  jkt: string;
  language: string;
  zone: string;
  /** `NoticeChoices`, JSON. */
  choices: string;
  detail: number;
  /** Of its push subscription, with the keys that messages are sealed to. */
  endpoint: string | null;
  p256dh: string | null;
  auth: string | null;
  mail: string | null;
  /** 1: its owner has typed the code that was sent there. */
  mail_proven: number;
  /** Hash of the code that is out. */
  mail_code: string | null;
  mail_code_at: number | null;
  /** Wrong codes that were typed for it. */
  mail_tries: number;
  /** `push` or `mail`: what the last telling failed with. */
  failing: string | null;
}

/** One telling to one device by one way: written with what caused it, kept until it is told. */
export interface NoticeTable {
  /** Hash of what it is: the same telling has the same id. */
  id: string;
  home: string;
  jkt: string;
  /** `push` or `mail`. */
  way: string;
  kind: string;
  /** What it is about: a newer telling about the same takes its place on the screen. */
  about: string;
  /** `Said`, JSON. */
  says: string;
  loud: number;
  at: number;
  /** Not before this; while it is being sent: until when nobody else tries. */
  due_at: number;
  /** Not after this. */
  until_at: number;
  /** `waiting`, `sending`, `sent`, `dropped` or `failed`. */
  state: string;
  tries: number;
}

/** An alarm that stands, or that nobody has acknowledged. */
export interface StandingAlarmTable {
  id: string;
  home: string;
  code: string;
  door: string | null;
  at: number;
  /** When it is told the next time; null: no more. */
  next_at: number | null;
  /** How often it was told. */
  round: number;
  /** Thumbprint of the owner device that acknowledged. */
  acked_by: string | null;
  acked_at: number | null;
  ended_at: number | null;
  /** What a household keeps for its own devices. */
}

export interface HomeNoteTable {
  home: string;
  /** Counts up by one with each change. */
  version: number;
  /** JWE that only the owner devices can open. */
  sealed: string;
}

/** The newest head that a hub has signed, of the last entry that is kept of it. */
export interface JournalHeadTable {
  hub: string;
  /** `journalhead+jwt` */
  text: string;
}

/** An account of a person: its id is the user handle of its passkeys, and says nothing. */
export interface AccountTable {
  id: string;
  created_at: number;
}

export interface PasskeyTable {
  /** Credential id, base64url. */
  id: string;
  account: string;
  /** COSE key, base64url. */
  public_key: string;
  counter: number;
  /** How the browser reaches it, JSON. */
  transports: string;
  created_at: number;
  used_at: number;
}

/** A device key that is logged in to an account: nothing in it could be stolen. */
export interface SessionTable {
  jkt: string;
  account: string;
  /** The one that it was opened with. */
  passkey: string;
  created_at: number;
  seen_at: number;
  ended_at: number | null;
}

/** What a passkey is to sign for this device. */
export interface ChallengeTable {
  jkt: string;
  purpose: string;
  challenge: string;
  /** The account that the passkey is made for; empty to log in. */
  account: string;
  until: number;
}

/** What an owner tells visitors about a door. */
export interface DoorHintTable {
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
export interface HintFoundTable {
  /** A guest's grant, or the hash of a task's link. */
  jti: string;
  at: number;
}

/** The recovery code that a hub goes by. */
export interface RecoveryCodeTable {
  hub: string;
  /** As the hub has signed it. */
  pin: string;
  version: number;
  /** Thumbprint of the code's key, its JWK and its note; null: this home has no code. */
  kid: string | null;
  jwk: string | null;
  note: string | null;
}

/** Somebody who asked for a device with a code. */
export interface RecoveryTable {
  id: string;
  hub: string;
  /** Thumbprint of the key that the new device signs with. */
  device: string;
  state: 'asked' | 'waiting' | 'vetoed' | 'done' | 'ended';
  asked_at: number;
  until_at: number;
}

/** A member of the support staff. */
export interface SupportStaffTable {
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
export interface SupportCaseTable {
  id: string;
  home: string;
  delivery: string;
  reason: string;
  /** Thumbprint of the owner device. */
  opened_by: string;
  opened_at: number;
  closed_at: number | null;
}

/** One look of support. Never deleted. */
export interface SupportLookTable {
  id: string;
  of_case: string;
  staff: string;
  /** `history` or `picture`. */
  what: string;
  at: number;
}

/** One picture that an owner's device has sealed for one member of support. */
export interface CasePictureTable {
  id: string;
  of_case: string;
  staff: string;
  /** JWE. */
  sealed: string;
  at: number;
  until_at: number;
}

/** What an owner says of a delivery that is over. Never deleted. */
export interface DisputeTable {
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
}

export interface Schema {
  home: HomeTable;
  hub: HubTable;
  door: DoorTable;
  enrolment: EnrolmentTable;
  carrier: CarrierTable;
  client_secret: ClientSecretTable;
  access_token: AccessTokenTable;
  webhook: WebhookTable;
  webhook_message: WebhookMessageTable;
  webhook_attempt: WebhookAttemptTable;
  sandbox_play: SandboxPlayTable;
  document: DocumentTable;
  delivery: DeliveryTable;
  wish_book: WishBookTable;
  holder: HolderTable;
  attempt: AttemptTable;
  stop_act: StopActTable;
  evidence_sets: EvidenceSetsTable;
  home_position: HomePositionTable;
  code_try: CodeTryTable;
  delivery_photo: DeliveryPhotoTable;
  task: TaskTable;
  guest: GuestTable;
  recovery_code: RecoveryCodeTable;
  recovery: RecoveryTable;
  grant_issued: GrantTable;
  visit: VisitTable;
  journal: JournalTable;
  journal_refusal: JournalRefusalTable;
  journal_head: JournalHeadTable;
  home_note: HomeNoteTable;
  event: EventTable;
  answer: AnswerTable;
  proof: ProofTable;
  recording: RecordingTable;
  notice_feed: NoticeFeedTable;
  notice_device: NoticeDeviceTable;
  notice: NoticeTable;
  standing_alarm: StandingAlarmTable;
  support_staff: SupportStaffTable;
  support_case: SupportCaseTable;
  support_look: SupportLookTable;
  case_picture: CasePictureTable;
  dispute: DisputeTable;
  account: AccountTable;
  passkey: PasskeyTable;
  session: SessionTable;
  challenge: ChallengeTable;
  door_hint: DoorHintTable;
  hint_found: HintFoundTable;
}

export type Row<T extends keyof Schema> = Readonly<Selectable<Schema[T]>>;
export type NewRow<T extends keyof Schema> = Readonly<Insertable<Schema[T]>>;
