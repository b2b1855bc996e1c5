/** What happened at the doors, newest first: visits with their recordings and receipts, and the household's own entries. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AlarmCode } from '../../../../wire/alarms.ts';
import { useApp } from '../app.ts';
import type { DiaryEntry } from '../home/known.ts';
import { Icon } from '../icon.tsx';
import { useDoorName } from '../names.ts';
import { alarmWord } from '../now/story.ts';
import { nowWords } from '../now/words.ts';
import { keepFile } from '../keep-file.ts';
import { later } from '../later.tsx';
import { isService } from '../today/say-state.ts';
import { sayClock, sayDay, sayTime } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { kindIn } from './kind-words.ts';
import { daysOf, type EntryStory, isBad, type VisitStory } from './story.ts';
import { diaryWords } from './words.ts';

/** What an entry says. */
function Said({ entry }: { readonly entry: DiaryEntry }) {
  const { code } = useApp();
  const alarms = useWords(nowWords);
  const alarm = entry.body.code;
  const isAlarm = entry.kind.startsWith('alarm.') && entry.kind !== 'alarm.cleared' && entry.body.over !== true;
  if (isAlarm && typeof alarm === 'string') return <>{alarms[alarmWord(alarm as AlarmCode)]}</>;
  return <>{kindIn(code, entry.body.over === true ? 'alarm.cleared' : entry.kind)}</>;
}

const LazyClip = later(async () => (await import('../recordings/clip.tsx')).Clip);
const LazyPhotos = later(async () => (await import('../deliveries/photo.tsx')).Photos);

/** What shows that it came. */
function PhotosOf({ delivery, isInside }: { readonly delivery: string; readonly isInside: boolean }) {
  const { deliveries } = useApp().known;
  const count = deliveries.find((one) => one.delivery === delivery)?.photos ?? 0;
  return count === 0 ? null : <LazyPhotos delivery={delivery} news={deliveries} isInside={isInside} />;
}

type Says = (typeof diaryWords)['en'];
/** @param isBringing  a courier; guests and a company's staff bring nothing */
function sayOutcome(says: Says, outcome: string | undefined, isBringing: boolean): string {
  if (outcome === undefined) return says.going;
  if (outcome === 'completed' && !isBringing) return says.visited;
  return outcome in says ? says[outcome as keyof Says] : outcome;
}

function Visit({ story }: { readonly story: VisitStory }) {
  const { known, code, route } = useApp();
  const says = useWords(diaryWords);
  const nameOf = useDoorName();
  const { outcome, proof, receipt, tookMs, steps, visit, door, delivery } = story;
  const isAsked = delivery !== undefined && delivery === route.about;
  const [isWatching, watch] = useState(isAsked);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isAsked) card.current?.scrollIntoView({ block: 'start' });
  }, [isAsked]);
  const whose = known.deliveries.find((one) => one.delivery === delivery);
  const isBringing = delivery !== undefined && (whose === undefined || !isService(whose));
  const proofSays = proof !== undefined && proof in says ? says[proof as keyof typeof says] : proof;
  const isFilmed = steps.some(({ kind }) => kind.startsWith('camera.'));
  const tone = proof === 'unsecured' || outcome === 'lock-failed' ? 'bad' : outcome === 'completed' ? 'good' : 'calm';
  return (
    <article ref={card} class="card story" data-outcome={outcome ?? 'going'} data-tone={tone}>
      <div class="row">
        <h3>{whose === undefined ? says.visit : (known.carriers[whose.carrier] ?? whose.carrier)}</h3>
        <time class="quiet">{sayTime(code, story.atMs)}</time>
      </div>
      <p>
        <strong>{sayOutcome(says, outcome, isBringing)}</strong>
        {proofSays !== undefined && ` · ${proofSays}`}
      </p>
      <p class="quiet">
        {door !== undefined && nameOf(door)}
        {tookMs !== undefined && ` · ${fill(says.took, { n: Math.max(1, Math.round(tookMs / 60_000)) })}`}
      </p>
      {delivery !== undefined && <PhotosOf delivery={delivery} isInside />}
      {isWatching && <LazyClip visit={visit} delivery={delivery} deletedMs={story.recordingDeletedMs} />}
      {(isFilmed || receipt !== undefined) && (
        <div class="acts">
          {isFilmed && (
            <button type="button" class="plain small" aria-expanded={isWatching} onClick={() => watch(!isWatching)}>
              {isWatching ? says.hideClip : says.clip}
            </button>
          )}
          {receipt !== undefined && (
            <button type="button" class="plain small" onClick={() => keepFile(`doorward-receipt-${visit.slice(0, 8)}.jwt`, 'application/jose', [`${receipt}\n`])}>
              {says.receipt}
            </button>
          )}
        </div>
      )}
      <details>
        <summary>{says.steps}</summary>
        <ol class="steps">
          {steps.map((entry) => (
            <li key={entry.seq} data-bad={isBad(entry) ? '' : undefined}>
              <time>{sayClock(code, entry.at)}</time>
              <span>
                <Said entry={entry} />
              </span>
            </li>
          ))}
        </ol>
      </details>
    </article>
  );
}

