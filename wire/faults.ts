/** Every way Doorward says no: one table, so that HTTP status, exit code and text cannot disagree. */

/** Whose fault it is: the one who asked, the far side of a protocol, the connection between, or a device at the door. */
export type Blame = 'caller' | 'peer' | 'link' | 'device' | 'hub' | 'cloud';

/** `never`: the same request fails for ever; `later`: try again after a wait; `fresh`: ask again with a new nonce or document. */
export type Retry = 'never' | 'later' | 'fresh';

interface Row {
  readonly blame: Blame;
  readonly retry: Retry;
  /** HTTP status, 400..599. */
  readonly http: number;
  /** Exit code of a command line, sysexits.h where one fits. */
  readonly exit: number;
  /** One sentence: what is wrong, then what to do next. */
  readonly says: string;
}

const bad = (says: string): Row => ({ blame: 'caller', retry: 'never', http: 400, exit: 65, says });
const forged = (says: string): Row => ({ blame: 'caller', retry: 'never', http: 401, exit: 77, says });
const denied = (says: string, retry: Retry = 'never'): Row => ({ blame: 'caller', retry, http: 403, exit: 77, says });
const missing = (says: string): Row => ({ blame: 'caller', retry: 'never', http: 404, exit: 66, says });
const conflict = (says: string, retry: Retry = 'later'): Row => ({ blame: 'caller', retry, http: 409, exit: 75, says });
const gone = (says: string): Row => ({ blame: 'caller', retry: 'never', http: 410, exit: 69, says });
const device = (says: string, retry: Retry = 'later'): Row => ({ blame: 'device', retry, http: 503, exit: 69, says });
const hub = (says: string, retry: Retry = 'later'): Row => ({ blame: 'hub', retry, http: 503, exit: 70, says });
const link = (says: string): Row => ({ blame: 'link', retry: 'later', http: 503, exit: 69, says });
const usage = (says: string): Row => ({ blame: 'caller', retry: 'never', http: 400, exit: 64, says });

/**
 * Code -> who is to blame, whether to try again, HTTP status, exit code, text.
 * A code is never reused for another meaning. `_MALFORMED` and `_NOT_GENUINE` mean "not genuine"; the others "not allowed".
 */
