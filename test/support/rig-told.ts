/** What the owner of a rig was told: by entries of the journal, or past it by alarms that could not be written down. */
import type { OwnerNews } from '../../hardware-sim/people/owner.ts';
import type { AlarmCode } from '../../wire/alarms.ts';
import type { Rig } from './rig.ts';
import { until } from './until.ts';

/** Everything that the owner is told from now on. */
export function listen(rig: Pick<Rig, 'owner'>): { all(): readonly OwnerNews[] } {
  const from = rig.owner.told.items.length;
  return { all: () => rig.owner.told.items.slice(from) };
}

const isAlarmEntry = (one: OwnerNews, code: AlarmCode): boolean =>
  one.news === 'entry' &&
  (one.record.kind === 'alarm.raised' || one.record.kind === 'alarm.private') &&
  one.record.body.code === code;

/** How the owner learned of an alarm: from the journal, or past it. Waits for the first of either. */
export const untilAlarm = (
  ear: ReturnType<typeof listen>,
  code: AlarmCode,
  withinMs = 15_000,
): Promise<'entry' | 'message'> =>
  until(
    `the owner is told ${code}`,
    () => {
      const found = ear.all().find((one) => (one.news === 'alarm' ? one.alarm.code === code : isAlarmEntry(one, code)));
      if (found === undefined) return undefined;
      return found.news === 'alarm' ? ('message' as const) : ('entry' as const);
    },
    withinMs,
  );
