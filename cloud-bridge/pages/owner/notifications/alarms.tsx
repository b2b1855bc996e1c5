/** Alarms that stand. To look after one does not end it: it is told no more. */
import { useState } from 'preact/hooks';
import type { StandingAlarm } from '../../../../wire/notifications.ts';
import { useApp } from '../app.ts';
import { Icon } from '../icon.tsx';
import { sayFull } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import type { NoticeClient } from './client.ts';
import { words } from './words.ts';

interface AlarmsProps {
  readonly client: NoticeClient;
  readonly alarms: readonly StandingAlarm[];
  /** Thumbprint of this device's key. */
  readonly own: string | undefined;
  readonly changed: (alarm: StandingAlarm) => void;
}

export function Alarms({ client, alarms, own, changed }: AlarmsProps) {
  const says = useWords(words);
  const { code } = useApp();
  const [busy, setBusy] = useState<string>();
  const acknowledge = async (alarm: string): Promise<void> => {
    setBusy(alarm);
    const taken = await client.acknowledge(alarm);
    setBusy(undefined);
    if (taken.ok) changed(taken.value);
  };
  return (
    <section class="card" aria-labelledby="notice-alarms">
      <h2 id="notice-alarms">{says.alarms}</h2>
      {alarms.length === 0 && <p class="quiet">{says.noAlarms}</p>}
      <ul>
        {alarms.map((one) => (
          <li key={one.alarm} class="notice-alarm" data-severity={one.severity}>
            <p class="row">
              <Icon of="alarm" />
              <span>{one.says}</span>
            </p>
            <p class="quiet">{fill(says.since, { time: sayFull(code, one.at) })}</p>
            {one.acknowledged === null ? (
              <button
                type="button"
                class="plain"
                aria-busy={busy === one.alarm}
                onClick={() => void acknowledge(one.alarm)}
              >
                {says.take}
              </button>
            ) : (
              <p role="status">{one.acknowledged.by === own ? says.takenHere : says.taken}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
