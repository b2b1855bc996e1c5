/** Everything that can go wrong, as switches, in groups. */
import type { StreetTold, SwitchGroup, SwitchTold } from '../told.ts';
import { ask } from './ask.ts';
import { Said } from './said.tsx';
import { groupNames } from './words.ts';

interface ToggleProps {
  readonly told: StreetTold;
  readonly one: SwitchTold;
  readonly isNext?: boolean;
}

export function Toggle({ told, one: { id, says, isOn }, isNext = false }: ToggleProps) {
  const isBusy = told.doing.includes(`street.switch:${id}`);
  return (
    <button
      type="button"
      role="switch"
      class={isNext ? 'toggle next' : 'toggle'}
      data-switch={id}
      aria-checked={isOn}
      aria-busy={isBusy}
      onClick={() => {
        if (!isBusy) ask('street.switch', id, !isOn);
      }}
    >
      <i aria-hidden="true" />
      <span>{says}</span>
    </button>
  );
}

export function Switches({ told }: { readonly told: StreetTold }) {
  const groups = Object.keys(groupNames) as SwitchGroup[];
  return (
    <section class="card faults" aria-labelledby="faults-name">
      <header>
        <h2 id="faults-name">What can go wrong</h2>
        <p>Each is a fault of the simulator. Switch it on, at any moment.</p>
      </header>
      {groups.map((group) => {
        const switches = told.switches.filter((one) => one.group === group);
        const on = switches.filter(({ isOn }) => isOn).length;
        if (switches.length === 0) return null;
        return (
          <details key={group} data-group={group}>
            <summary>
              {groupNames[group]} <small>{on === 0 ? switches.length : `${on} on`}</small>
            </summary>
            {switches.map((one) => (
              <Toggle key={one.id} told={told} one={one} />
            ))}
          </details>
        );
      })}
      <Said said={told.said.street} />
    </section>
  );
}