export const faults = {
  // messages
  MESSAGE_TOO_BIG: { ...bad('The message is larger than its limit. Send less.'), http: 413 },
  MESSAGE_MALFORMED: bad('The message does not fit its schema. Compare it with the published schema.'),
  MESSAGE_EXPIRED: { ...gone('The request came after its expiry. Nothing was done; ask again.'), retry: 'fresh' },
  ALARM_NOT_GENUINE: forged('The alarm is not signed by the hub that it came from.'),
  RATE_LIMITED: { ...conflict('Too many requests. Wait, then try again.'), http: 429 },

  // documents of any type
  DOCUMENT_TOO_BIG: { ...bad('The document is larger than its limit.'), http: 413 },
  DOCUMENT_MALFORMED: bad('This is not a signed document of a known type.'),
  DOCUMENT_TYPE_UNKNOWN: bad('The hub takes no document of this type.'),

  // root set
  ROOT_SET_MALFORMED: bad('The root set does not fit its schema.'),
  ROOT_SET_NOT_GENUINE: forged('The root set lacks the signatures of enough root keys.'),
  ROOT_SET_OLD: denied('A newer root set is in force. Send the newest.'),
  ROOT_SET_EXPIRED: denied('The root set has expired. The operator has to sign a new one.'),

  // issuer set
  ISSUER_SET_MALFORMED: bad('The issuer set does not fit its schema.'),
  ISSUER_SET_NOT_GENUINE: forged('The issuer set lacks the signatures of enough root keys.'),
  ISSUER_SET_OLD: denied('A newer issuer set is in force. Send the newest.'),
  ISSUER_SET_EXPIRED: denied('The issuer set has expired. The operator has to sign a new one.'),
  ISSUER_SET_MISSING: denied('The hub holds no issuer set yet.'),

  // rule book
  RULE_BOOK_MALFORMED: bad('The rule book does not fit its schema.'),
  RULE_BOOK_KEY_UNKNOWN: forged('The rule book is signed with a key that is none of the owner devices.'),
  RULE_BOOK_NOT_GENUINE: forged('The signature of the rule book does not verify.'),
  RULE_BOOK_WRONG_HUB: denied('The rule book is for another hub.'),
  RULE_BOOK_OLD: denied('A newer rule book is in force. Raise the version.'),
  RULE_BOOK_LEASE_TOO_LONG: denied('The lease of a rule book is at most 7 days. Sign a shorter one.'),
  RULE_BOOK_EARLY: denied('The rule book is dated in the future. Check the clock of the owner device.'),
  RULE_BOOK_MISSING: denied('The owner has signed no rules for this hub.'),
  RULE_BOOK_LEASE_OVER: denied(
    'The lease of the owner rules is over. The owner app renews it when it is opened.',
    'later',
  ),

  // rules
  RULE_MISSING: denied('No rule of the owner allows this.'),
  RULE_REVOKED: denied('The owner has revoked this rule.'),
  RULE_WRONG_DOOR: denied('The rule is for another door.'),
  RULE_WRONG_PARTY: denied('The rule is for someone else.'),
  RULE_OUTSIDE_WINDOW: denied('Now is outside the time that the rule allows.', 'later'),
  RULE_GRANT_OUTSIDE_WINDOW: denied('The grant reaches outside the time that the rule allows.'),
  RULE_USED_UP: denied('The rule has been used as often as it allows.'),

  // assignment
  ASSIGNMENT_MISSING: denied('The carrier has not signed an assignment for this delivery.'),
  ASSIGNMENT_MALFORMED: bad('The assignment does not fit its schema.'),
  ASSIGNMENT_NOT_GENUINE: forged('The assignment is not signed with the key that the rule names.'),
  ASSIGNMENT_WRONG_HUB: denied('The assignment is for another hub.'),
  ASSIGNMENT_WRONG_DOOR: denied('The assignment is for another door.'),
  ASSIGNMENT_WRONG_DELIVERY: denied('The assignment is for another delivery.'),
  ASSIGNMENT_OTHER_DEVICE: denied('The assignment names another device.'),
  ASSIGNMENT_EARLY: denied('The assignment is not valid yet.', 'later'),
  ASSIGNMENT_USED_UP: denied('The assignment has been used as often as the rule allows one grant to be.'),
  ASSIGNMENT_LATE: denied('The assignment is no longer valid.'),

  // approval
  APPROVAL_MISSING: denied('The owner has not approved this visit yet.', 'later'),
  APPROVAL_MALFORMED: bad('The approval does not fit its schema.'),
  APPROVAL_KEY_UNKNOWN: forged('The approval is signed with a key that is none of the owner devices.'),
  APPROVAL_NOT_GENUINE: forged('The signature of the approval does not verify.'),
  APPROVAL_WRONG_HUB: denied('The approval is for another hub.'),
  APPROVAL_OTHER_GRANT: denied('The approval is for another grant.'),
  APPROVAL_EARLY: denied('The approval is dated in the future.'),
  APPROVAL_LATE: denied('The approval is no longer valid.'),

  // grant
  GRANT_MALFORMED: bad('The grant does not fit its schema.'),
  GRANT_KEY_UNKNOWN: forged('The grant is signed with a key that is not in the issuer set.'),
  GRANT_KEY_RETIRED: forged('The key that signed the grant is not in force now.'),
  GRANT_NOT_GENUINE: forged('The signature of the grant does not verify.'),
  GRANT_WRONG_ISSUER: denied('The grant names another issuer than its key.'),
  GRANT_WRONG_HUB: denied('The grant is for another hub.'),
  GRANT_WRONG_DOOR: denied('The grant names a door that this hub does not have.'),
  GRANT_EARLY: denied('The grant is not valid yet.', 'later'),
  GRANT_LATE: denied('The grant is no longer valid.'),
  GRANT_TOO_LONG: denied('A grant lasts at most 24 hours.'),
  GRANT_EPOCH_DEAD: denied('The owner has ended every grant of that time.'),
  GRANT_EPOCH_AHEAD: denied('The grant is of an epoch that this hub has not reached.', 'later'),
  GRANT_REVOKED: denied('The grant has been revoked.'),
  GRANT_USED_UP: denied('The grant has been used as often as it allows.'),
  GRANT_TOO_MANY_ENTRIES: denied('The grant asks for more entries than the rule allows.'),
  GUEST_REVOKED: denied('The owner has ended the access of this guest.'),
  GUEST_OTHER_KEY: denied('The grant is bound to another key than the one the owner pinned for this guest.'),

  // knock
  KNOCK_MALFORMED: bad('The signed request does not fit its schema.'),
  KNOCK_NOT_GENUINE: forged('The signature of the request does not verify.'),
  KNOCK_OTHER_KEY: denied('The request is signed by another device than the one the grant is bound to.'),
  KNOCK_OTHER_GRANT: denied('The request names another grant.'),
  KNOCK_WRONG_HUB: denied('The request is for another hub.'),
  KNOCK_WRONG_VISIT: denied('The request is for another visit.'),
  KNOCK_WRONG_ACT: denied('The nonce was given for another act.', 'fresh'),
  KNOCK_NONCE_UNKNOWN: denied('The hub did not give this nonce. Ask for a fresh one.', 'fresh'),
  KNOCK_NONCE_OLD: denied('The nonce is too old. Ask for a fresh one.', 'fresh'),
  KNOCK_REPLAYED: denied('This request has been used before.', 'fresh'),
  KNOCK_LOCKED_OUT: { ...denied('Too many wrong requests. Wait, then try again.', 'later'), http: 429 },

  // revocation and other documents of owners
  REVOCATION_MALFORMED: bad('The revocation does not fit its schema.'),
  REVOCATION_KEY_UNKNOWN: forged('The revocation is signed with a key that the hub does not know.'),
  REVOCATION_NOT_GENUINE: forged('The signature of the revocation does not verify.'),
  REVOCATION_WRONG_HUB: denied('The revocation is for another hub.'),
  REVOCATION_NOT_YOURS: denied('The issuer may end grants and epochs; ending a rule or a guest is for the owner.'),
  REVOCATION_EPOCH_JUMP: denied('An epoch may rise by at most 16 at once.'),
  CLEARANCE_MALFORMED: bad('The clearance does not fit its schema.'),
  CLEARANCE_KEY_UNKNOWN: forged('The clearance is signed with a key that may not sign it.'),
  CLEARANCE_NOT_GENUINE: forged('The signature of the clearance does not verify.'),
  CLEARANCE_WRONG_HUB: denied('The clearance is for another hub.'),
  CLEARANCE_OTHER_ALARM: denied('The clearance is for an alarm that does not stand.'),
  CLOCK_RESET_MALFORMED: bad('The clock reset does not fit its schema.'),
  CLOCK_RESET_KEY_UNKNOWN: forged('The clock reset is signed with a key that is none of the owner devices.'),
  CLOCK_RESET_NOT_GENUINE: forged('The signature of the clock reset does not verify.'),
  CLOCK_RESET_WRONG_HUB: denied('The clock reset is for another hub.'),
  CLOCK_RESET_NONCE_UNKNOWN: denied(
    'The clock reset does not answer the hub. Ask for its status and sign again.',
    'fresh',
  ),
  OWNER_CHANGE_MALFORMED: bad('The change of owner devices does not fit its schema.'),
  OWNER_CHANGE_KEY_UNKNOWN: forged('The change is signed with a key that is none of the owner devices.'),
  OWNER_CHANGE_NOT_GENUINE: forged('The signature of the change does not verify.'),
  OWNER_CHANGE_WRONG_HUB: denied('The change is for another hub.'),
  OWNER_CHANGE_OLD: denied('The list of owner devices has changed meanwhile. Read it and sign again.', 'fresh'),
  OWNER_CHANGE_NO_PASSKEY: denied(
    'A device with a passkey brings in only devices with a passkey. Make one on the new device.',
  ),
  OWNER_CHANGE_LAST_DEVICE: denied('The last owner device cannot be removed. Add another first.'),
  OWNER_CHANGE_FULL: denied('The list holds as many owner devices as it may. Remove one first.'),
  OWNER_LIST_MALFORMED: bad('The owner list does not fit its schema.'),
  OWNER_LIST_NOT_GENUINE: forged('The owner list is not signed by the hub.'),

  // the owner's passkey
  PASSKEY_MISSING: denied(
    'This widens access, so the device has to confirm it with its passkey. Sign it with the passkey.',
    'fresh',
  ),
  PASSKEY_MALFORMED: bad('What is behind the document is no assertion of a passkey.'),
  PASSKEY_NOT_GENUINE: forged('The assertion is not of the pinned passkey over this document.'),
  PASSKEY_CANCELLED: {
    ...denied('Nothing was signed: the question for the passkey was closed. Press again to sign.', 'fresh'),
    exit: 75,
  },
  PASSKEY_UNAVAILABLE: denied('This browser has no passkeys, or none of Doorward. Use a phone or browser that has.'),
  PASSKEY_NOT_VERIFIED: denied('The passkey did not ask for finger, face or PIN. Use one that does.', 'fresh'),
  // recovery
  RECOVERY_CODE_MISTYPED: bad('This is no recovery code: a sign is missing or wrong. Compare it with the print.'),
  RECOVERY_MALFORMED: bad('The recovery does not fit its schema.'),
  RECOVERY_KEY_UNKNOWN: forged('The recovery is not signed with the code that the hub has pinned.'),
  RECOVERY_NOT_GENUINE: forged('The signature of the recovery does not verify.'),
  RECOVERY_WRONG_HUB: denied('The recovery is for another hub.'),
  RECOVERY_PENDING: conflict('Another recovery waits for its 24 hours. Wait for its end, or veto it.'),
  RECOVERY_OVER: gone('This recovery has ended: it was vetoed, or its device was added.'),
  RECOVERY_SPENT: denied('Owners have vetoed too many recoveries with this code. Pin a new one, or hand the hub over.'),
  RECOVERY_CODE_MALFORMED: bad('The new recovery code does not fit its schema.'),
  RECOVERY_CODE_KEY_UNKNOWN: forged('The new recovery code is signed with a key that is none of the owner devices.'),
  RECOVERY_CODE_NOT_GENUINE: forged('The signature of the new recovery code does not verify.'),
  RECOVERY_CODE_WRONG_HUB: denied('The new recovery code is for another hub.'),
  RECOVERY_CODE_OLD: denied('The recovery code has changed meanwhile. Make and print a new one.', 'fresh'),
  RECOVERY_PIN_MALFORMED: bad('The pin of the recovery code does not fit its schema.'),
  RECOVERY_PIN_NOT_GENUINE: forged('The pin of the recovery code is not signed by the hub.'),

  // hand-over and enrolment
  OWNER_MISSING: denied('No owner device is pinned yet. Do the hand-over at the hub first.'),
  HANDOVER_CLOSED: denied('No hand-over is open at the hub. The installer starts one with `doorward owner handover`.'),
  HANDOVER_MALFORMED: bad('The hand-over does not fit its schema.'),
  HANDOVER_NOT_GENUINE: forged('The hand-over does not prove the secret. Scan the code at the hub again.'),
  ENROLMENT_MALFORMED: bad('The enrolment does not fit its schema.'),
  ENROLMENT_TOKEN_UNKNOWN: forged('The enrolment token is unknown or used. Ask the operator for a new one.'),
  ENROLMENT_NOT_GENUINE: forged('The enrolment is not signed with the keys that it brings.'),
  ENROLMENT_ROOT_WRONG: denied('The cloud showed other root keys than the installer named. Stop and ask the operator.'),
  ENROLMENT_MISSING: denied('This hub is not enrolled. Run `doorward hub enroll` first.'),
  ENROLMENT_DONE: conflict('This hub is enrolled already. Erase its data folder to start again.', 'never'),

  // time
  CLOCK_UNSET: hub('The hub has not compared its clock with the cloud since it started.'),
  CLOCK_BEHIND: hub('The clock of the hub stands before a time that it has trusted.'),
  CLOCK_DISAGREES: hub('The clock of the hub and the cloud differ by more than a minute.'),
  CLOCK_JUMPED: hub('The clock of the hub jumped. It waits for the cloud to agree again.'),
  TIME_MALFORMED: bad('The signed time does not fit its schema.'),
  TIME_KEY_UNKNOWN: forged('The signed time is signed with a key that is not in the issuer set.'),
  TIME_NOT_GENUINE: forged('The signature of the signed time does not verify.'),
  TIME_WRONG_HUB: denied('The signed time is for another hub.'),
  TIME_LATE: denied('The signed time came too long after the question. Ask again.', 'fresh'),
  TIME_NONCE_UNKNOWN: denied('The signed time does not answer a question of this hub.', 'fresh'),

  // witness
  WITNESS_MALFORMED: bad('The witness does not fit its schema.'),
  WITNESS_KEY_UNKNOWN: forged('The witness is signed with a key that is not in the issuer set.'),
  WITNESS_NOT_GENUINE: forged('The signature of the witness does not verify.'),
  WITNESS_WRONG_HUB: denied('The witness is for another hub.'),
  HUB_UNWITNESSED: hub('The hub has not compared its journal with its witness since it started.'),
  HUB_BEHIND: hub(
    'The journal of the hub ends before what its witness saw: an old disk was put back. Enrol the hub afresh with an empty data folder.',
    'never',
  ),
  HUB_FORKED: hub(
    'The journal of the hub differs from what its witness saw. Enrol the hub afresh with an empty data folder.',
    'never',
  ),

  // doors and visits
  DOOR_UNKNOWN: missing('The hub has no such door.'),
  DOOR_BUSY: conflict('Another visit is under way at this door. Wait until it ends.'),
  DOOR_OPEN: conflict('The door stands open. Close it, then try again.'),
  DOOR_UNSECURED: conflict('The door is not proven locked. No visit starts until it is.'),
  DOOR_UNPROVABLE: denied('The door has nothing that could prove it locked, so it takes no visits of this kind.'),
  CAMERA_MISSING: denied('The rule asks for a camera and this door has none.'),
  CAMERA_NOT_LIVE: conflict('The camera shows no live picture. Wait, then try again.'),
  CAMERA_UNPLUGGED: device('The camera is not connected. Check its cable and its power.'),
  VISIT_UNKNOWN: missing('The hub knows no such visit.'),
  VISIT_WRONG_STATE: conflict('This cannot be done at this point of the visit.', 'never'),
  VISIT_ENDED: gone('The visit has ended.'),

  // cameras at the door
  CAMERA_UNAVAILABLE: device('The camera program cannot be started. Install it, or correct the command of the camera.'),
  CAMERA_SILENT: device('The camera gives no picture. Check its cable, its power and its command.'),
  CAMERA_GONE: device('The camera program has ended. It is started again after a pause.'),
  CAMERA_UNREADABLE: device('The camera sends something that is no picture. Check its codec and its command.'),
  CAMERA_RAW_SILENT: device('The raw output of the camera is silent: a repeated picture would not be noticed.'),
  CAMERA_REFUSED: device('The camera refused a command. Check its model and its settings.'),
  CAMERA_NOT_CONFIGURED: missing('No camera is configured for this door. Add one to the configuration.'),
  CAMERA_BUSY: conflict('The hub is running and the camera is its own. Stop the hub, then try again.'),
  CAMERA_PICTURE_UNSAVED: { ...conflict('The picture cannot be saved. Name another file.', 'never'), exit: 73 },

  // locks and their links
  LOCK_UNAVAILABLE: device('The lock cannot be reached. Check its cable and its power.'),
  LOCK_SILENT: device('The lock did not answer in time. It is not known whether it moved.'),
  LOCK_JAMMED: device('The lock is jammed. Someone has to look.', 'never'),
  LOCK_REFUSED: device('The lock refused the command.', 'never'),
  LOCK_BATTERY_EMPTY: device('The battery of the lock is nearly empty. Change it before the lock stops moving.'),
  LOCK_CAPABILITY_MISSING: { ...denied('The lock cannot do this.'), http: 409 },
  LOCK_COMMAND_EXPIRED: device('The command waited too long for the lock and was dropped. Nothing moved.', 'fresh'),
  LOCK_CODE_UNFIT: bad(
    'The lock does not take this code. Use 6 digits of 1 to 9 that do not start with 12, a short name, and times in order.',
  ),
  LOCK_CODE_TAKEN: conflict('The lock has this code already. Use other digits.', 'never'),
  BARRIER_NOT_PROVEN: device(
    'The barrier is not proven to stand where this is safe. Nothing was sent: a pulse could close it on a person.',
    'fresh',
  ),
  BARRIER_SPENT: device(
    'The barrier was pulsed and was not seen to open and close again since. Someone has to look; no second pulse is sent.',
    'never',
  ),
  OSDP_KEY_WRONG: device(
    'The peripheral does not accept the paired key. Pair it again on purpose; the default key is never tried by itself.',
    'never',
  ),
  OSDP_KEY_MISSING: device('No key is stored for this peripheral. Pair it first.', 'never'),
  OSDP_NONCE_REPEATED: device(
    'The peripheral repeated a random number: it is broken or being imitated. Replace it.',
    'never',
  ),
  OSDP_FRAME_BAD: device('The peripheral sent something that is no OSDP frame.'),
  OSDP_NOT_SECURE: device('The peripheral answered without the secure channel. The answer was dropped.'),
  OSDP_PAIRING_CLOSED: denied('Setting a key needs an open pairing window.'),
  OSDP_KEY_UNFIT: bad('A key of a peripheral is 16 random bytes and never the default key.'),
  NUKI_FRAME_BAD: device('The lock sent something that is no message of a Nuki lock.'),
  NUKI_NOT_GENUINE: {
    ...forged('A message does not prove that it comes from the paired lock. Pair it again with nobody else near.'),
    blame: 'device',
  },
  NUKI_NOT_PAIRED: device('No key is stored for this Nuki lock. Pair it first.', 'never'),
  NUKI_NOT_PAIRING: device(
    'The lock is not in pairing mode. Hold its button for 5 s until its ring lights up.',
    'later',
  ),
  NUKI_PAIRING_CUT: device('The pairing was cut off. Run it again: it goes on where it can and says what is left.'),
  NUKI_NOT_AUTHORIZED: device(
    'The lock does not know this hub any more. Pair it again; the stored key is kept until then.',
    'never',
  ),
  NUKI_PIN_WRONG: device('The lock does not take the security PIN. Correct it; it is not tried again.', 'never'),
  NUKI_PIN_MISSING: device('This needs the security PIN of the lock, and none is stored.', 'never'),
  NUKI_PIN_LOCKED: device('The lock refuses PINs for now after too many wrong ones. Wait, then use the right one.'),
  NUKI_FULL: device('The lock holds as many entries as it may. Remove one in the app of the lock.', 'never'),
  LINK_CLOSED: link('The serial or Bluetooth link to the device is closed. Check the device and the adapter.'),
  LINK_OPEN_FAILED: link('The serial port or Bluetooth adapter cannot be opened. Check its name and its permissions.'),

  // sealed pictures
  MEDIA_MALFORMED: bad('The bytes are no message of a sealed stream.'),
  MEDIA_TOO_BIG: {
    ...bad('The picture is larger than its limit. Lower resolution or bit rate of the camera.'),
    http: 413,
  },
  VIDEO_KEY_MALFORMED: bad('The key of the stream does not fit its schema.'),
  VIDEO_KEY_NOT_GENUINE: forged('The key of the stream is not signed by the hub: somebody else started it.'),
  VIDEO_KEY_NOT_FOR_YOU: denied(
    'The stream is sealed for other devices. Ask an owner device that can see it to share it.',
  ),
  VIDEO_HEAD_MALFORMED: bad('The checkpoint of the stream does not fit its schema.'),
  VIDEO_HEAD_NOT_GENUINE: forged('The checkpoint of the stream is not signed by the hub.'),
  VIDEO_FRAME_ALTERED: forged('A picture was altered on its way.'),
  VIDEO_FRAME_REPLAYED: forged('A picture came again, or out of order.'),
  VIDEO_FRAME_MISSING: forged('Pictures are missing between two that came.'),
  VIDEO_CHAIN_BROKEN: forged('The pictures are not those that the hub signed for.'),
  VIDEO_SHARE_MALFORMED: bad('The shared key does not fit its schema.'),
  VIDEO_SHARE_KEY_UNKNOWN: forged('The shared key is not signed by a device of this home.'),
  VIDEO_SHARE_NOT_GENUINE: forged('The signature of the shared key does not verify.'),
  VIDEO_SHARE_WRONG_HUB: denied('The shared key is of another home.'),
  SIGHT_MALFORMED: bad('The sight does not fit its schema.'),
  SIGHT_KEY_UNKNOWN: forged('The sight is not signed by a device of this home.'),
  SIGHT_NOT_GENUINE: forged('The signature of the sight does not verify.'),
  SIGHT_WRONG_HUB: denied('The sight is for another hub.'),
  SIGHT_OTHER_PICTURE: denied('The sight is of no picture that this hub showed just now.', 'fresh'),
  LOOK_MALFORMED: bad('The look does not fit its schema.'),
  LOOK_KEY_UNKNOWN: forged('The look is not signed by a device of this home.'),
  LOOK_NOT_GENUINE: forged('The signature of the look does not verify.'),
  LOOK_WRONG_HUB: denied('The look is for another hub.'),
  LOOK_LATE: denied('The look is too old or dated ahead. Sign a new one.', 'fresh'),
  HUB_KEY_MALFORMED: bad('The seal key of the hub does not fit its schema.'),
  HUB_KEY_NOT_GENUINE: forged('The seal key is not signed by the hub: nothing is sealed for it.'),
  DURESS_UNHEARD: denied('A duress code alarms the other owner devices, and there is none. Add a device first.'),
  LOCK_ORDER_MALFORMED: bad('The order to the lock does not fit its schema.'),
  LOCK_ORDER_KEY_UNKNOWN: forged('The order to the lock is not signed by a device of this home.'),
  LOCK_ORDER_NOT_GENUINE: forged('The signature of the order to the lock does not verify.'),
  LOCK_ORDER_WRONG_HUB: denied('The order to the lock is for another hub.'),
  LOCK_ORDER_LATE: denied('The order to the lock is too old or dated ahead. Sign a new one.', 'fresh'),
  LOCK_ORDER_USED: conflict('The order was taken before. List what the lock holds, then sign a new one.', 'fresh'),
  LOCK_ORDER_UNREADABLE: bad('What is sealed in the order is not for this hub, or not for this order.'),
  LOCK_ANSWER_MALFORMED: bad('The answer about the lock does not fit its schema.'),
  LOCK_ANSWER_NOT_GENUINE: forged('The answer about the lock is not signed by the hub, or answers something else.'),
  RETENTION_MALFORMED: bad('The retention setting does not fit its schema.'),
  RETENTION_KEY_UNKNOWN: forged('The retention setting is not signed by a device of this home.'),
  RETENTION_NOT_GENUINE: forged('The signature of the retention setting does not verify.'),
  RETENTION_WRONG_HUB: denied('The retention setting is for another hub.'),
  RETENTION_OLD: denied('A newer retention setting is in force.'),
  RECORDING_UNKNOWN: missing('There is no such recording, or it was deleted.'),
  RECORDING_DAMAGED: { ...bad('The recording is damaged. What could be verified is kept.'), exit: 65 },

  BLE_UNAVAILABLE: device('There is no Bluetooth adapter, or it is off. Plug it in or switch it on.'),
  BLE_PERMISSION_MISSING: device(
    'The hub may not use the Bluetooth adapter. Give its service CAP_NET_ADMIN and CAP_NET_RAW, or add its user to the group.',
    'never',
  ),
  BLE_NOT_FOUND: device('The Bluetooth device is not in reach. Go closer, or change its battery.'),
  BLE_SILENT: device('The Bluetooth device did not answer in time. It is not known whether it acted.'),
  BLE_CHARACTERISTIC_MISSING: device(
    'The Bluetooth device does not offer what this driver needs. Is it the right model?',
    'never',
  ),

  // journal and storage
  JOURNAL_UNAVAILABLE: hub(
    'The journal cannot be written. Free disk space or replace the disk; until then nothing unlocks.',
  ),
  JOURNAL_CORRUPT: hub('The journal database is damaged.', 'never'),
  JOURNAL_EDITED: { ...bad('An entry of the journal was changed.'), exit: 65 },
  JOURNAL_GAP: { ...bad('Entries of the journal are missing.'), exit: 65 },
  JOURNAL_REORDERED: { ...bad('Entries of the journal are out of order.'), exit: 65 },
  JOURNAL_FORKED: { ...bad('The journal differs from its countersigned head.'), exit: 65 },
  JOURNAL_BEHIND: { ...bad('The journal ends before its countersigned head.'), exit: 65 },
  JOURNAL_HEAD_MALFORMED: bad('The journal head does not fit its schema.'),
  JOURNAL_HEAD_NOT_GENUINE: forged('The journal head is not signed by the hub.'),
  RECEIPT_MALFORMED: bad('The receipt does not fit its schema.'),
  RECEIPT_NOT_GENUINE: forged('The receipt is not signed by the hub.'),
  REPORT_MALFORMED: bad('The commissioning report does not fit its schema.'),
  REPORT_NOT_GENUINE: forged('The commissioning report is not signed by the hub, or was changed.'),
  EVIDENCE_MALFORMED: bad('This is no evidence file of a delivery, or only a part of one. Download it again.'),
  EVIDENCE_ALTERED: forged(
    'Parts of this evidence do not belong together: it was changed, or put together by somebody.',
  ),
  EVIDENCE_OTHER_ROOT: forged('The evidence hangs on other root keys than the ones that you know. Do not rely on it.'),
  REPORT_UNSAVED: hub('The report of the test cannot be saved. Free disk space, then test again.'),
  HINT_PHOTO_UNFIT: bad(
    'The photo of the door does not fit. The detail says why; encode it afresh, smaller and without metadata.',
  ),
  PAGES_MANIFEST_MALFORMED: bad('The manifest of the pages does not fit its schema.'),
  PAGES_MANIFEST_KEY_UNKNOWN: forged(
    'The manifest of the pages is signed with a key that is no release key of this hub.',
  ),
  PAGES_MANIFEST_NOT_GENUINE: forged('The manifest of the pages is not signed by its release key, or was changed.'),
  PAGES_MANIFEST_OLD: denied('A newer manifest of the pages was seen before. Serve the newest release.'),
  PAGES_MANIFEST_FORKED: denied('Another manifest of the same version was seen before. Ask who holds the release key.'),
  PAGES_MANIFEST_EARLY: denied('The manifest of the pages is dated in the future. Check the clocks.', 'later'),
  PAGES_MANIFEST_EXPIRED: denied('The manifest of the pages has expired. The operator has to put up the newest one.'),
  PAGES_MANIFEST_MISSING: missing(
    'The server of the pages has no manifest. Ask its operator to put up the signed one.',
  ),
  PAGES_DIFFER: {
    blame: 'cloud',
    retry: 'never',
    http: 502,
    exit: 76,
    says: 'The pages that are served are not the ones that were released. Do not use them; ask the operator.',
  },
  PAGES_UNREAD: link('The pages could not all be read, so nothing is known of them. Try again.'),
  JOURNAL_OTHER_HUB: { ...bad('The journal is of another hub.'), exit: 65 },
  SECRETS_KEY_MISSING: hub(
    'The key that opens the secrets of the hub is not there. The detail says where it belongs.',
    'never',
  ),
  SECRETS_KEY_WRONG: hub(
    'The key does not fit the secrets of the hub. Give it the one that they were sealed under; nothing was changed.',
    'never',
  ),
  SECRETS_DAMAGED: hub(
    'The sealed secrets of the hub are damaged. Put them back from a backup, or enrol afresh in an empty data folder.',
    'never',
  ),
  SECRET_MISSING: hub(
    'A secret that the hub needs cannot be had from its store. Look at its data folder, and whose it is.',
    'never',
  ),

  // broker
  BROKER_CERTIFICATE_REFUSED: link('The certificate was refused. Check the CA and the expiry.'),
  BROKER_CLIENT_ID_REFUSED: { ...denied('The client id is not the name in the certificate.'), blame: 'peer' },
  BROKER_TOPIC_REFUSED: { ...denied('This client may not use that topic.'), blame: 'peer' },
  BROKER_PACKET_TOO_BIG: { ...bad('The packet is larger than the limit.'), http: 413, blame: 'peer' },
  BROKER_PACKET_MALFORMED: { ...bad('The bytes are no MQTT 3.1.1 packet.'), blame: 'peer' },
  BROKER_TOO_MANY_CONNECTIONS: { ...conflict('The broker holds as many connections as it may.'), blame: 'peer' },
  BROKER_TOO_FAST: { ...conflict('The client sends faster than it may.'), http: 429, blame: 'peer' },
  BROKER_HANDSHAKE_REFUSED: link('The TLS handshake failed. TLS 1.3 with a client certificate is needed.'),
  BROKER_CONNECT_LATE: {
    ...gone('The handshake or the CONNECT took too long. Connect again.'),
    blame: 'peer',
    retry: 'later',
  },
  BROKER_CONNECT_REFUSED: {
    ...denied('The CONNECT asks for what is not offered: clean session, short keep-alive.'),
    blame: 'peer',
  },
  BROKER_PROTOCOL_REFUSED: { ...denied('This broker speaks MQTT 3.1.1 only.'), blame: 'peer' },
  BROKER_QOS_REFUSED: { ...denied('This broker carries QoS 0 and 1 only.'), blame: 'peer' },
  BROKER_RETAIN_REFUSED: { ...denied('This broker keeps nothing. Publish without retain.'), blame: 'peer' },
  BROKER_REPLACED: {
    ...conflict('The same client connected again; its older connection was closed.', 'never'),
    blame: 'peer',
  },
  BROKER_CLIENT_SILENT: link('The client sent nothing for longer than its keep-alive.'),
  BROKER_SUBSCRIBER_SLOW: link('The client takes its messages too slowly. It was disconnected; connect again.'),
  BROKER_OVERLOADED: link('The broker has as much under way as it may. Senders wait.'),
  BROKER_FILES_INVALID: {
    ...usage('The CA, the certificate or the key cannot be read or do not fit together.'),
    exit: 78,
  },
  BROKER_PORT_UNAVAILABLE: { ...usage('The broker cannot listen at this address. Is the port taken?'), exit: 69 },
  BROKER_UNREACHABLE: link('The broker cannot be reached. Check the network and its address.'),

  // HTTP
  UNAUTHENTICATED: { ...forged('The request does not prove who sends it.'), retry: 'fresh' },
  SCOPE_MISSING: denied('The access token is not good for this. Ask for one with the scope that is named.', 'fresh'),
  CLIENT_UNKNOWN: forged('Client id or client secret is wrong, or the secret was ended.'),
  CLIENT_SECRETS_FULL: conflict('There are two client secrets already. End one first.', 'never'),
  CLIENT_SECRET_LAST: denied('The last client secret stays. Make another one first.'),
  SESSION_ENDED: { ...forged('This device is not logged in. Log in with the passkey.'), retry: 'fresh' },
  LOGIN_REFUSED: { ...forged('The passkey was not accepted. Try again, or with another one.'), retry: 'fresh' },
  CREDENTIAL_LAST: denied('The last passkey of an account stays. Add another first.'),
  CREDENTIAL_IN_USE: denied('This device has logged in with that passkey. Log in with another one, then remove it.'),
  ACCOUNT_FULL: denied('The account has as many passkeys as it may. Remove one first.'),
  PROOF_REPLAYED: { ...forged('This proof has been used before. Sign a new one.'), retry: 'fresh' },
  NOT_FOUND: missing('There is nothing here, or it is not yours.'),
  BODY_MALFORMED: bad('The body does not fit the schema of this route. See /openapi.json.'),
  BODY_TOO_BIG: { ...bad('The body is larger than its limit.'), http: 413 },
  IDEMPOTENCY_KEY_MISSING: bad('This route needs an Idempotency-Key header.'),
  IDEMPOTENCY_KEY_REUSED: { ...conflict('This Idempotency-Key was used for another request.', 'never'), http: 422 },
  IDEMPOTENCY_IN_FLIGHT: conflict('The first request with this Idempotency-Key is still under way.'),
  CLOUD_UNREACHABLE: link('The cloud cannot be reached. Check the network and its address.'),
  CLOUD_SILENT: { ...link('The cloud did not answer in time. Look how things stand before you ask again.'), http: 504 },
  HUB_OFFLINE: link('The hub is not connected. The door stays as it is.'),
  HUB_SILENT: { ...link('The hub did not answer in time. The door state is not known here.'), http: 504 },
  TASK_LINK_DEAD: gone('This link was opened on a second device and is dead. The dispatch has to send a new one.'),
  TASK_NOT_CLAIMED: conflict('The link has not been opened on a device yet.', 'later'),
  TASK_NOT_READY: conflict('The carrier or the owner has not signed yet. Wait.', 'later'),
  TASK_OTHER_DEVICE: denied('This link belongs to another device.'),
  INVITATION_DEAD: gone(
    'This link is dead: it was opened on two devices, or too late. The owner has to send a new one.',
  ),
  INVITATION_PENDING: conflict('The owner has not accepted this device yet. Wait.'),
  INVITATION_NOT_GENUINE: forged('The key of the guest is not proven with the secret of the link.'),
  DELIVERY_NOT_ALLOWED: denied('The owner allows no delivery like this at this door.'),
  DISPUTE_NOT_OPEN: conflict(
    'Nothing is disputed of this delivery now: nothing was, or it is taken back or settled.',
    'never',
  ),
  DISPUTE_TOO_EARLY: conflict('This delivery is not over yet. As long as it is not, it can be blocked.'),
  DELIVERY_ENDED: gone('The delivery has ended.'),
  DELIVERY_UNSUPPORTED: denied('This kind of delivery has no plan here. Deliver it without Doorward, and say so.'),
  WISHES_OLD: denied('Another device has changed the wishes meanwhile. Read them and try again.', 'fresh'),
  WISHES_UNFIT: denied('The wishes name a door or a person that this home does not have.'),
  PLAN_FIXED: conflict('The courier is there already: the plan stays as it is.', 'never'),
  PLAN_IMPOSSIBLE: denied('Nothing would be left that you, the carrier and the parcel allow. Choose another place.'),
  PLAN_DAY_UNFIT: denied('The delivery cannot be moved to this day. Choose one of the next 14 days.'),
  STOP_ACT_MALFORMED: bad('The signed act does not fit its schema.'),
  STOP_ACT_NOT_GENUINE: forged('The act is not signed by the device that has this task.'),
  STOP_ACT_OTHER: denied('The act is for another delivery or another attempt.'),
  STOP_ACT_OLD: denied('The act answers something older. Look how the stop stands and press again.', 'fresh'),
  STOP_CLOSED: gone('This stop is closed. Nothing more can be done at it.'),
  STOP_BLOCKED: denied('The household does not want this delivery. Take it back.'),
  STOP_NOT_HERE: conflict('The courier has not arrived here, or not surely enough. Say so at the door first.'),
  STOP_WRONG_DOOR: denied('This is another address. Look at the address and at the door once more.', 'later'),
  STOP_NOT_PLANNED: denied('The plan for this stop does not have this. Do what the plan says.'),
  STOP_NOT_YET: conflict('The plan has another place before this one. Try that one first.'),
  STOP_NOT_RUNG: conflict('Nobody has rung here yet. Ring first.'),
  STOP_WAIT: conflict('Somebody may be on the way to the door. Wait until the time is over.'),
  STOP_PROOF_MISSING: conflict('What the plan asks for as a proof is missing: a photo, a position or a code.'),
  PHOTO_NOT_WANTED: denied('No photo may be taken here. Nothing of it was kept; go on without one.'),
  PHOTO_KEYS_OLD: conflict('The devices of the household have changed. Ask for the keys and seal it again.', 'fresh'),
  PHOTO_UNFIT: bad('The photo is not sealed for the devices of the household.'),
  PHOTO_POOR: conflict(
    'The picture of the camera at the door is too dark, too bright or not sharp. Take it by hand.',
    'never',
  ),
  WEBHOOK_ADDRESS_REFUSED: bad('Webhooks go to https addresses that everybody can reach, on port 443 or 8443.'),
  WEBHOOKS_FULL: conflict('There are as many webhooks as there may be. Remove one first.', 'never'),
  WEBHOOK_DISABLED: conflict('This webhook is disabled. Enable it first.', 'never'),
  HOLDER_NOT_NAMED: conflict('Name first whom you hand it to: somebody whom the owner has named.'),
  HOLDER_REVOKED: gone('The owner has taken back that this person may receive.'),
  HOLDER_UNFIT: bad('This person cannot be named like that. The detail says what does not fit.'),
  HOLDERS_FULL: conflict('As many people may receive as there may be. Take one back first.', 'never'),
  CODE_NOT_SHOWN: conflict('There is no code to show now: none is asked, it comes later, or the stop is over.'),
  CODE_WRONG: denied('This is not the code. Ask for it again; the detail says how many tries are left.', 'fresh'),
  CODE_EXPIRED: gone('This code has expired: it is of an earlier attempt, or its day is over.'),
  CODE_TRIES_USED: gone('Three wrong codes: this attempt is over. The next one has a new code.'),
  CODE_LIMITED: {
    ...denied(
      'Too many wrong codes at this address, of this courier or for this delivery. Hand over another way.',
      'later',
    ),
    http: 429,
  },
  PUSH_ENDPOINT_REFUSED: bad('This is not the address of a push service. Subscribe again in the browser.'),
  MAIL_UNAVAILABLE: {
    ...conflict('The mail could not be sent: none is set up, or the mail server refuses. Try again later.'),
    blame: 'cloud',
    http: 503,
  },
  MAIL_CODE_WRONG: denied('This is not the code that was sent, or it is too old. Ask for a new one.', 'fresh'),
  HOME_NOTES_OLD: denied('Another device has changed these notes meanwhile. Read them and try again.', 'fresh'),
  CLOUD_PORT_UNAVAILABLE: usage('The cloud service cannot listen at this address. Is the port taken?'),
  STORE_UNAVAILABLE: {
    blame: 'cloud',
    retry: 'later',
    http: 503,
    exit: 74,
    says: 'The database of the cloud cannot be used. Nothing was opened. Check its disk and its permissions.',
  },
  INTERNAL: {
    blame: 'cloud',
    retry: 'later',
    http: 500,
    exit: 70,
    says: 'Something failed on our side. Nothing was opened.',
  },

  // command line and configuration
  USAGE: usage('The command is not written correctly. Add --help.'),
  INTERRUPTED: conflict('Interrupted. Run the same command again: it goes on where it can.'),
  NOT_CONFIRMED: { ...usage('Not confirmed. Nothing was done.'), exit: 77 },
  CONFIG_INVALID: {
    ...usage('The configuration does not fit its schema. Correct the setting that is named.'),
    exit: 78,
  },
  SIM_UNREACHABLE: link('The simulated home does not answer on its control socket. Start it with `doorward-sim run`.'),
  TOOL_MISSING: {
    ...usage('A program or package that this needs is not installed. The detail names it and says how to get it.'),
    exit: 69,
  },
  CONFIG_UNSAVED: {
    ...conflict('The configuration cannot be saved and is as it was. The detail says why; then do it again.'),
    exit: 73,
  },
  CONFIG_MISSING: { ...usage('There is no configuration file. Name one with --config.'), exit: 78 },
  DAEMON_UNREACHABLE: {
    ...hub('The hub service does not answer on its control socket. Start it with `doorward hub run`.'),
    exit: 69,
  },
} as const satisfies Record<string, Row>;

