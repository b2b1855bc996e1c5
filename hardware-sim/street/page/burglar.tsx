/** The burglar: tries at the line and at the door, what is cut and covered, and what the system answered. */
import type { StreetTold } from '../told.ts';
import type { Step } from './guide.ts';
import { Press } from './press.tsx';
import { Said } from './said.tsx';
import { Toggle } from './switches.tsx';

/** What a burglar would do to a house, of all that can be switched. */
export const sabotage = ['camera/blackout', 'door/bolt-jam', 'radio/shadow', 'part/broker', 'part/hub'];

export function Burglar({ told, next }: { readonly told: StreetTold; readonly next: Step }) {
  const switches = told.switches.filter(({ id }) => sabotage.includes(id));
  return (
    <section class="card burglar" aria-labelledby="burglar-name">
      <header>
        <h2 id="burglar-name">Burglar</h2>
        <p>Holds whatever could be overheard.</p>
      </header>
      <div class="tries">
        {told.tricks.map(({ id, says, needs, isPossible }) => (
          <Press key={id} told={told} act="burglar.try" of={id} isOff={!isPossible} hint={isPossible ? '' : `Needs ${needs}`}>
            {says}
          </Press>
        ))}
      </div>
      <fieldset>
        <legend>Cut and cover</legend>
        {switches.map((one) => (
          <Toggle key={one.id} told={told} one={one} isNext={next.act === 'street.switch' && one.isOn} />
        ))}
      </fieldset>
      <h3 id="answers">What the system answered</h3>
      {told.answers.length === 0 && <p class="quiet">Nothing yet. Most tries need a visit under way.</p>}
      <ol class="answers" aria-labelledby="answers" aria-live="polite">
        {told.answers.slice(0, 4).map(({ n, trick, isGood, text, code }) => (
          <li key={n} class={isGood ? 'held' : 'took'}>
            <strong>{trick}</strong>
            <span>
              {text} {code !== undefined && <code>{code}</code>}
            </span>
          </li>
        ))}
      </ol>
      <Said said={told.said.burglar} />
    </section>
  );
}
