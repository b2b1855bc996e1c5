/** Every way into Doorward that is fuzzed, which refusals each has to reach, and why the others cannot be reached by messages. */
import type { FaultCode } from '../../wire/faults.ts';
import type { RunSurface } from './report.ts';

export interface Surface {
  readonly says: string;
  /** Loads what is needed for this one alone, so that the memory of a run is its own. */
  readonly load: () => Promise<LoadedSurface>;
}

export interface LoadedSurface {
  readonly run: RunSurface;
  /** Each comes up at least 100 times in 100,000 messages. */
  readonly codes: readonly string[];
}

/** Refusals that are decided on documents and keys alone. */
const decided = [
  ...['ROOT_SET_MALFORMED', 'ROOT_SET_NOT_GENUINE', 'ROOT_SET_OLD', 'ROOT_SET_EXPIRED'],
  ...['ISSUER_SET_MALFORMED', 'ISSUER_SET_NOT_GENUINE', 'ISSUER_SET_OLD', 'ISSUER_SET_EXPIRED', 'ISSUER_SET_MISSING'],
  ...['RULE_BOOK_MALFORMED', 'RULE_BOOK_KEY_UNKNOWN', 'RULE_BOOK_NOT_GENUINE', 'RULE_BOOK_WRONG_HUB', 'RULE_BOOK_OLD'],
  ...['RULE_BOOK_LEASE_TOO_LONG', 'RULE_BOOK_EARLY', 'RULE_BOOK_MISSING', 'RULE_BOOK_LEASE_OVER'],
  ...['RULE_MISSING', 'RULE_REVOKED', 'RULE_WRONG_DOOR', 'RULE_WRONG_PARTY', 'RULE_OUTSIDE_WINDOW'],
  ...['RULE_GRANT_OUTSIDE_WINDOW', 'RULE_USED_UP'],
  ...['ASSIGNMENT_MISSING', 'ASSIGNMENT_MALFORMED', 'ASSIGNMENT_NOT_GENUINE', 'ASSIGNMENT_WRONG_HUB'],
  ...['ASSIGNMENT_WRONG_DOOR', 'ASSIGNMENT_WRONG_DELIVERY', 'ASSIGNMENT_OTHER_DEVICE', 'ASSIGNMENT_EARLY'],
  ...[
    'ASSIGNMENT_LATE',
    'ASSIGNMENT_USED_UP',
    'APPROVAL_MISSING',
    'APPROVAL_MALFORMED',
    'APPROVAL_KEY_UNKNOWN',
    'APPROVAL_NOT_GENUINE',
  ],
  ...['APPROVAL_WRONG_HUB', 'APPROVAL_OTHER_GRANT', 'APPROVAL_EARLY', 'APPROVAL_LATE'],
  ...['GRANT_MALFORMED', 'GRANT_KEY_UNKNOWN', 'GRANT_KEY_RETIRED', 'GRANT_NOT_GENUINE', 'GRANT_WRONG_ISSUER'],
  ...['GRANT_WRONG_HUB', 'GRANT_WRONG_DOOR', 'GRANT_EARLY', 'GRANT_LATE', 'GRANT_TOO_LONG', 'GRANT_EPOCH_DEAD'],
  ...['GRANT_EPOCH_AHEAD', 'GRANT_REVOKED', 'GRANT_USED_UP', 'GRANT_TOO_MANY_ENTRIES'],
  ...['GUEST_REVOKED', 'GUEST_OTHER_KEY'],
  ...['KNOCK_MALFORMED', 'KNOCK_NOT_GENUINE', 'KNOCK_OTHER_KEY', 'KNOCK_OTHER_GRANT', 'KNOCK_WRONG_HUB'],
  ...['KNOCK_WRONG_VISIT', 'KNOCK_WRONG_ACT', 'KNOCK_NONCE_UNKNOWN', 'KNOCK_NONCE_OLD', 'KNOCK_REPLAYED'],
  ...['KNOCK_LOCKED_OUT', 'REVOCATION_MALFORMED', 'REVOCATION_KEY_UNKNOWN', 'REVOCATION_NOT_GENUINE'],
  ...['REVOCATION_WRONG_HUB', 'REVOCATION_NOT_YOURS', 'REVOCATION_EPOCH_JUMP'],
  ...['CLEARANCE_MALFORMED', 'CLEARANCE_KEY_UNKNOWN', 'CLEARANCE_NOT_GENUINE', 'CLEARANCE_WRONG_HUB'],
  ...['CLOCK_RESET_MALFORMED', 'CLOCK_RESET_KEY_UNKNOWN', 'CLOCK_RESET_NOT_GENUINE', 'CLOCK_RESET_WRONG_HUB'],
  ...['CLOCK_RESET_NONCE_UNKNOWN', 'OWNER_CHANGE_MALFORMED', 'OWNER_CHANGE_KEY_UNKNOWN', 'OWNER_CHANGE_NOT_GENUINE'],
  ...['OWNER_CHANGE_WRONG_HUB', 'OWNER_CHANGE_OLD', 'OWNER_CHANGE_LAST_DEVICE', 'OWNER_CHANGE_NO_PASSKEY'],
  ...['PASSKEY_MISSING', 'PASSKEY_MALFORMED', 'PASSKEY_NOT_GENUINE', 'PASSKEY_NOT_VERIFIED'],
  ...['CLOCK_UNSET', 'CLOCK_BEHIND', 'CLOCK_DISAGREES', 'CLOCK_JUMPED'],
  ...['TIME_MALFORMED', 'TIME_KEY_UNKNOWN', 'TIME_NOT_GENUINE', 'TIME_WRONG_HUB', 'TIME_LATE', 'TIME_NONCE_UNKNOWN'],
  ...['WITNESS_MALFORMED', 'WITNESS_KEY_UNKNOWN', 'WITNESS_NOT_GENUINE', 'WITNESS_WRONG_HUB'],
  ...['RETENTION_MALFORMED', 'RETENTION_KEY_UNKNOWN', 'RETENTION_NOT_GENUINE', 'RETENTION_WRONG_HUB', 'RETENTION_OLD'],
  ...['MEDIA_MALFORMED', 'MEDIA_TOO_BIG', 'VIDEO_KEY_MALFORMED', 'VIDEO_KEY_NOT_GENUINE'],
  ...['VIDEO_HEAD_MALFORMED', 'VIDEO_HEAD_NOT_GENUINE', 'VIDEO_SHARE_MALFORMED', 'VIDEO_SHARE_KEY_UNKNOWN'],
  ...['VIDEO_SHARE_NOT_GENUINE', 'VIDEO_SHARE_WRONG_HUB', 'SIGHT_MALFORMED', 'SIGHT_KEY_UNKNOWN'],
  ...['SIGHT_NOT_GENUINE', 'SIGHT_WRONG_HUB', 'LOOK_MALFORMED', 'LOOK_KEY_UNKNOWN', 'LOOK_NOT_GENUINE'],
  ...['LOOK_WRONG_HUB', 'LOOK_LATE'],
  ...['LOCK_ORDER_MALFORMED', 'LOCK_ORDER_KEY_UNKNOWN', 'LOCK_ORDER_NOT_GENUINE', 'LOCK_ORDER_WRONG_HUB'],
  ...['LOCK_ORDER_LATE', 'LOCK_ORDER_USED', 'LOCK_ORDER_UNREADABLE', 'LOCK_ANSWER_MALFORMED'],
  ...['LOCK_ANSWER_NOT_GENUINE', 'HUB_KEY_MALFORMED', 'HUB_KEY_NOT_GENUINE'],
  ...['RECOVERY_MALFORMED', 'RECOVERY_KEY_UNKNOWN', 'RECOVERY_NOT_GENUINE', 'RECOVERY_WRONG_HUB'],
  ...['RECOVERY_PENDING', 'RECOVERY_OVER', 'RECOVERY_SPENT', 'RECOVERY_CODE_MALFORMED'],
  ...['RECOVERY_CODE_KEY_UNKNOWN', 'RECOVERY_CODE_NOT_GENUINE', 'RECOVERY_CODE_WRONG_HUB', 'RECOVERY_CODE_OLD'],
  ...['RECOVERY_PIN_MALFORMED', 'RECOVERY_PIN_NOT_GENUINE'],
  ...['HUB_BEHIND', 'HUB_FORKED', 'DOCUMENT_TOO_BIG', 'DOCUMENT_MALFORMED', 'DOCUMENT_TYPE_UNKNOWN'],
] as const satisfies readonly FaultCode[];

