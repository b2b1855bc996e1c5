/** Numbers of the messages of a Nuki lock. @see Nuki Smart Lock API V2.3.0, "Commands" */

export const command = {
  requestData: 0x0001,
  publicKey: 0x0003,
  challenge: 0x0004,
  authorizationAuthenticator: 0x0005,
  authorizationData: 0x0006,
  authorizationId: 0x0007,
  removeAuthorization: 0x0008,
  requestAuthorizations: 0x0009,
  authorization: 0x000a,
  inviteAuthorization: 0x000b,
  states: 0x000c,
  lockAction: 0x000d,
  status: 0x000e,
  mostRecentCommand: 0x000f,
  openingsSummary: 0x0010,
  batteryReport: 0x0011,
  errorReport: 0x0012,
  setConfig: 0x0013,
  requestConfig: 0x0014,
  config: 0x0015,
  setPin: 0x0019,
  calibrate: 0x001a,
  reboot: 0x001d,
  confirmAuthorizationId: 0x001e,
  invitedAuthorizationId: 0x001f,
  verifyPin: 0x0020,
  updateTime: 0x0021,
  updateAuthorization: 0x0025,
  authorizationCount: 0x0027,
  requestLog: 0x0031,
  logEntry: 0x0032,
  logCount: 0x0033,
  enableLog: 0x0034,
  setAdvancedConfig: 0x0035,
  requestAdvancedConfig: 0x0036,
  advancedConfig: 0x0037,
  addTimeControl: 0x0039,
  timeControlId: 0x003a,
  removeTimeControl: 0x003b,
  requestTimeControls: 0x003c,
  timeControlCount: 0x003d,
  timeControl: 0x003e,
  updateTimeControl: 0x003f,
  addKeypadCode: 0x0041,
  keypadCodeId: 0x0042,
  requestKeypadCodes: 0x0043,
  keypadCodeCount: 0x0044,
  keypadCode: 0x0045,
  updateKeypadCode: 0x0046,
  removeKeypadCode: 0x0047,
  authorizationInfo: 0x004c,
  simpleLockAction: 0x0100,
} as const;

/** What a lock can be told to do. */
export const action = { unlock: 1, lock: 2, unlatch: 3, lockAndGo: 4, lockAndGoUnlatch: 5, fullLock: 6 } as const;
export type Action = (typeof action)[keyof typeof action];

/** How an action ended, in states and in log entries. */
const completions: { readonly [code: number]: Completion } = {
  0: 'success',
  1: 'motor-blocked',
  2: 'canceled',
  3: 'too-recent',
  4: 'busy',
  5: 'low-motor-voltage',
  6: 'clutch-failure',
  7: 'motor-power-failure',
  8: 'incomplete',
  9: 'rejected',
  10: 'rejected-night-mode',
  11: 'handle-not-lifted',
  224: 'invalid-code',
  225: 'invalid-fingerprint',
  254: 'other-error',
};
export type Completion =
  | 'success'
  | 'motor-blocked'
  | 'canceled'
  | 'too-recent'
  | 'busy'
  | 'low-motor-voltage'
  | 'clutch-failure'
  | 'motor-power-failure'
  | 'incomplete'
  | 'rejected'
  | 'rejected-night-mode'
  | 'handle-not-lifted'
  | 'invalid-code'
  | 'invalid-fingerprint'
  | 'other-error'
  | 'unknown';

export const toCompletion = (code: number): Completion => completions[code] ?? 'unknown';

const triggers: { readonly [code: number]: Trigger } = {
  0: 'system',
  1: 'manual',
  2: 'button',
  3: 'schedule',
  6: 'auto-lock',
  171: 'homekit',
  172: 'mqtt',
};
/** `system`: a command over Bluetooth; `manual`: key or knob. */
export type Trigger = 'system' | 'manual' | 'button' | 'schedule' | 'auto-lock' | 'homekit' | 'mqtt' | 'unknown';
export const toTrigger = (code: number): Trigger => triggers[code] ?? 'unknown';
