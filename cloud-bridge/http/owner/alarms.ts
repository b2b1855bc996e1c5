/** Alarms that stand or wait for somebody, and "I am looking after it". */
import * as v from 'valibot';
import { type NoticeLanguage, StandingAlarm } from '../../../wire/notifications.ts';
import { Hash, Id } from '../../../wire/shapes.ts';
import { acknowledge, describeAlarm } from '../../notify/alarms.ts';
import { languageOf } from '../../notify/compose.ts';
import type { StandingCode } from '../../notify/kinds.ts';
import type { Row } from '../../store/schema.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const toView = (row: Row<'standing_alarm'>, language: NoticeLanguage): StandingAlarm => ({
  alarm: row.id,
  code: row.code,
  ...describeAlarm(row.code as StandingCode, language),
  door: row.door,
  at: row.at,
  told: row.round,
  acknowledged: row.acked_by === null ? null : { by: row.acked_by, at: row.acked_at ?? 0 },
});

/** GET /v1/homes/:home/alarms */
export function listAlarms(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Alarms that are not over, oldest first.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    response: { 200: v.strictObject({ alarms: v.array(StandingAlarm) }), default: Problem },
  };
  app.get('/v1/homes/:home/alarms', { schema }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    const language = languageOf(await parts.store.read.noticeDevices.find(hub.home, jkt));
    const rows = await parts.store.read.standingAlarms.ofHome(hub.home);
    return { alarms: rows.map((row) => toView(row, language)) };
  });
}

/** POST /v1/homes/:home/alarms/:alarm/acknowledgement: it is told no more, which does not end it. Twice is as once. */
export function acknowledgeAlarm(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Say that you look after an alarm. It is told no more; it is not over.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id, alarm: Hash }),
    body: Empty,
    response: { 200: StandingAlarm, default: Problem },
  };
  app.post('/v1/homes/:home/alarms/:alarm/acknowledgement', { schema }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    const { alarm } = request.params;
    const taken = await parts.store.write((tables) => acknowledge(tables, hub.home, alarm, jkt, parts.now()));
    return toView(orProblem(taken), languageOf(await parts.store.read.noticeDevices.find(hub.home, jkt)));
  });
}
