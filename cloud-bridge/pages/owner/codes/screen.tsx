/** The codes, phones and devices that a lock keeps by itself: read from the lock when it is asked for, added and removed by signed orders. */
import { useState } from 'preact/hooks';
import type { FaultCode } from '../../../../wire/faults.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { useDoorName } from '../names.ts';
import { homeZone } from '../rules/people.ts';
import { ruleWords } from '../rules/words.ts';
import { sayClock } from '../times.ts';
import { useWords } from '../use-words.ts';
import { orderAtLock, type ReadLock } from '../who/read-lock.ts';
import { whoWords } from '../who/words.ts';
import { fill } from '../words.ts';
import { NewCode } from './new-code.tsx';
import { sayTimes } from './say-times.ts';
import { troubleOf } from './trouble.ts';
import { type LockInUse, useLock } from './use-lock.ts';
import { codeWords } from './words.ts';

export function Screen() {
  const says = useWords(codeWords);
  const ruled = useWords(ruleWords);
  const { known, route } = useApp();
  const nameOf = useDoorName();
  const { doors } = known;
  const [chosen, choose] = useState<string | undefined>(undefined);
  const asked = doors.find(({ id }) => id === (chosen ?? route.about));
  // only a bolt keeps codes of its own, so that one is offered first
  const door = (asked ?? doors.find(({ kind }) => kind === 'bolt') ?? doors[0])?.id;
  if (door === undefined) return <p class="quiet wait">{ruled.loading}</p>;
  return (
    <>
      <p class="quiet">{says.intro}</p>
      {doors.length > 1 && (
        <div class="form-field">
          <label for="lock-door">{ruled.door}</label>
          <select id="lock-door" value={door} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {doors.map(({ id }) => (
              <option key={id} value={id}>
                {nameOf(id)}
              </option>
            ))}
          </select>
        </div>
      )}
      <Lock key={door} door={door} />
    </>
  );
}

function Lock({ door }: { readonly door: string }) {
  const says = useWords(codeWords);
  const { code } = useApp();
  const using = useLock(door);
  const { lock, doing, trouble, done, read, change } = using;
  return (
    <>
      <button
        type="button"
        class={lock === undefined ? 'plain main' : 'plain'}
        data-read
        disabled={doing !== undefined}
        aria-busy={doing === 'reading'}
        onClick={() => void read()}
      >
        {lock === undefined ? says.read : says.again}
      </button>
      <p role="status" class={done === undefined ? 'quiet' : 'standing'} data-done={done === undefined ? undefined : ''}>
        {[done, doing && says[doing]].filter(Boolean).join(' ')}
      </p>
      {trouble !== undefined && <Why code={trouble} />}
      {lock !== undefined && (
        <>
          <p class="quiet">{fill(says.asOf, { time: sayClock(code, lock.atMs) })}</p>
          <Codes list={lock.list} door={door} using={using} />
          <Users list={lock.list} door={door} using={using} />
          {lock.list.hasKeypad && <NewCode door={door} isBusy={doing !== undefined} change={change} />}
        </>
      )}
    </>
  );
}

function Why({ code }: { readonly code: FaultCode }) {
  const says = useWords(codeWords);
  return (
    <p class="trouble" role="alert" data-code={code}>
      {fill(says[troubleOf(code)], { code })}
    </p>
  );
}

interface ListProps {
  readonly list: ReadLock;
  readonly door: string;
  readonly using: LockInUse;
}

function Codes({ list, door, using }: ListProps) {
  const says = useWords(codeWords);
  const named = useWords(whoWords);
  return (
    <section class="group" data-list="codes">
      <h2>{says.codes}</h2>
      {list.codes.length === 0 && <p class="quiet">{list.hasKeypad ? says.noCodes : says.noKeypad}</p>}
      {list.codes.length > 0 && <p class="quiet">{says.unmarked}</p>}
      <ul class="cards">
        {list.codes.map((one) => (
          <Entry
            key={one.id}
            one={one}
            called={fill(named.codeName, { name: one.name })}
            using={using}
            order={{ door, order: { do: 'codes.remove', id: one.id } }}
          />
        ))}
      </ul>
    </section>
  );
}

function Users({ list, door, using }: ListProps) {
  const says = useWords(codeWords);
  const named = useWords(whoWords);
  return (
    <section class="group" data-list="users">
      <h2>{says.users}</h2>
      {list.users.length === 0 && <p class="quiet">{says.noUsers}</p>}
      <ul class="cards">
        {list.users.map((one) => (
          <Entry
            key={one.id}
            one={one}
            called={fill(named.userName, {
              kind: one.kind === 'keypad' ? named.keypadUser : named[one.kind],
              name: one.name,
            })}
            using={using}
            order={one.isHub ? undefined : { door, order: { do: 'users.remove', id: one.id } }}
          />
        ))}
      </ul>
    </section>
  );
}

interface EntryProps {
  readonly one: Pick<ReadLock['codes'][number], 'id' | 'enabled' | 'times'>;
  readonly called: string;
  readonly using: LockInUse;
  /** How it is removed; undefined for the hub itself. */
  readonly order: { readonly door: string; readonly order: Parameters<typeof orderAtLock>[2] } | undefined;
}

function Entry({ one, called, using: { doing, change }, order }: EntryProps) {
  const says = useWords(codeWords);
  const frame = useWords(frameWords);
  const { code } = useApp();
  const nowS = Math.floor(Date.now() / 1000);
  const remove = ({ door, order: what }: NonNullable<EntryProps['order']>) =>
    change('removing', fill(says.removed, { name: called }), (place) => orderAtLock(place, door, what));
  return (
    <li class="card" data-entry={one.id}>
      <h3>{called}</h3>
      <p class="times">{one.enabled ? sayTimes(one.times, { code, zone: homeZone(), nowS, says }) : says.disabled}</p>
      {order === undefined ? (
        <p class="quiet">{says.isHub}</p>
      ) : (
        <HoldButton
          kind="small"
          says={fill(says.remove, { name: called })}
          hint={says.removeHint}
          again={frame.again}
          isBusy={doing !== undefined}
          onHeld={() => void remove(order)}
        />
      )}
    </li>
  );
}
