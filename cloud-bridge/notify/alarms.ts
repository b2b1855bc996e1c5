/** Alarms that stand: raised once, told again at growing intervals until an owner acknowledges, or until they end. */
import { type AlarmCode, alarms } from '../../wire/alarms.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import type { NoticeLanguage } from '../../wire/notifications.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { alarmTexts, hiddenWhile, ownAlarms, type StandingCode, tellAgainMs } from './kinds.ts';
import type { Telling } from './plan.ts';
import { noticeWords, type TextKey } from './words.ts';

/** Looked at again after this where another alarm hides it, ms. */
const hiddenForMs = 60_000;

interface Facts {
  readonly severity: 'warning' | 'critical';
  readonly visibleAfterMs: number;
  readonly text: TextKey;
}

function factsOf(code: StandingCode): Facts {
  if (code === 'HUB_OFFLINE' || code === 'JOURNAL_REFUSED') {
    return ownAlarms[code];
  }
  const { severity, visibleAfterMs } = alarms[code as AlarmCode];
  return { severity, visibleAfterMs, text: alarmTexts[code as AlarmCode] };
}

export function describeAlarm(code: StandingCode, language: NoticeLanguage) {
  const { severity, text } = factsOf(code);
  return { severity, says: noticeWords[language].texts[text] };
}

export const aboutAlarm = (id: string): string => `alarm:${id}`;

/** An alarm that stands already is the same alarm, however often the hub tells it. @param source  the event that says so */
export async function raise(
  tables: Tables,
  home: string,
  { code, door, source }: { readonly code: StandingCode; readonly door: string | null; readonly source: string },
  now: number,
): Promise<void> {
  const standing = await tables.standingAlarms.ofHome(home);
  if (standing.some((one) => one.code === code && one.door === door)) return;
  await tables.standingAlarms.add({
    id: hashOf(['alarm', home, code, door ?? '', source].join('\n')),
    ...{ home, code, door, at: now, next_at: now + factsOf(code).visibleAfterMs, round: 0 },
    ...{ acked_by: null, acked_at: null, ended_at: null },
  });
}

/** @returns what is told: that it is over, if anybody had heard of it */
export async function end(
  tables: Tables,
  home: string,
  { code, door }: { readonly code: string; readonly door: string | null },
  now: number,
): Promise<readonly Telling[]> {
  const ended = (await tables.standingAlarms.ofHome(home)).filter((one) => one.code === code && one.door === door);
  const told: Telling[] = [];
  for (const { id } of ended) {
    const about = aboutAlarm(id);
    await tables.standingAlarms.end(id, now);
    await tables.notices.hush(home, about);
    if (await tables.notices.isTold(home, about))
      told.push({ kind: 'alarmOver', about, says: {}, source: `over:${id}` });
  }
  return told;
}

/** The next telling of an alarm that is due. @returns undefined while another alarm hides it */
export async function tellAgain(
  tables: Tables,
  alarm: Row<'standing_alarm'>,
  now: number,
): Promise<Telling | undefined> {
  const code = alarm.code as StandingCode;
  const hider = hiddenWhile[code] ?? (code in alarms ? alarms[code as AlarmCode].hiddenWhile : undefined);
  if (hider !== undefined && (await tables.standingAlarms.ofHome(alarm.home)).some((one) => one.code === hider)) {
    await tables.standingAlarms.toldAgain(alarm.id, alarm.round, now + hiddenForMs);
    return undefined;
  }
  const { severity, text } = factsOf(code);
  const round = alarm.round + 1;
  const waitMs = tellAgainMs[Math.min(alarm.round, tellAgainMs.length - 1)]!;
  await tables.standingAlarms.toldAgain(alarm.id, round, severity === 'critical' ? now + waitMs : null);
  return {
    kind: severity === 'critical' ? 'alarm' : 'warning',
    about: aboutAlarm(alarm.id),
    says: { text },
    source: `alarm:${alarm.id}:${round}`,
    ...(round > 1 ? { urgent: true } : {}),
  };
}

/** What ends by itself stays until it does; all else is over with this. */
const endsByItself = ({ code, door }: Row<'standing_alarm'>): boolean =>
  door !== null || code === 'HUB_OFFLINE' || code === 'CLOCK_DISTRUSTED' || code === 'RECOVERY_ASKED';

/** Somebody looks after it: it is told no more, and the others are told so. @returns NOT_FOUND for one that is over or of another home */
export async function acknowledge(
  tables: Tables,
  home: string,
  id: string,
  by: string,
  now: number,
): Promise<Verdict<Row<'standing_alarm'>>> {
  const alarm = await tables.standingAlarms.find(id);
  if (alarm === undefined || alarm.home !== home || alarm.ended_at !== null) return refuse('NOT_FOUND');
  if (alarm.acked_by !== null) return accept(alarm);
  await tables.standingAlarms.acknowledge(id, by, now, endsByItself(alarm) ? null : now);
  await tables.notices.hush(home, aboutAlarm(id));
  const data = { alarm: id, code: alarm.code, ...(alarm.door === null ? {} : { door: alarm.door }), by };
  await tables.events.add([{ party: `home:${home}`, type: 'alarm.acknowledged', data, at: now }]);
  return accept({ ...alarm, acked_by: by, acked_at: now });
}
