/** What waits for the owner's yes, and who is expected. */
import { useEffect, useState } from 'preact/hooks';
import type { RuleBookClaims } from '../../../../wire/rule-book.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp, useNow } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import type { Delivery } from '../home/known.ts';
import { approve, revoke } from '../home/orders.ts';
import { readRuleBook } from '../home/rule-book.ts';
import { Icon } from '../icon.tsx';
import { useDoorName } from '../names.ts';
import { namesOf } from '../rules/people.ts';
import { go } from '../route.ts';
import { saySpan } from '../times.ts';
import { useWords } from '../use-words.ts';
import { count, fill } from '../words.ts';
import { type Asked, readAsked } from './asked.ts';
import type { Coming } from './coming.ts';
import { isService, sayState } from './say-state.ts';
import { expectedOf } from './story.ts';
import { todayWords } from './words.ts';

/** The rules in force; undefined until they are read. */
function useRuleBook(): RuleBookClaims | undefined {
  const { course, known } = useApp();
  const [book, tell] = useState<RuleBookClaims | undefined>(undefined);
  const { place } = course;
  useEffect(() => {
    if (place === undefined) return;
    void readRuleBook(place).then((read) => read.ok && tell(read.value));
  }, [place?.path, known.waiting.length]);
  return book;
}

/** Who may come by a recurring rule; nobody until that is worked out. */
function useComing(book: RuleBookClaims | undefined, nowMs: number): readonly Coming[] {
  const [coming, tell] = useState<readonly Coming[]>([]);
  useEffect(() => {
    if (book === undefined) return;
    import('./coming.ts').then(
      ({ comingToday }) => tell(comingToday(book, nowMs)),
      () => undefined,
    );
  }, [book, nowMs]);
  return coming;
}

type Answer = { readonly at: 'open' | 'busy' | 'allowed' | 'allowedLater' | 'refused' } | { readonly at: 'failed'; readonly code: string };

interface ApprovalProps {
  readonly asked: Asked;
  readonly book: RuleBookClaims | undefined;
  readonly answer: Answer;
  readonly tell: (answer: Answer) => void;
}

/** One grant that waits: who, where, when, filmed or not; and the deliberate yes. */
function Approval({ asked, book, answer, tell }: ApprovalProps) {
  const { course, known, code } = useApp();
  const says = useWords(todayWords);
  const frame = useWords(frameWords);
  const nameOf = useDoorName();
  const { claims } = asked;
  const delivery = known.deliveries.find((one) => one.delivery === claims.delivery);
  const isWork = claims.purpose === 'service';
  const rule = book?.rules.find(({ id }) => id === claims.rule);
  const who = delivery === undefined ? (rule?.party.id ?? claims.sub) : (known.carriers[delivery.carrier] ?? delivery.carrier);
  const sign = async (what: 'allow' | 'refuse'): Promise<void> => {
    const { place } = course;
    if (place === undefined) return tell({ at: 'failed', code: 'CLOUD_SILENT' });
    tell({ at: 'busy' });
    const reply =
      what === 'allow'
        ? await approve(place, asked, known.diary.seen)
        : await revoke(place, { kind: 'grant', id: claims.jti });
    if (!reply.ok) tell({ at: 'failed', code: reply.code });
    else tell({ at: what === 'refuse' ? 'refused' : reply.value.pending ? 'allowedLater' : 'allowed' });
    course.refresh('waiting', 'deliveries');
  };
  const isBusy = answer.at === 'busy';
  const isOver = answer.at === 'allowed' || answer.at === 'allowedLater' || answer.at === 'refused';
  return (
    <section class="card asks" data-grant={claims.delivery} data-answer={answer.at}>
      <h2>{fill(says.asksWho, { who })}</h2>
      <p>
        {delivery !== undefined && `${isWork ? says.work : count(code, says.parcels, delivery.parcels)} · `}
        {nameOf(claims.door)}
      </p>
      <p class="when">{saySpan(code, claims.nbf, claims.exp, Date.now())}</p>
      {rule !== undefined && (
        <p class="quiet filmed">
          <Icon of="camera" />
          {says[rule.camera]}
        </p>
      )}
      <p role="status">
        {isOver ? says[answer.at] : answer.at === 'failed' ? fill(says.failed, { code: answer.code }) : ''}
      </p>
      {!isOver && (
        <>
          <HoldButton says={says.allow} hint={isWork ? says.allowWork : says.allowHint} again={frame.again} isBusy={isBusy} onHeld={() => void sign('allow')} />
          <HoldButton says={says.refuse} hint="" again={frame.again} isBusy={isBusy} kind="small" onHeld={() => void sign('refuse')} />
        </>
      )}
    </section>
  );
}

