/** The phones of courier and owner, to press. */
import type { ComponentChildren } from 'preact';
import type { StreetTold } from '../told.ts';
import type { Step } from './guide.ts';
import { Press } from './press.tsx';
import { Said } from './said.tsx';
import { clockTime, courierScreen, doorNames, doorWords } from './words.ts';

interface Props {
  readonly told: StreetTold;
  readonly next: Step;
}

interface PhoneProps {
  readonly who: 'courier' | 'owner';
  readonly name: string;
  readonly about: string;
  readonly children: ComponentChildren;
}

const Phone = ({ who, name, about, children }: PhoneProps) => (
  <section class={`card ${who}`} aria-labelledby={`${who}-name`}>
    <header>
      <h2 id={`${who}-name`}>{name}</h2>
      <p>{about}</p>
    </header>
    <div class="phone">{children}</div>
  </section>
);

/** A link into one of the real pages. */
const Real = ({ href, children }: { readonly href: string; readonly children: ComponentChildren }) => (
  <a class="real" href={href} target="_blank" rel="noreferrer">
    {children}
    <span class="sr"> (opens in a new window)</span>
  </a>
);

function Sending({ told, next }: Props) {
  const isNext = next.act === 'carrier.send';
  return (
    <div class="presses">
      <Press told={told} act="carrier.send" of="front" kind="main" isNext={isNext}>
        Send a parcel to the front door
      </Press>
      {told.hasGarage && (
        <Press told={told} act="carrier.send" of="garage">
          Send a parcel to the garage
        </Press>
      )}
    </div>
  );
}

const acts = [
  ['courier.press', 'Take this delivery', 'main'],
  ['courier.arrive', 'I am here', 'main'],
  ['courier.open', 'Open', 'main'],
  ['courier.finish', 'Done, door closed', 'plain'],
  ['courier.abort', 'I cannot do this', 'plain'],
] as const;

export function CourierPhone({ told, next }: Props) {
  const { courier } = told;
  const screen = courierScreen(courier);
  const isFree = ['none', 'over', 'ended', 'elsewhere'].includes(courier.at);
  const isEarly = ['pressed', 'elsewhere'].includes(courier.at);
  return (
    <Phone who="courier" name="Courier" about="A link, no app, no code.">
      <div class={`screen ${screen.tone}`} data-at={courier.at}>
        {courier.at !== 'none' && <p class="over">Hermes · 1 parcel · {doorNames[courier.door]}</p>}
        <h3>{screen.title}</h3>
        <p>{screen.text}</p>
        {isEarly && courier.digits !== undefined && <p class="digits">{courier.digits.replace(/^(...)/, '$1 ')}</p>}
      </div>
      <div class="presses">
        {acts.map(([act, says, kind]) =>
          told.can.includes(act) ? (
            <Press key={act} told={told} act={act} kind={kind} isNext={next.act === act}>
              {says}
            </Press>
          ) : null,
        )}
        {told.can.includes('carrier.confirm') && (
          <Press told={told} act="carrier.confirm" kind="main" isNext={next.act === 'carrier.confirm'}>
            Dispatch: yes, those are our courier’s
          </Press>
        )}
      </div>
      {isFree && <Sending told={told} next={next} />}
      {courier.at === 'sent' && courier.link !== undefined && <Real href={courier.link}>Open it on the courier’s real page</Real>}
      <Said said={told.said.courier ?? told.said.carrier} />
    </Phone>
  );
}

export function OwnerPhone({ told, next }: Props) {
  const { owner } = told;
  const [wanted] = owner.waiting;
  return (
    <Phone who="owner" name="Owner" about="Says yes, watches, and can stop it.">
      <div class="screen">
        <ul class="doors">
          {owner.doors.map(({ name, at, sinceMs }) => (
            <li key={name} data-at={at}>
              <span>{doorNames[name]}</span>
              <strong>{doorWords[at]}</strong>
              {sinceMs !== undefined && <time>{clockTime(sinceMs)}</time>}
            </li>
          ))}
        </ul>
        {!owner.isOnline && told.at === 'up' && <p class="bad">The hub is not heard: nobody knows how the door is now.</p>}
      </div>
      {owner.alarms.map(({ seq, says, door, isCritical }) => (
        <div class={isCritical ? 'alarm critical' : 'alarm'} key={seq}>
          <h3>
            {isCritical ? 'Alarm' : 'Warning'}
            {door === undefined ? '' : ` · ${doorNames[door]}`}
          </h3>
          <p>{says}</p>
          <Press told={told} act="owner.clear" of={`${seq}`} isNext={next.act === 'owner.clear'}>
            I have looked
          </Press>
        </div>
      ))}
      {wanted !== undefined && !told.isPlaying && (
        <div class="asked">
          <h3>Hermes wants to bring 1 parcel</h3>
          <p>{doorNames[wanted.door]}, once, before the camera.</p>
          <Press told={told} act="owner.approve" of={wanted.id} kind="main" isNext={next.act === 'owner.approve'}>
            Yes, this once
          </Press>
        </div>
      )}
      {owner.visit !== undefined && (
        <div class="asked">
          <h3>{owner.visit.isAtDoor ? `Hermes is at the ${doorNames[owner.visit.door].toLowerCase()}` : 'Hermes may come now'}</h3>
          <Press told={told} act="owner.stop" kind="danger">
            Stop
          </Press>
        </div>
      )}
      <div class="presses">
        {told.hasCamera && (
          <Press told={told} act="owner.look">
            Look at the front door
          </Press>
        )}
        {owner.invitation === undefined ? (
          <Press told={told} act="owner.invite">
            Sign in a browser of your own
          </Press>
        ) : (
          <Real href={owner.invitation}>Open the owner’s real app</Real>
        )}
        {owner.mailbox !== undefined && <Real href={owner.mailbox}>The owner’s mail</Real>}
      </div>
      <Said said={told.said.owner} />
    </Phone>
  );
}