function Entry({ entry, delivery }: EntryStory) {
  const { code } = useApp();
  const says = useWords(diaryWords);
  const nameOf = useDoorName();
  const line = (
    <p class="entry" data-bad={isBad(entry) ? '' : undefined} data-seal={entry.seal}>
      <time>{entry.seal === 'shut' ? '' : sayTime(code, entry.at)}</time>
      <span>
        <Said entry={entry} />
        {entry.door !== undefined && ` · ${nameOf(entry.door)}`}
        {entry.seal === 'shut' && <small class="quiet">{says.shut}</small>}
      </span>
      {entry.seal === 'opened' && <Icon of="lock" />}
    </p>
  );
  if (delivery === undefined) return line;
  return (
    <>
      {line}
      <PhotosOf delivery={delivery} isInside={false} />
    </>
  );
}

export function Screen() {
  const { known, course, code, route } = useApp();
  const says = useWords(diaryWords);
  const { entries, breaks, seen, isWhole } = known.diary;
  const days = useMemo(() => daysOf(entries), [entries]);
  const [isBusy, busy] = useState(false);
  const older = async (): Promise<void> => {
    busy(true);
    await course.older();
    busy(false);
  };
  /** Another screen leads to one delivery: what is older is read until it is there. */
  const isSought = route.about !== undefined && !entries.some(({ body }) => body.delivery === route.about);
  useEffect(() => {
    if (isSought && !isWhole && entries.length > 0 && known.line === 'open') void older();
  }, [isSought, isWhole, entries.length, known.line]);
  const isSigned = seen !== undefined && seen.seq >= (entries.at(-1)?.seq ?? 0);
  return (
    <>
      {breaks.length > 0 ? (
        <section class="card alarm" role="alert" data-broken={breaks.map((one) => one.code).join(' ')}>
          <h2>
            <Icon of="alarm" />
            {says.broken}
          </h2>
          <p>{fill(says.brokenText, { code: [...new Set(breaks.map((one) => one.code))].join(', ') })}</p>
        </section>
      ) : (
        entries.length > 0 && (
          <p class="signed quiet" data-signed={isSigned ? '' : undefined}>
            <Icon of="shield" />
            {isSigned ? says.signed : says.unsigned}
          </p>
        )
      )}
      {days.length === 0 && <p class="quiet wait">{says.nothing}</p>}
      {days.map(({ startMs, stories }) => (
        <section class="day" key={startMs}>
          <h2 class="part">{sayDay(code, startMs)}</h2>
          {stories.map((story) =>
            story.is === 'visit' ? <Visit key={story.visit} story={story} /> : <Entry key={story.seq} {...story} />,
          )}
        </section>
      ))}
      {entries.length > 0 &&
        (isWhole ? (
          <p class="quiet wait">{says.whole}</p>
        ) : (
          <button type="button" class="plain" disabled={isBusy || known.line !== 'open'} onClick={() => void older()}>
            {says.older}
          </button>
        ))}
    </>
  );
}