function Row({ delivery, nowMs }: { readonly delivery: Delivery; readonly nowMs: number }) {
  const { known, code } = useApp();
  const says = useWords(todayWords);
  const nameOf = useDoorName();
  const { state, carrier, parcels, from, until, door } = delivery;
  return (
    <li class="card item" data-delivery={state}>
      <div class="row">
        <h3>
          <a
            href="#/delivery"
            onClick={(event) => {
              event.preventDefault();
              go('delivery', delivery.delivery);
            }}
          >
            {known.carriers[carrier] ?? carrier}
          </a>
        </h3>
        <span class="tag">{sayState(says, delivery)}</span>
      </div>
      <p class="quiet">
        {saySpan(code, from, until, nowMs)} · {nameOf(door)} ·{' '}
        <span class="whole">{isService(delivery) ? says.work : count(code, says.parcels, parcels)}</span>
      </p>
    </li>
  );
}

export function Screen() {
  const { known, code } = useApp();
  const says = useWords(todayWords);
  const nameOf = useDoorName();
  const names = namesOf(known, code);
  const now = useNow(30_000);
  const book = useRuleBook();
  /** What was answered here stays until somebody has read it. */
  const [answers, tell] = useState<Readonly<Record<string, { readonly asked: Asked; readonly answer: Answer }>>>({});
  const waiting = known.waiting.flatMap((one) => readAsked(one) ?? []);
  const answered = Object.values(answers).filter(({ asked }) => !waiting.some((one) => one.grant === asked.grant));
  const asks = [...answered.map(({ asked }) => asked), ...waiting];
  const { today, later, done } = expectedOf(known.deliveries, now);
  const coming = useComing(book, now);
  const isEmpty = today.length + coming.length === 0;
  return (
    <>
      {asks.map((asked) => (
        <Approval
          key={asked.claims.jti}
          asked={asked}
          book={book}
          answer={answers[asked.claims.jti]?.answer ?? { at: 'open' }}
          tell={(answer) => tell((all) => ({ ...all, [asked.claims.jti]: { asked, answer } }))}
        />
      ))}
      <h2 class="part">{says.today}</h2>
      {isEmpty && <p class="quiet">{says.nothing}</p>}
      <ul class="list">
        {coming.map((one) => (
          <li key={`${one.rule}${one.from}`} class="card item">
            <div class="row">
              <h3>{names.party(one.party)}</h3>
              <span class="tag">{says.guest}</span>
            </div>
            <p class="quiet">
              {saySpan(code, one.from, one.until, now)} · {nameOf(one.door)}
            </p>
          </li>
        ))}
        {today.map((one) => (
          <Row key={one.delivery} delivery={one} nowMs={now} />
        ))}
      </ul>
      {([['later', later], ['done', done]] as const).map(
        ([name, rows]) =>
          rows.length > 0 && (
            <>
              <h2 class="part">{says[name]}</h2>
              <ul class="list">
                {rows.map((one) => (
                  <Row key={one.delivery} delivery={one} nowMs={now} />
                ))}
              </ul>
            </>
          ),
      )}
    </>
  );
}
