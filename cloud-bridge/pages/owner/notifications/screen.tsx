/** How this device is told, and the alarms that wait for somebody. */
import { useEffect, useState } from 'preact/hooks';
import type { Verdict } from '../../../../wire/faults.ts';
import type { NoticeSettings, StandingAlarm } from '../../../../wire/notifications.ts';
import { useApp } from '../app.ts';
import { useWords } from '../use-words.ts';
import { Alarms } from './alarms.tsx';
import { Choices } from './choices.tsx';
import { type NoticeClient, noticeClient } from './client.ts';
import { Here } from './here.tsx';
import { Mail } from './mail.tsx';

import { words } from './words.ts';

export interface PartProps {
  readonly client: NoticeClient;
  readonly settings: NoticeSettings;
  /** Shows what the cloud answered. @returns whether it took it */
  readonly take: (answer: Promise<Verdict<NoticeSettings>>) => Promise<boolean>;
}

export function Screen() {
  const says = useWords(words);
  const { course, code, known } = useApp();
  const { place } = course;
  const [settings, setSettings] = useState<NoticeSettings>();
  const [alarms, setAlarms] = useState<readonly StandingAlarm[]>([]);
  const client = place && noticeClient(place);

  useEffect(() => {
    if (client === undefined) return;
    let isMine = true;
    const read = async (): Promise<void> => {
      // What is said, is said in the language and the time of this device.
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const own = await client.set({ language: code, zone });
      const standing = await client.alarms();
      if (isMine && own.ok) setSettings(own.value);
      if (isMine && standing.ok) setAlarms(standing.value.alarms);
    };
    void read();
    return () => {
      isMine = false;
    };
  }, [place, code, known.diary.alarms]);

  if (client === undefined || settings === undefined)
    return <p class="quiet wait">{known.line === 'lost' ? says.lost : '…'}</p>;
  const take: PartProps['take'] = async (answer) => {
    const reply = await answer;
    if (reply.ok) setSettings(reply.value);
    return reply.ok;
  };
  const props = { client, settings, take };
  return (
    <>
      <Alarms
        client={client}
        alarms={alarms}
        own={place?.keys.sign.kid}
        changed={(next) => setAlarms(alarms.map((one) => (one.alarm === next.alarm ? next : one)))}
      />
      <Here {...props} />
      <Mail {...props} />
      <Choices {...props} />
    </>
  );
}
