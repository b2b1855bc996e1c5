/** How loud each group is. What is about safety cannot be switched off. */
import type { NoticeChoices, NoticeGroup } from '../../../../wire/notifications.ts';
import { useWords } from '../use-words.ts';
import type { PartProps } from './screen.tsx';
import { words } from './words.ts';

type Loudness = 'loud' | 'quiet' | 'off';

/** Group -> whether it may be off. */
const groups = {
  door: true,
  steps: true,
  ends: false,
  grants: false,
  alarms: false,
  household: true,
} as const satisfies Record<NoticeGroup, boolean>;

export function Choices({ client, settings, take }: PartProps) {
  const says = useWords(words);
  const choose = (group: NoticeGroup, value: string): void => {
    const { [group]: _before, ...others } = settings.choices;
    const choices = (value === '' ? others : { ...others, [group]: value as Loudness }) as NoticeChoices;
    void take(client.set({ choices }));
  };
  return (
    <section class="card" aria-labelledby="notice-how">
      <h2 id="notice-how">{says.how}</h2>
      {(Object.keys(groups) as NoticeGroup[]).map((group) => (
        <div class="row" key={group}>
          <label for={`notice-${group}`}>{group === 'alarms' ? says.choiceAlarms : says[group]}</label>
          <select
            id={`notice-${group}`}
            value={settings.choices[group] ?? ''}
            onChange={({ currentTarget }) => choose(group, currentTarget.value)}
          >
            <option value="">{says.meant}</option>
            <option value="loud">{says.loud}</option>
            <option value="quiet">{says.quiet}</option>
            {groups[group] && <option value="off">{says.off}</option>}
          </select>
        </div>
      ))}
      <label class="row">
        <span>{says.detail}</span>
        <input
          type="checkbox"
          checked={settings.detail}
          onChange={({ currentTarget }) => void take(client.set({ detail: currentTarget.checked }))}
        />
      </label>
    </section>
  );
}
