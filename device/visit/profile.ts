/** What kind of door it is, what proves it locked, and how patient the hub is with it. */
/** Constant for one door. All times in ms. */
export interface DoorProfile {
  /**
   * `latch`: one timed pulse, relocks by itself. `bolt`: driven both ways. `barrier`: one pulse that opens, and no command that
   * secures it: whoever is at the door closes it, and only its contact proves it.
   */
  readonly kind: 'latch' | 'bolt' | 'barrier';
  /** What lets a visitor in, chosen when the door was set up: an `unlock` never pulls a latch. */
  readonly entry: 'unlock' | 'open';
  /** A sensor of its own tells where the bolt is. */
  readonly seesBolt: boolean;
  /** A contact tells whether the leaf is closed. */
  readonly seesDoor: boolean;
  /** The owner accepted at commissioning that a door without a bolt monitor ends `closed`. */
  readonly acceptsClosed: boolean;
  /** How long the camera may take to show a live picture. */
  readonly prepareMs: number;
  /** How long the visitor may stand before the ready door. */
  readonly readyMs: number;
  /** How long the record of an unlocking may take before it counts as failed. */
  readonly recordMs: number;
  /** Length of the strike's pulse; how long a bolt stays drawn when nobody opens; how long a barrier may take to leave its closed position. */
  readonly unlockForMs: number;
  /** An unlock command that waited this long for the lock is dropped, 1..10_000. */
  readonly expiresInMs: number;
  /** How long the lock may take to accept a command; longer than `expiresInMs` and its retries. */
  readonly driveMs: number;
  /** How long the door may stand open before it is an alarm. */
  readonly openLimitMs: number;
  /** How often that alarm is told again. */
  readonly repeatMs: number;
  /** From closing to the lock command. */
  readonly settleMs: number;
  /** Between the two looks that prove "closed and still". */
  readonly stillMs: number;
  /** How long a look may take to bring evidence. */
  readonly lookMs: number;
  /** Before the second lock command; the n-th waits n times as long. */
  readonly restMs: number;
  /** Between looks at a door that stays unproven. */
  readonly slowMs: number;
  /** How long a door may be out of reach outside a visit before it is an alarm. */
  readonly offlineMs: number;
  /** Lock commands in a row before it is an alarm, and again after it, slowly. 1..10 */
  readonly attempts: number;
}

type Senses = Pick<DoorProfile, 'kind' | 'seesBolt' | 'seesDoor'> & {
  /** It can pull a latch; a bolt that may is opened by it. */
  readonly open?: boolean;
};
export type ProfileSettings = Partial<Omit<DoorProfile, keyof Senses | 'entry'>>;

const timings = {
  acceptsClosed: false,
  prepareMs: 20_000,
  readyMs: 120_000,
  recordMs: 5_000,
  expiresInMs: 2_000,
  driveMs: 10_000,
  openLimitMs: 120_000,
  repeatMs: 300_000,
  settleMs: 700,
  stillMs: 1_000,
  lookMs: 3_000,
  restMs: 1_000,
  slowMs: 30_000,
  offlineMs: 30_000,
  attempts: 4,
};

const unlockForMs = { latch: 5_000, bolt: 15_000, barrier: 20_000 } as const;

/** The profile of a door: what its lock can see, and defaults for what the settings leave open. */
export const toProfile = (lock: Senses, settings: ProfileSettings = {}): DoorProfile => ({
  ...timings,
  unlockForMs: unlockForMs[lock.kind],
  ...settings,
  kind: lock.kind,
  entry: lock.kind === 'bolt' && lock.open !== true ? 'unlock' : 'open',
  seesBolt: lock.seesBolt,
  seesDoor: lock.seesDoor,
});
