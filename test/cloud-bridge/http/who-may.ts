/** Who may call which route: the table that the matrix is checked against. A route that the app has and this table has not is a failing test. */
import type { FaultCode } from '../../../wire/faults.ts';
import type { EcJwk } from '../../../wire/shapes.ts';

/** Everybody who calls, with the credentials that they have. `own` is of the home that the path is about. */
export const roles = [
  ...(['nobody', 'stranger', 'operator', 'support', 'hub'] as const),
  ...(['ownOwner', 'otherOwner', 'removedOwner', 'ownCarrier', 'otherCarrier'] as const),
  ...(['ownCourier', 'otherCourier', 'ownGuest', 'otherGuest'] as const),
] as const;
export type Role = (typeof roles)[number];

/** What stands in a path or a body: of one home, of the other, or of none. */
export interface Ids {
  readonly home: string;
  readonly door: string;
  readonly delivery: string;
  readonly task: string;
  readonly guest: string;
  readonly visit: string;
  readonly case: string;
  readonly webhook: string;
  /** Of the guest. */
  readonly rule: string;
  /** Of a member of the support. */
  readonly staff: string;
  /** A public key that nobody has used. */
  readonly jwk: EcJwk;
  /** Of any other kind: there is none of it in either home. */
  readonly other: string;
}

export interface WhoMay {
  readonly who: readonly Role[];
  readonly body?: (ids: Ids) => object;
  /** Query of a good call. */
  readonly query?: string;
  /** Who holds the token of a link is told that it is another device's: 256 bits that nobody guesses (T44). */
  readonly holderIsTold?: FaultCode;
  /** It never ends, or ends what the others need: its allowed call has a test of its own. */
  readonly isNotCalled?: true;
}

const only = (who: Role, more: Omit<WhoMay, 'who'> = {}): WhoMay => ({ who: [who], ...more });
const owner = (more: Omit<WhoMay, 'who'> = {}): WhoMay => only('ownOwner', more);
const carrier = (more: Omit<WhoMay, 'who'> = {}): WhoMay => only('ownCarrier', more);
const empty = () => ({});
const courier = (more: Omit<WhoMay, 'who'> = {}): WhoMay => only('ownCourier', more);
const guest = (more: Omit<WhoMay, 'who'> = {}): WhoMay => only('ownGuest', more);
const otherDevice = { holderIsTold: 'TASK_OTHER_DEVICE' } as const;

/**
 * Routes that ask for no credential: everybody gets the same answer, or a secret of the body or the path decides. Why, and which test shows
 * what is refused there.
 */
export const open: Readonly<Record<string, string>> = {
  'GET /health': 'says nothing of anybody (routes.test.ts)',
  'GET /.well-known/oauth-authorization-server': 'says nothing of anybody (oauth.test.ts)',
  'POST /oauth/token': 'client id and secret (oauth.test.ts)',
  'GET /oauth/secrets': 'client id and secret (oauth.test.ts)',
  'POST /oauth/secrets': 'client id and secret (oauth.test.ts)',
  'POST /oauth/secrets/:secret/end': 'client id and secret (oauth.test.ts)',
  'GET /openapi.json': 'says nothing of anybody (routes.test.ts)',
  'GET /v1/live': 'a ticket is the first message (media/live.test.ts)',
  'POST /v1/hubs/enrol': 'a one-time token in the body (enrol.test.ts)',
  'POST /v1/handover': 'a secret that only the hub verifies (scenario)',
  'POST /v1/homes/:home/device-requests': 'owners judge the proof of an invitation (device-request.test.ts)',
  'GET /v1/tasks/:token': 'the link is the secret; it names no place (link.test.ts)',
  'POST /v1/tasks/:token/claim': 'the link is the secret; a second device kills it (link.test.ts)',
  'GET /v1/guests/:token': 'the link is the secret; it names nothing (invitation.test.ts)',
  'POST /v1/guests/:token/claim': 'the link is the secret; a second device kills it (invitation.test.ts)',
  'GET /v1/holder-codes/:token': 'the link is the secret; it shows the codes of one holder (code/holders.test.ts)',
  'GET /v1/recovery-codes/:kid': 'the code is the secret (recovery)',
  'POST /v1/recoveries': 'what the code has signed (recovery)',
  'GET /v1/recoveries/:recovery': 'an id that only the asking device and the owners know (recovery)',
  'POST /v1/visits/:visit/acts': 'the knock is signed, and names its device (routes.test.ts)',
  // Every device has an account of its own or none: no path or body names another's.
  'POST /v1/account': 'a passkey of one’s own (account.test.ts)',
  'GET /v1/account': 'of the device that asks (account.test.ts)',
  'POST /v1/account/challenges': 'of the device that asks (account.test.ts)',
  'POST /v1/account/passkeys': 'of the device that asks (account.test.ts)',
  'POST /v1/account/log-ins': 'a passkey of one’s own (account.test.ts)',
  'POST /v1/account/session-ends': 'of the device that asks (account.test.ts)',
  'POST /v1/account/passkey-ends': 'of the device that asks (account.test.ts)',
};