export type FaultCode = keyof typeof faults;

/** Facts that go with a fault. Never a secret, a key, a name of a person or a whole document. */
export type FaultDetail = Readonly<Record<string, string | number | boolean | null>>;

/** A refusal is a value: what `verify…` and `allow…` return instead of throwing. */
export interface Refusal {
  readonly ok: false;
  readonly code: FaultCode;
  readonly detail?: FaultDetail;
}

/** The answer of a check: the checked thing, or a refusal. */
export type Verdict<T> = { readonly ok: true; readonly value: T } | Refusal;

/** @returns a verdict that carries `value` */
export const accept = <T>(value: T): Verdict<T> => ({ ok: true, value });

/** @returns a refusal with its code */
export const refuse = (code: FaultCode, detail?: FaultDetail): Refusal =>
  detail === undefined ? { ok: false, code } : { ok: false, code, detail };

/** A failure is a throw: the one error class of Doorward. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly detail: FaultDetail;

  constructor(code: FaultCode, detail: FaultDetail = {}, options?: { cause?: unknown }) {
    super(`${code}: ${faults[code].says}`, options);
    this.name = 'Fault';
    this.code = code;
    this.detail = detail;
  }
}

/** Marks a branch that no type can reach. */
export function unreachable(x: never): never {
  throw new Fault('INTERNAL', { unreachable: JSON.stringify(x)?.slice(0, 200) ?? 'undefined' });
}
