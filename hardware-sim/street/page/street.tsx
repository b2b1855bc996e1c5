/** The street: the house above, the people below it, the camera and the journal beside them. */
import type { StreetTold } from '../told.ts';
import { Burglar } from './burglar.tsx';
import { drawingOf } from './drawing.ts';
import { Film } from './film.tsx';
import { nextStep, type Step } from './guide.ts';
import { Journal } from './journal.tsx';
import { CourierPhone, OwnerPhone } from './phones.tsx';
import { Press } from './press.tsx';
import { Said } from './said.tsx';
import { Scene } from './scene.tsx';
import { Switches, Toggle } from './switches.tsx';

const partNames: Readonly<Record<string, string>> = {
  broker: 'The broker does not run: the home has no network.',
  cloud: 'The cloud does not run.',
  pages: 'The host of the pages does not run.',
  hub: 'The hub does not run.',
  sim: 'The simulator does not run: the doors stand as they are.',
};

function Hands({ told, next }: { readonly told: StreetTold; readonly next: Step }) {
  const { act } = next;
  return (
    <div class="hands" role="group" aria-labelledby="hands-name">
      <h2 id="hands-name">Hands at the door</h2>
      <Press told={told} act="hands.push" isNext={act === 'hands.push'}>
        Push it open
      </Press>
      <Press told={told} act="hands.parcel" isNext={act === 'hands.parcel'}>
        Put the parcel down
      </Press>
      <Press told={told} act="hands.pull" isNext={act === 'hands.pull'}>
        Pull it shut
      </Press>
      {told.hasGarage && (
        <Press told={told} act="hands.button" isNext={act === 'hands.button'}>
          Press the button in the garage
        </Press>
      )}
      <Said said={told.said.hands} />
    </div>
  );
}

function Down({ told }: { readonly told: StreetTold }) {
  const gone = Object.entries(told.parts).filter(([name, isUp]) => !isUp && partNames[name] !== undefined);
  if (gone.length === 0) return null;
  return (
    <div class="down" role="alert">
      {gone.map(([name]) => {
        const one = told.switches.find(({ id }) => id === `part/${name}`);
        return (
          <p key={name}>
            {partNames[name]} {one === undefined ? 'Start npm start again.' : <Toggle told={told} one={one} />}
          </p>
        );
      })}
    </div>
  );
}

const Setup = ({ told }: { readonly told: StreetTold }) => (
  <section class="card setup" aria-labelledby="setup-name">
    <h2 id="setup-name">The street comes up</h2>
    <ol>
      {told.setup.map(({ who, what }) => (
        <li key={what}>
          <b>{who}</b> {what}
        </li>
      ))}
    </ol>
  </section>
);

export function Street({ told, isLost }: { readonly told: StreetTold; readonly isLost: boolean }) {
  const next = nextStep(told);
  const isUp = told.at === 'up';
  return (
    <>
      <header class="top">
        <h1>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6.500 19V7a2 2 0 012-2h7a2 2 0 012 2v12M4.500 19h15M14.200 12v1.500" />
          </svg>
          Doorward <span>· the street</span>
        </h1>
        <p class="guide" role="status" data-next={next.act ?? ''}>
          {next.says}
        </p>
        <Press told={told} act="street.play">
          Let one play by itself
        </Press>
      </header>
      <main>
        {isLost && (
          <div class="down" role="alert">
            <p>The street does not answer. Is “npm start” still running?</p>
          </div>
        )}
        <Down told={told} />
        <div class={isUp ? 'street' : 'coming-up'}>
          <section class="card stage" aria-label="The house">
            <Scene of={drawingOf(told)} />
            {isUp && <Hands told={told} next={next} />}
          </section>
          {!isUp && <Setup told={told} />}
          {isUp && (
            <>
              <div class="phones">
                <CourierPhone told={told} next={next} />
                <OwnerPhone told={told} next={next} />
              </div>
              <Burglar told={told} next={next} />
              <div class="side">
                <Film told={told} />
                <Journal told={told} />
              </div>
              <Switches told={told} />
            </>
          )}
        </div>
      </main>
    </>
  );
}