/** Method and path as the app has it. What ends things stands last: allowed calls are made in this order. */
export const whoMay: Readonly<Record<string, WhoMay>> = {
  'POST /v1/homes': only('operator', { body: empty }),
  'POST /v1/homes/:home/enrolment-tokens': only('operator', { body: empty }),
  'POST /v1/carriers': only('operator', { body: ({ jwk }) => ({ name: 'X', jwk }) }),
  'POST /v1/carriers/:carrier/secret-resets': only('operator', { body: empty, isNotCalled: true }),
  'GET /v1/hubs': only('operator'),
  'POST /v1/support-staff': only('operator', { body: () => ({ name: 'Sam' }) }),
  'GET /v1/support-staff': only('operator'),

  'GET /v1/support/cases': only('support'),
  'GET /v1/support/cases/:case': only('support'),
  'GET /v1/support/cases/:case/pictures/:picture': only('support'),
  'PUT /v1/support/cases/:case/always-code': only('support', { body: empty }),
  'PUT /v1/support/key': only('support', { body: ({ jwk }) => ({ seal: jwk }) }),

  'GET /v1/homes/:home': owner(),
  'GET /v1/homes/:home/hub': owner(),
  'GET /v1/homes/:home/notes': owner(),
  'PUT /v1/homes/:home/notes': owner({ body: () => ({ version: 1, sealed: 'a.b.c.d.e' }) }),
  'POST /v1/homes/:home/documents': owner({ body: () => ({ document: 'a.b.c' }) }),
  'GET /v1/homes/:home/documents': owner(),
  'GET /v1/homes/:home/carriers': owner(),
  'GET /v1/homes/:home/deliveries': owner(),
  'GET /v1/homes/:home/deliveries/:delivery/codes': owner(),
  'POST /v1/homes/:home/deliveries/:delivery/codes/mails': owner({ body: empty }),
  'POST /v1/homes/:home/holders': owner({
    body: ({ delivery }) => ({ delivery, holders: [{ kind: 'gift', name: 'Ada' }] }),
  }),
  'GET /v1/homes/:home/holders': owner(),
  'GET /v1/homes/:home/deliveries/:delivery/evidence': owner(),
  'POST /v1/homes/:home/deliveries/:delivery/disputes': owner({ body: () => ({ what: 'lost' }) }),
  'GET /v1/homes/:home/deliveries/:delivery/disputes': owner(),
  'POST /v1/homes/:home/deliveries/:delivery/disputes/withdraw': owner({ body: empty }),
  'POST /v1/homes/:home/deliveries/:delivery/disputes/settle': owner({ body: empty }),
  'GET /v1/homes/:home/deliveries/:delivery/plan': owner(),
  'PUT /v1/homes/:home/deliveries/:delivery/plan': owner({ body: empty }),
  'GET /v1/homes/:home/deliveries/:delivery/photos': owner(),
  'GET /v1/homes/:home/deliveries/:delivery/photos/:photo': owner(),
  'DELETE /v1/homes/:home/deliveries/:delivery/photos/:photo': owner(),
  'GET /v1/homes/:home/wishes': owner(),
  'PUT /v1/homes/:home/wishes': owner({
    body: () => ({ version: 1, wishes: { order: ['inside'], zone: 'UTC' } }),
  }),
  'POST /v1/homes/:home/deliveries/:delivery/received': owner({ body: empty }),
  'GET /v1/homes/:home/position': owner(),
  'PUT /v1/homes/:home/position': owner({ body: () => ({ position: null }) }),
  'GET /v1/homes/:home/grants': owner({ query: '?waiting=true' }),
  'GET /v1/homes/:home/journal': owner(),
  'GET /v1/homes/:home/visits/:visit': owner(),
  'GET /v1/homes/:home/events': owner({ isNotCalled: true }),
  'POST /v1/homes/:home/guests': owner({ body: ({ other }) => ({ token: other }) }),
  'GET /v1/homes/:home/guests': owner(),
  'GET /v1/homes/:home/doors/:door/hint': owner(),
  'POST /v1/homes/:home/locks/orders': owner({ body: () => ({ order: 'a.b.c' }) }),
  'POST /v1/homes/:home/live-tickets': owner({ body: empty }),
  'GET /v1/homes/:home/recordings': owner(),
  'GET /v1/homes/:home/recordings/:stream': owner(),
  'PUT /v1/homes/:home/recordings/:stream/shares': owner({ body: () => ({ share: 'a.b.c' }) }),
  'GET /v1/homes/:home/recordings/:stream/shares': owner(),
  'GET /v1/homes/:home/recoveries': owner(),
  'GET /v1/homes/:home/notifications': owner(),
  'PUT /v1/homes/:home/notifications': owner({ body: () => ({ language: 'de' }) }),
  'PUT /v1/homes/:home/notifications/mail': owner({ body: () => ({ address: null }) }),
  'POST /v1/homes/:home/notifications/mail/code': owner({ body: () => ({ code: '000000' }) }),
  'POST /v1/homes/:home/notifications/test': owner({ body: empty }),
  'GET /v1/homes/:home/alarms': owner(),
  'POST /v1/homes/:home/alarms/:alarm/acknowledgement': owner({ body: empty }),
  'POST /v1/homes/:home/cases': owner({ body: ({ delivery }) => ({ delivery, reason: 'missing' }) }),
  'GET /v1/homes/:home/cases': owner(),
  'POST /v1/homes/:home/cases/:case/pictures': owner({
    body: ({ staff }) => ({ staff, until: 4_000_000_000_000, sealed: 'A'.repeat(120) }),
  }),
  'POST /v1/homes/:home/cases/:case/pictures/:picture/end': owner({ body: empty }),

  'GET /v1/tasks/:token/grant': courier(otherDevice),
  'POST /v1/tasks/:token/prepare': courier({ ...otherDevice, body: empty }),
  'GET /v1/tasks/:token/stop': courier(otherDevice),
  'POST /v1/tasks/:token/stop/acts': courier({ ...otherDevice, body: () => ({ act: 'a.b.c' }) }),
  'GET /v1/tasks/:token/evidence': courier(otherDevice),
  'GET /v1/tasks/:token/stop/photo': courier(otherDevice),
  'POST /v1/tasks/:token/stop/photo': courier({ ...otherDevice, body: empty }),
  'PUT /v1/tasks/:token/stop/photo': courier({
    ...otherDevice,
    body: () => ({ sealed: `a.b.c.d.${'A'.repeat(100)}`, ownerList: 0 }),
  }),
  'GET /v1/tasks/:token/hint': courier(),
  'GET /v1/tasks/:token/hint/photo': courier(),
  'POST /v1/tasks/:token/hint/found': courier({ body: empty }),
  'GET /v1/visits/:visit': courier(),

  'GET /v1/guests/:token/doors': guest(otherDevice),
  'POST /v1/guests/:token/visits': guest({ ...otherDevice, body: ({ rule }) => ({ rule }) }),
  'GET /v1/guests/:token/grant': guest(otherDevice),
  'POST /v1/guests/:token/prepare': guest({ ...otherDevice, body: empty }),
  'GET /v1/guests/:token/hint': guest(),
  'GET /v1/guests/:token/hint/photo': guest(),
  'POST /v1/guests/:token/hint/found': guest({ body: empty }),

  'GET /v1/carrier/events': { who: ['ownCarrier', 'otherCarrier'], isNotCalled: true },
  'GET /v1/sandbox': { who: ['ownCarrier', 'otherCarrier'] },
  'GET /v1/webhooks': { who: ['ownCarrier', 'otherCarrier'] },
  'POST /v1/webhooks': { who: ['ownCarrier', 'otherCarrier'], isNotCalled: true },
  'GET /v1/webhooks/:webhook': carrier(),
  'PUT /v1/webhooks/:webhook': carrier({ body: () => ({ url: 'https://hermes.example/hook' }) }),
  'GET /v1/webhooks/:webhook/attempts': carrier(),
  'POST /v1/webhooks/:webhook/replays': carrier({ body: () => ({ since: 0 }) }),
  'POST /v1/webhooks/:webhook/secret-rotations': carrier({ body: empty }),
  'DELETE /v1/webhooks/:webhook': carrier(),
  'GET /v1/deliveries/:delivery': carrier(),
  'GET /v1/deliveries/:delivery/evidence': carrier(),
  'GET /v1/deliveries/:delivery/pictures': carrier(),
  'GET /v1/deliveries/:delivery/pictures/:picture': carrier(),
  'PUT /v1/carrier/seal-key': { who: ['ownCarrier', 'otherCarrier'], body: ({ jwk }) => ({ seal: jwk }) },
  'POST /v1/deliveries': { who: ['ownCarrier', 'otherCarrier'], isNotCalled: true },
  'POST /v1/deliveries/:delivery/assignment': carrier({ body: () => ({ assignment: 'a.b.c' }) }),
  'POST /v1/deliveries/:delivery/on-the-way': carrier({ body: empty }),
  'POST /v1/deliveries/:delivery/task-link': carrier({ body: empty }),
  'POST /v1/deliveries/:delivery/cancel': carrier({ body: empty }),
  'POST /v1/deliveries/:delivery/collectable': carrier({ body: empty }),
  'POST /v1/deliveries/:delivery/dispute-answer': carrier({ body: () => ({ text: 'We look for it.' }) }),
  'POST /v1/homes/:home/deliveries/:delivery/not-mine': owner({ body: empty }),
  'POST /v1/homes/:home/cases/:case/close': owner({ body: empty }),
  'DELETE /v1/homes/:home/holders/:holder': owner(),
  'PUT /v1/homes/:home/doors/:door/hint': owner({ body: () => ({ place: '1C' }) }),
  'DELETE /v1/homes/:home/doors/:door/hint': owner(),
  'POST /v1/support-staff/:staff/end': only('operator', { body: empty }),
};
