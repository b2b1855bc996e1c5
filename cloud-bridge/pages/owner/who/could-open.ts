/**
 * Who could open a door of this home: now and in the next seven days, by which means, and how to stop it.
 *
 * Pure, over what this device has verified itself. It says who COULD: it trusts neither the cloud to issue only what was asked for, nor
 * a count that it has not seen, nor a revocation that the hub has not confirmed. A test asks the hub's own decision at every edge of
 * the week and compares, in both directions (T40).
 */
import type { Confirmable, Known } from './known.ts';
import { lockWindows } from './lock-windows.ts';
import type { Opening, State, Stop } from './opening.ts';
import { clip, merge } from './spans.ts';
import { approvedOpening, ruleOpenings } from './under-rules.ts';

/** How far ahead is looked: seven days, seconds. */
export const lookAheadS = 7 * 86_400;

const stateOf = ({ ending }: Confirmable): State => (ending ? 'ending' : 'in-force');

/** Devices of the owner: each can say yes, and write any rule, with its holder's finger or face. */
const byDevices = ({ devices, nowS }: Known): readonly Opening[] =>
  devices.map((device) => ({
    who: { kind: 'device', kid: device.kid },
    by: 'owner-device',
    windows: [{ from: nowS, until: nowS + lookAheadS }],
    is: stateOf(device),
    stop: { by: 'devices', kid: device.kid },
    lastS: undefined,
  }));

/** Whoever holds the printed code becomes a device of the owner when the wait is over and nobody objects. */
const byRecovery = ({ recovery, nowS }: Known): readonly Opening[] =>
  recovery === undefined
    ? []
    : [
        {
          who: { kind: 'recovery' },
          by: 'owner-device',
          windows: clip([{ from: recovery.fromS, until: Number.MAX_SAFE_INTEGER }], ahead(nowS)),
          is: 'waiting',
          stop: { by: 'revocation', ends: { kind: 'recovery', id: recovery.id } },
          lastS: undefined,
        },
      ];

const ahead = (nowS: number) => ({ from: nowS, until: nowS + lookAheadS });

/** What the lock keeps by itself and opens for, without a word to the hub. The hub's own entry is no way in beside the hub. */
function byLock({ locks, nowS }: Known): readonly Opening[] {
  return locks.flatMap(({ door, codes, users }) => [
    ...codes
      .filter(({ enabled }) => enabled)
      .map(({ id, name, times }): Opening => {
        const stop: Stop = { by: 'lock', door, order: { do: 'codes.remove', id } };
        return lockOpening({ who: { kind: 'code', name }, by: 'keypad', door, stop }, times, nowS);
      }),
    ...users
      .filter(({ enabled, isHub }) => enabled && !isHub)
      .map(({ id, name, kind, times }): Opening => {
        const stop: Stop = { by: 'lock', door, order: { do: 'users.remove', id } };
        return lockOpening({ who: { kind: 'lock-user', name, is: kind }, by: 'paired', door, stop }, times, nowS);
      }),
  ]);
}

const lockOpening = (
  what: Pick<Opening, 'who' | 'by' | 'door' | 'stop'>,
  times: Parameters<typeof lockWindows>[0],
  nowS: number,
): Opening => ({ ...what, windows: lockWindows(times, ahead(nowS)), is: 'in-force', lastS: times?.untilS });

/** What no hub can know of: keys of metal, the app of the lock's maker, and a list that has never been read. */
const unseen = ({ doors, locks, nowS }: Known): readonly Opening[] =>
  doors.map(({ id, keepsUsers }) => ({
    who: { kind: 'unknown', unread: keepsUsers && !locks.some(({ door }) => door === id) },
    by: 'key',
    door: id,
    windows: [ahead(nowS)],
    is: 'in-force',
    stop: { by: 'hand' },
    lastS: undefined,
  }));

/** @returns every way in of the next seven days, each with at least one window; windows are merged and in order */
export function whoCouldOpen(known: Known): readonly Opening[] {
  const within = ahead(known.nowS);
  return [
    ...ruleOpenings(known, within),
    ...known.approved.flatMap((one) => approvedOpening(one, known, within)),
    ...byLock(known),
    ...byDevices(known),
    ...byRecovery(known),
    ...unseen(known),
  ]
    .map((one) => ({ ...one, windows: merge(one.windows) }))
    .filter(({ windows }) => windows.length > 0);
}