/** Refusals that need a whole hub: its doors, its bus, its owner's coming. */
const ofTheHub = [
  ...['MESSAGE_TOO_BIG', 'MESSAGE_MALFORMED', 'MESSAGE_EXPIRED', 'RATE_LIMITED'],
  ...['OWNER_MISSING', 'OWNER_CHANGE_FULL', 'HANDOVER_CLOSED', 'HANDOVER_NOT_GENUINE', 'CLEARANCE_OTHER_ALARM'],
  ...['HUB_UNWITNESSED', 'DOOR_BUSY', 'DOOR_OPEN', 'DOOR_UNSECURED', 'DOOR_UNPROVABLE', 'CAMERA_MISSING'],
  ...['VISIT_UNKNOWN', 'VISIT_ENDED'],
  ...['LOCK_CAPABILITY_MISSING', 'LOCK_ORDER_MALFORMED', 'LOCK_ORDER_KEY_UNKNOWN', 'LOCK_ORDER_NOT_GENUINE'],
  ...['LOCK_ORDER_WRONG_HUB', 'LOCK_ORDER_LATE'],
  // and the most of what is decided, once more through the bus
  ...['KNOCK_MALFORMED', 'KNOCK_NOT_GENUINE', 'KNOCK_OTHER_KEY', 'KNOCK_OTHER_GRANT', 'KNOCK_WRONG_HUB'],
  ...['KNOCK_WRONG_VISIT', 'KNOCK_WRONG_ACT', 'KNOCK_NONCE_UNKNOWN', 'KNOCK_NONCE_OLD', 'KNOCK_REPLAYED'],
  ...['GRANT_MALFORMED', 'GRANT_WRONG_HUB', 'GRANT_WRONG_DOOR', 'GRANT_LATE', 'GRANT_TOO_LONG'],
  ...['ASSIGNMENT_MALFORMED', 'ASSIGNMENT_NOT_GENUINE', 'ASSIGNMENT_LATE', 'APPROVAL_MALFORMED', 'RULE_MISSING'],
  ...['RULE_BOOK_MALFORMED', 'OWNER_CHANGE_MALFORMED', 'REVOCATION_MALFORMED', 'CLEARANCE_MALFORMED'],
  ...['ROOT_SET_NOT_GENUINE', 'ISSUER_SET_NOT_GENUINE', 'DOCUMENT_MALFORMED', 'DOCUMENT_TYPE_UNKNOWN'],
  ...['WITNESS_MALFORMED', 'WITNESS_NOT_GENUINE'],
] as const satisfies readonly FaultCode[];

