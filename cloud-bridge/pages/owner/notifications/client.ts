/** How this device is told, and which alarms stand: what the screen reads and sets at the cloud. */
import * as v from 'valibot';
import type { Verdict } from '../../../../wire/faults.ts';
import { NoticeSettings, type NoticeWish, StandingAlarm } from '../../../../wire/notifications.ts';
import type { Place } from '../home/course.ts';

const Alarms = v.strictObject({ alarms: v.array(StandingAlarm) });
const Told = v.object({ told: v.boolean() });

export interface NoticeClient {
  settings(): Promise<Verdict<NoticeSettings>>;
  set(wish: NoticeWish): Promise<Verdict<NoticeSettings>>;
  mail(address: string | null): Promise<Verdict<NoticeSettings>>;
  code(code: string): Promise<Verdict<NoticeSettings>>;
  test(): Promise<Verdict<{ told: boolean }>>;
  alarms(): Promise<Verdict<{ alarms: StandingAlarm[] }>>;
  acknowledge(alarm: string): Promise<Verdict<StandingAlarm>>;
}

export function noticeClient({ api, path }: Place): NoticeClient {
  const own = `${path}/notifications`;
  return {
    settings: () => api.call({ method: 'GET', path: own }, NoticeSettings),
    set: (body) => api.call({ method: 'PUT', path: own, body }, NoticeSettings),
    mail: (address) => api.call({ method: 'PUT', path: `${own}/mail`, body: { address } }, NoticeSettings),
    code: (code) => api.call({ method: 'POST', path: `${own}/mail/code`, body: { code } }, NoticeSettings),
    test: () => api.call({ method: 'POST', path: `${own}/test`, body: {} }, Told),
    alarms: () => api.call({ method: 'GET', path: `${path}/alarms` }, Alarms),
    acknowledge: (alarm) =>
      api.call({ method: 'POST', path: `${path}/alarms/${alarm}/acknowledgement`, body: {} }, StandingAlarm),
  };
}
