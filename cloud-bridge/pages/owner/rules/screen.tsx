/** All rules in plain sentences: what is in force, until when, and how each is stopped. */
import { useState } from 'preact/hooks';
import type { Rule } from '../../../../wire/rule-book.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { Icon } from '../icon.tsx';
import type { Taken } from '../home/orders.ts';
import { go } from '../route.ts';
import { sayMoment } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { Certainty } from './certainty.tsx';
import { toDraft } from './draft.ts';
import { end, livingRules } from './change.ts';
import { endInDiary } from './hub-word.ts';
import { homeZone, namesOf } from './people.ts';
import { sayRule } from './sentence.ts';
import { type HeldBook, newestOf, type Standing } from './held.ts';
import { useStanding } from './use-standing.ts';
import { ruleWords } from './words.ts';

/** Rules that were stopped while this screen is open: what became of it stays to be read. */
interface Stopped {
  readonly rule: Rule;
  readonly taken: Taken;
}

export function Screen() {
  const says = useWords(ruleWords);
  const frame = useWords(frameWords);
  const { known, code } = useApp();
  const { standing, trouble, isBusy, act } = useStanding();
  const [stopped, keep] = useState<readonly Stopped[]>([]);
  const nowS = Math.floor(Date.now() / 1000);
  const scene = { code, names: namesOf(known, code), zone: homeZone(), nowS };

  const stop = async (rule: Rule): Promise<void> => {
    const taken = await act((place, diary) => end(place, diary, { kind: 'rule', id: rule.id }));
    if (taken !== undefined) keep((before) => [...before, { rule, taken }]);
  };
  if (standing === undefined) return <p class="quiet wait">{says.loading}</p>;
  const rows = rowsOf(standing, nowS).filter(({ rule }) => !stopped.some((one) => one.rule.id === rule.id));
  return (
    <>
      <button type="button" class="plain main" onClick={() => go('rule')}>
        {says.make}
      </button>
      {trouble !== undefined && (
        <p class="trouble" role="alert">
          {fill(says.refused, { code: trouble })}
        </p>
      )}
      {rows.length + stopped.length === 0 && <p class="quiet wait">{says.none}</p>}
      <ul class="cards">
        {stopped.map(({ rule, taken }) => (
          <li class="card is-over" key={rule.id}>
            <p class="sentence">
              <s>{sayRule(rule, scene)}</s>
            </p>
            <Certainty
              word={endInDiary(known.diary, { kind: 'rule', id: rule.id }) ?? (taken.pending ? undefined : { is: 'said' })}
              lastS={taken.certainBy}
            />
          </li>
        ))}
        {rows.map(({ rule, is }) => (
          <li class="card" key={rule.id} data-rule={rule.id} data-is={is}>
            <p class="sentence">{sayRule(rule, scene)}</p>
            {is !== 'in-force' && <p class="standing">{is === 'waiting' ? says.waiting : says.ending}</p>}
            <div class="buttons">
              {toDraft(rule, scene.zone) !== undefined && (
                <button type="button" class="plain small" onClick={() => go('rule', rule.id)}>
                  {says.change}
                </button>
              )}
              <HoldButton
                kind="small"
                says={says.stop}
                hint={frame.hold}
                again={frame.again}
                isBusy={isBusy}
                onHeld={() => void stop(rule)}
              />
            </div>
          </li>
        ))}
      </ul>
      <Lease book={newestOf(standing)} />
    </>
  );
}

/** Until when all of it holds without this app. */
function Lease({ book }: { readonly book: HeldBook | undefined }) {
  const says = useWords(ruleWords);
  const { code } = useApp();
  if (book === undefined) return null;
  const { exp } = book.claims;
  const time = sayMoment(code, exp * 1000, Date.now());
  const isOver = exp * 1000 <= Date.now();
  return (
    <p class={isOver ? 'line' : 'quiet lease'}>
      <Icon of="shield" />
      <span>{fill(isOver ? says.leaseOver : says.lease, { time })}</span>
    </p>
  );
}

interface Row {
  readonly rule: Rule;
  readonly is: 'in-force' | 'waiting' | 'ending';
}

const isSame = (a: Rule) => (b: Rule) => JSON.stringify(a) === JSON.stringify(b);

/** Rules of the newest book, and those that the hub still goes by although the newest book has them no more. */
function rowsOf(standing: Standing, nowS: number): readonly Row[] {
  const { book, next, endings } = standing;
  const mine = book?.claims.rules ?? [];
  const coming = (next ?? book)?.claims.rules ?? [];
  const living = new Set(livingRules({ rules: [...coming, ...mine], endings }, nowS));
  const rows: Row[] = coming
    .filter((rule) => living.has(rule))
    .map((rule) => ({ rule, is: mine.some(isSame(rule)) ? 'in-force' : 'waiting' }));
  const leaving = mine.filter((rule) => rule.until > nowS && !rows.some((one) => isSame(rule)(one.rule)));
  return [
    ...rows,
    ...leaving
      .filter((rule) => endWord(standing, rule.id)?.is !== 'signed')
      .map((rule): Row => ({ rule, is: 'ending' })),
  ];
}

const endWord = ({ endings }: Standing, id: string) =>
  endings.find(({ ends }) => ends.kind === 'rule' && ends.id === id)?.word;