const ofTheLine = [
  ...['OSDP_FRAME_BAD', 'OSDP_NOT_SECURE', 'OSDP_KEY_WRONG', 'OSDP_NONCE_REPEATED'],
  ...['LOCK_UNAVAILABLE', 'LOCK_SILENT', 'LOCK_REFUSED', 'LOCK_COMMAND_EXPIRED', 'LINK_CLOSED'],
] as const satisfies readonly FaultCode[];

const ofTheBroker = [
  ...['BROKER_CLIENT_ID_REFUSED', 'BROKER_TOPIC_REFUSED', 'BROKER_PACKET_TOO_BIG', 'BROKER_PACKET_MALFORMED'],
  ...['BROKER_CONNECT_REFUSED', 'BROKER_PROTOCOL_REFUSED', 'BROKER_QOS_REFUSED', 'BROKER_RETAIN_REFUSED'],
] as const satisfies readonly FaultCode[];

export const surfaces = {
  broker: {
    says: 'raw packets at the broker, before and after CONNECT',
    load: async () => ({ run: (await import('../broker/fuzz.ts')).fuzzBroker, codes: ofTheBroker }),
  },
  cloud: {
    says: 'HTTP bodies, documents and MQTT payloads at the whole cloud',
    load: async () => {
      const { fuzzCloud, cloudFuzzReaches } = await import('../cloud-bridge/fuzz.ts');
      return { run: fuzzCloud, codes: cloudFuzzReaches };
    },
  },
  hub: {
    says: 'MQTT payloads at the whole hub',
    load: async () => ({ run: (await import('./hub/fuzz.ts')).fuzzHub, codes: ofTheHub }),
  },
  decisions: {
    says: 'grants, knocks, documents, times and sealed pictures at the decisions of the hub',
    load: async () => ({ run: (await import('../device/fuzz-decisions.ts')).fuzzDecisions, codes: decided }),
  },
  osdp: {
    says: 'bytes of a peripheral at the serial driver',
    load: async () => ({ run: (await import('./osdp/fuzz.ts')).fuzzOsdp, codes: ofTheLine }),
  },
} as const satisfies Record<string, Surface>;

