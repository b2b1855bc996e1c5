/** Numbers of the Nuki protocol (reference 7, 8, 12, 14). */

export const commands = {
  requestData: 0x0001,
  publicKey: 0x0003,
  challenge: 0x0004,
  authenticator: 0x0005,
  authorizationData: 0x0006,
  authorizationId: 0x0007,
  removeAuthorization: 0x0008,
  requestAuthorizations: 0x0009,
  authorizationEntry: 0x000a,
  invite: 0x000b,
  states: 0x000c,
  lockAction: 0x000d,
  status: 0x000e,
  batteryReport: 0x0011,
  error: 0x0012,
  setConfig: 0x0013,
  requestConfig: 0x0014,
  config: 0x0015,
  setPin: 0x0019,
  calibrate: 0x001a,
  reboot: 0x001d,
  authorizationConfirmation: 0x001e,
  invited: 0x001f,
  verifyPin: 0x0020,
  updateTime: 0x0021,
  updateAuthorization: 0x0025,
  authorizationCount: 0x0027,
  requestLog: 0x0031,
  logEntry: 0x0032,
  logCount: 0x0033,
  enableLogging: 0x0034,
  setAdvancedConfig: 0x0035,
  requestAdvancedConfig: 0x0036,
  advancedConfig: 0x0037,
  addCode: 0x0041,
  codeId: 0x0042,
  requestCodes: 0x0043,
  codeCount: 0x0044,
  code: 0x0045,
  updateCode: 0x0046,
  removeCode: 0x0047,
  authorizationInfo: 0x004c,
  simpleLockAction: 0x0100,
} as const;

export const errors = {
  badCrc: 0xfd,
  badLength: 0xfe,
  unknown: 0xff,
  notPairing: 0x10,
  badAuthenticator: 0x11,
  badPairingParameter: 0x12,
  maxUsers: 0x13,
  notAuthorized: 0x20,
  badPin: 0x21,
  badNonce: 0x22,
  badParameter: 0x23,
  invalidAuthorization: 0x24,
  disabled: 0x25,
  timeNotAllowed: 0x27,
  tooManyPinAttempts: 0x28,
  codeExists: 0x2a,
  codeInvalid: 0x2b,
  motorBlocked: 0x42,
  busy: 0x45,
  canceled: 0x46,
  notCalibrated: 0x47,
} as const;

export const statuses = { complete: 0, accepted: 1 } as const;

export const nukiStates = { uninitialised: 0, pairing: 1, door: 2 } as const;

export const lockStates = {
  uncalibrated: 0x00,
  locked: 0x01,
  unlocking: 0x02,
  unlocked: 0x03,
  locking: 0x04,
  unlatched: 0x05,
  unlockedLockNGo: 0x06,
  unlatching: 0x07,
  calibration: 0xfc,
  bootRun: 0xfd,
  motorBlocked: 0xfe,
  undefined: 0xff,
} as const;

export const triggers = { system: 0, manual: 1, button: 2, automatic: 3, autoLock: 6 } as const;

export const actions = { unlock: 1, lock: 2, unlatch: 3, lockNGo: 4, lockNGoUnlatch: 5, fullLock: 6 } as const;

export const completions = {
  success: 0x00,
  motorBlocked: 0x01,
  canceled: 0x02,
  busy: 0x04,
  lowVoltage: 0x05,
  incomplete: 0x08,
  handleNotLifted: 0x0b,
  invalidCode: 0xe0,
  other: 0xfe,
} as const;

export const logTypes = { logging: 1, lockAction: 2, calibration: 3, keypad: 5, doorSensor: 6 } as const;

/** Who an authorization is for. Only a bridge clears the state-changed flag. */
export const idTypes = { app: 0, bridge: 1, fob: 2, keypad: 3 } as const;
