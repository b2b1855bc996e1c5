/** How the home stands: alarms first, then a visit that runs, then every door and how old that knowledge is. */
import { useState } from 'preact/hooks';
import { HoldButton } from '../../common/hold-button.tsx';
import { stopVisit } from '../video/orders.ts';
import { useApp, useNow } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import type { StandingAlarm } from '../home/known.ts';
import { clearAlarm } from '../home/orders.ts';
import { Icon } from '../icon.tsx';
import { later } from '../later.tsx';
import { useDoorName } from '../names.ts';
import { sayAge, sayMoment } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { alarmWord, type DoorNow, doorsNow, isCleared, type RunningVisit, runningVisits } from './story.ts';
import { nowWords } from './words.ts';

const LazyLive = later(async () => (await import('./live.tsx')).Live);

function Alarm({ alarm }: { readonly alarm: StandingAlarm }) {
  const { course, code } = useApp();
  const says = useWords(nowWords);
  const frame = useWords(frameWords);
  const nameOf = useDoorName();
  const now = useNow(30_000);
  const [state, tell] = useState<'' | 'busy' | 'signed' | 'failed'>('');
  const clear = async (): Promise<void> => {
    if (course.place === undefined || alarm.door === undefined) return tell('failed');
    tell('busy');
    const cleared = await clearAlarm(course.place, alarm.door, alarm.seq);
    tell(cleared.ok ? 'signed' : 'failed');
    course.refresh('hub', 'journal');
  };
  return (
    <section class="card alarm" data-alarm={alarm.code}>
      <div class="row">
        <h2>
          <Icon of="alarm" />
          {alarm.door === undefined ? says.alarm : nameOf(alarm.door)}
        </h2>
        <span class="quiet">{fill(says.since, { time: sayMoment(code, alarm.atMs, now) })}</span>
      </div>
      <p>{says[alarmWord(alarm.code)]}</p>
      {isCleared(alarm) && state !== 'signed' && (
        <HoldButton
          says={says.looked}
          hint={state === 'failed' ? says.failed : says.lookedNote}
          again={frame.again}
          isBusy={state === 'busy'}
          kind="small"
          onHeld={() => void clear()}
        />
      )}
      <p class="quiet" role="status">
        {state === 'signed' ? says.cleared : ''}
      </p>
    </section>
  );
}

/** R8. It says when the hub has the order, and until then that nothing is stopped. */
function Stop({ visit }: { readonly visit: string }) {
  const { course } = useApp();
  const says = useWords(nowWords);
  const frame = useWords(frameWords);
  const [state, tell] = useState<'' | 'busy' | 'stopped' | 'failed'>('');
  const stop = async (): Promise<void> => {
    const { place } = course;
    if (place === undefined) return tell('failed');
    tell('busy');
    const reply = await stopVisit(place.signer, place.api, place.home.pinned.home, visit);
    tell(reply.ok && !reply.value.pending ? 'stopped' : 'failed');
  };
  const hint = { '': says.stopHint, busy: says.stopping, stopped: says.stopped, failed: says.notStopped }[state];
  return <HoldButton says={says.stop} hint={hint} again={frame.again} isBusy={state === 'busy'} kind="stop" onHeld={() => void stop()} />;
}

function Visit({ visit }: { readonly visit: RunningVisit }) {
  const { known, code } = useApp();
  const says = useWords(nowWords);
  const nameOf = useDoorName();
  const now = useNow(1_000);
  const [isWatching, watch] = useState(false);
  const hasCamera = known.doors.some(({ id, camera }) => id === visit.door && camera);
  return (
    <section class="card visit" data-visit={visit.at}>
      <div class="row">
        <h2>{says[visit.at === 'open' ? 'openNow' : visit.at]}</h2>
        <span class="quiet">{sayAge(code, now - visit.sinceMs)}</span>
      </div>
      {visit.door !== undefined && <p class="quiet">{nameOf(visit.door)}</p>}
      {isWatching && visit.door !== undefined && <LazyLive door={visit.door} asks={false} />}
      {hasCamera && (
        <button type="button" class="plain" aria-expanded={isWatching} onClick={() => watch(!isWatching)}>
          {isWatching ? says.hide : says.watch}
        </button>
      )}
      <Stop visit={visit.visit} />
    </section>
  );
}

const pictures = { locked: 'lock', closed: 'door', open: 'door', unlocked: 'lock', unsecured: 'alarm', unavailable: 'question', unknown: 'question' } as const;

interface DoorProps {
  readonly door: DoorNow;
  /** Visits that are shown with a Stop of their own. */
  readonly stoppable: readonly RunningVisit[];
}

function Door({ door, stoppable }: DoorProps) {
  const { known, code } = useApp();
  const says = useWords(nowWords);
  const nameOf = useDoorName();
  const [isWatching, watch] = useState(false);
  /** Of the picture: who sees a visit can stop it, whatever the journal says or does not say yet. */
  const [visit, see] = useState<string | undefined>(undefined);
  const isOver = known.diary.entries.some((one) => one.visit === visit && one.kind === 'visit.ended');
  const isUntold = visit !== undefined && !isOver && !stoppable.some((one) => one.visit === visit);
  const age = door.ageMs === undefined ? undefined : sayAge(code, door.ageMs);
  const standing = age === undefined ? says.never : fill(door.isOld ? says.last : says.reported, { age });
  return (
    <section class="card door" data-door={door.is} data-old={door.isOld ? '' : undefined}>
      <div class="row">
        <div class="what">
          <Icon of={pictures[door.is]} />
          <div>
            <h2>{nameOf(door.door)}</h2>
            <p class="state">{says[door.is]}</p>
            <p class="quiet">{standing}</p>
            {door.isBatteryLow && <p class="warn">{says.battery}</p>}
          </div>
        </div>
        {door.hasCamera && (
          <button type="button" class="plain small" aria-expanded={isWatching} onClick={() => watch(!isWatching)}>
            {isWatching ? says.hide : says.watchDoor}
          </button>
        )}
      </div>
      {isWatching && <LazyLive door={door.door} asks={true} onVisit={see} />}
      {isWatching && isUntold && <Stop visit={visit} />}
    </section>
  );
}

export function Screen() {
  const { known } = useApp();
  const says = useWords(nowWords);
  const now = useNow(1_000);
  const doors = doorsNow(known, now);
  const visits = runningVisits(known.diary.entries, now);
  const isCalm = doors.length > 0 && doors.every(({ is, isOld }) => is === 'locked' && !isOld);
  return (
    <>
      {known.line === 'open' && !known.hubOnline && (
        <p class="line" role="status">
          <Icon of="alarm" />
          <span>{says.hubAway}</span>
        </p>
      )}
      {known.diary.alarms.map((alarm) => (
        <Alarm key={alarm.seq} alarm={alarm} />
      ))}
      {visits.map((visit) => (
        <Visit key={visit.visit} visit={visit} />
      ))}
      {isCalm && visits.length === 0 && known.diary.alarms.length === 0 && <p class="calm">{says.allGood}</p>}
      {doors.map((door) => (
        <Door key={door.door} door={door} stoppable={visits} />
      ))}
      {doors.length === 0 && <p class="quiet wait">{says.noDoors}</p>}
    </>
  );
}