export type SurfaceName = keyof typeof surfaces;
export const surfaceNames = Object.keys(surfaces) as SurfaceName[];

/** Refusals that no message from outside brings about, and why. */
export const unreached: Partial<Record<FaultCode, string>> = {
  ...because('a phone says it, to a person, of a QR code', 'HANDOVER_MALFORMED'),
  ...because('a page says it, to a person, of what was typed', 'RECOVERY_CODE_MISTYPED'),
  ...because('the owner has to order a duress code with one device', 'DURESS_UNHEARD'),
  ...because("an owner's phone says it, of a guest's key", 'INVITATION_NOT_GENUINE'),
  ...because('the hub says it, to its installer, of its own files', 'ENROLMENT_ROOT_WRONG', 'ENROLMENT_MISSING'),
  ...because('the command line and the start say it', 'USAGE', 'NOT_CONFIRMED', 'CONFIG_INVALID', 'CONFIG_MISSING'),
  ...because('the command line says it', 'DAEMON_UNREACHABLE', 'DOOR_UNKNOWN', 'SECRET_MISSING'),
  ...because('the command line says it, of a file', 'CONFIG_UNSAVED', 'REPORT_MALFORMED', 'REPORT_NOT_GENUINE'),
  ...because('the check of a file says it', 'EVIDENCE_MALFORMED', 'EVIDENCE_ALTERED', 'EVIDENCE_OTHER_ROOT'),
  ...because('the command line says it, to its installer', 'INTERRUPTED', 'REPORT_UNSAVED', 'LOCK_BATTERY_EMPTY'),
  ...because('a file of the hub has to be lost', 'SECRETS_KEY_MISSING', 'SECRETS_KEY_WRONG', 'SECRETS_DAMAGED'),
  ...because('the check of an export says it', 'JOURNAL_BEHIND', 'RECEIPT_MALFORMED', 'RECEIPT_NOT_GENUINE'),
  ...because('what an owner sets for itself has tests of its own', 'PUSH_ENDPOINT_REFUSED', 'MAIL_UNAVAILABLE'),
  ...because('what an owner sets for itself has tests of its own', 'MAIL_CODE_WRONG'),
  ...because('a stop with a code has tests of its own', 'HOLDER_REVOKED', 'CODE_WRONG', 'CODE_EXPIRED'),
  ...because('what an owner names has tests of its own', 'HOLDER_UNFIT', 'HOLDERS_FULL', 'CODE_NOT_SHOWN'),
  ...because('a stop with a code has tests of its own', 'CODE_TRIES_USED', 'CODE_LIMITED'),
  ...because('a disk has to fail', 'JOURNAL_UNAVAILABLE', 'JOURNAL_CORRUPT', 'STORE_UNAVAILABLE'),
  ...because('no message may open a door here, and it comes after an opening', 'VISIT_WRONG_STATE'),
  ...because('no door of this hub has a camera', 'CAMERA_NOT_LIVE', 'SIGHT_OTHER_PICTURE'),
  ...because('no door of this hub is a barrier', 'BARRIER_NOT_PROVEN', 'BARRIER_SPENT'),
  ...because('no driver here reports a jam of its own', 'LOCK_JAMMED'),
  ...because('a camera has to fail at the door', 'CAMERA_UNAVAILABLE', 'CAMERA_SILENT', 'CAMERA_GONE'),
  ...because('a camera has to fail at the door', 'CAMERA_UNREADABLE', 'CAMERA_RAW_SILENT', 'CAMERA_REFUSED'),
  ...because(
    'the test of a camera says it, on the command line',
    'CAMERA_NOT_CONFIGURED',
    'CAMERA_BUSY',
    'CAMERA_PICTURE_UNSAVED',
  ),
  ...because('an installer pairs a lock', 'OSDP_KEY_MISSING', 'OSDP_PAIRING_CLOSED', 'OSDP_KEY_UNFIT'),
  ...because('a viewer says it, of pictures', 'VIDEO_KEY_NOT_FOR_YOU', 'VIDEO_FRAME_ALTERED', 'VIDEO_FRAME_REPLAYED'),
  ...because('a viewer says it, of pictures', 'VIDEO_FRAME_MISSING', 'VIDEO_CHAIN_BROKEN', 'RECORDING_DAMAGED'),
  ...because('it answers a path, not a message', 'RECORDING_UNKNOWN'),
  ...because('the check of the pages says it', 'PAGES_MANIFEST_MALFORMED', 'PAGES_MANIFEST_KEY_UNKNOWN'),
  ...because('the check of the pages says it', 'PAGES_MANIFEST_NOT_GENUINE', 'PAGES_MANIFEST_OLD'),
  ...because('the check of the pages says it', 'PAGES_MANIFEST_FORKED', 'PAGES_MANIFEST_EARLY'),
  ...because('the check of the pages says it', 'PAGES_MANIFEST_EXPIRED', 'PAGES_MANIFEST_MISSING'),
  ...because('the check of the pages says it', 'PAGES_DIFFER', 'PAGES_UNREAD'),
  ...because('a photo of a door brings it about; each kind has its own test', 'HINT_PHOTO_UNFIT'),
  ...because('the simulator says it, on the command line', 'CAMERA_UNPLUGGED', 'SIM_UNREACHABLE', 'TOOL_MISSING'),
  ...because('a radio has to fail', 'BLE_UNAVAILABLE', 'BLE_PERMISSION_MISSING', 'BLE_NOT_FOUND', 'BLE_SILENT'),
  ...because('a radio has to fail', 'BLE_CHARACTERISTIC_MISSING'),
  ...because('no door of the fuzz is a Nuki lock', 'NUKI_FRAME_BAD', 'NUKI_NOT_GENUINE', 'NUKI_NOT_AUTHORIZED'),
  ...because(
    'no door of the fuzz is a Nuki lock',
    'NUKI_PIN_WRONG',
    'NUKI_PIN_MISSING',
    'NUKI_PIN_LOCKED',
    'NUKI_FULL',
    'LOCK_CODE_UNFIT',
    'LOCK_CODE_TAKEN',
  ),
  ...because('an installer pairs a lock', 'NUKI_NOT_PAIRED', 'NUKI_NOT_PAIRING', 'NUKI_PAIRING_CUT'),
  ...because('two devices of a home have to write at once; a test of the route does', 'HOME_NOTES_OLD'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_ACT_MALFORMED'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_ACT_NOT_GENUINE'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_ACT_OTHER', 'STOP_ACT_OLD'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_CLOSED', 'STOP_BLOCKED'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_NOT_HERE'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_WRONG_DOOR'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_NOT_PLANNED'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_NOT_YET', 'STOP_NOT_RUNG'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_WAIT'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'STOP_PROOF_MISSING'),
  ...because('a photo is sent to a stop; each has its own test', 'PHOTO_NOT_WANTED', 'PHOTO_KEYS_OLD', 'PHOTO_UNFIT'),
  ...because('what a camera sees brings it about; its desk has a test', 'PHOTO_POOR'),
  ...because('a stop has to be begun, and every pair of state and event has a test', 'HOLDER_NOT_NAMED'),
  ...because('two devices of a home have to write at once; a test of the route does', 'WISHES_OLD'),
  ...because('an owner or a carrier says it of its own; plan.test.ts does', 'WISHES_UNFIT', 'PLAN_FIXED'),
  ...because('an owner or a carrier says it of its own; plan.test.ts does', 'PLAN_IMPOSSIBLE', 'PLAN_DAY_UNFIT'),
  ...because('an owner or a carrier says it of its own; plan.test.ts does', 'DELIVERY_UNSUPPORTED'),
  ...because('an owner says it of its own; dispute.test.ts does', 'DISPUTE_TOO_EARLY', 'DISPUTE_NOT_OPEN'),
  ...because('a port has to be missing', 'LINK_OPEN_FAILED', 'BROKER_PORT_UNAVAILABLE', 'CLOUD_PORT_UNAVAILABLE'),
  ...because('the files of the broker have to be wrong', 'BROKER_FILES_INVALID'),
  ...because('certificates and a second connection bring it about, no packet', 'BROKER_CERTIFICATE_REFUSED'),
  ...because(
    'certificates and a second connection bring it about, no packet',
    'BROKER_REPLACED',
    'BROKER_HANDSHAKE_REFUSED',
  ),
  ...because('haste or silence brings it about, no packet', 'BROKER_TOO_MANY_CONNECTIONS', 'BROKER_TOO_FAST'),
  ...because('haste or silence brings it about, no packet', 'BROKER_CONNECT_LATE', 'BROKER_CLIENT_SILENT'),
  ...because('haste or silence brings it about, no packet', 'BROKER_SUBSCRIBER_SLOW', 'BROKER_OVERLOADED'),
  ...because('a server has to be away', 'BROKER_UNREACHABLE', 'CLOUD_UNREACHABLE', 'CLOUD_SILENT', 'HUB_OFFLINE'),
  ...because('a browser says it, to a person', 'PASSKEY_CANCELLED', 'PASSKEY_UNAVAILABLE'),
  ...because('a client with a secret brings it about; oauth.test.ts does', 'SCOPE_MISSING', 'CLIENT_UNKNOWN'),
  ...because('a client with a secret brings it about; oauth.test.ts does', 'CLIENT_SECRETS_FULL', 'CLIENT_SECRET_LAST'),
  ...because(
    'a carrier manages it; webhooks.test.ts does',
    'WEBHOOK_ADDRESS_REFUSED',
    'WEBHOOKS_FULL',
    'WEBHOOK_DISABLED',
  ),
  ...because('whoever is logged in says it, of passkeys', 'CREDENTIAL_LAST', 'CREDENTIAL_IN_USE', 'ACCOUNT_FULL'),
  ...because('it is the failure that the fuzz looks for', 'INTERNAL'),
};

function because(why: string, ...codes: FaultCode[]): Partial<Record<FaultCode, string>> {
  return Object.fromEntries(codes.map((code) => [code, why]));
}
