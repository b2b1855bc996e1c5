/** Something is wrong: one tap says what. The carrier is told what to do, recordings are kept, and people can be asked. */
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import { Dispute, type Disputed, DisputeList, disputed } from '../../../../wire/dispute.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import type { Delivery } from '../home/known.ts';
import { keepVisits, letVisitsGo } from '../home/orders.ts';
import { go } from '../route.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { disputeWords } from './dispute-words.ts';

interface Props {
  readonly place: Place;
  readonly delivery: Delivery;
}

export function DisputeCard({ place, delivery: { delivery, state } }: Props) {
  const says = useWords(disputeWords);
  const { known } = useApp();
  const [list, tell] = useState<DisputeList>();
  const [isBusy, setBusy] = useState(false);
  const [note, say] = useState('');
  const path = `${place.path}/deliveries/${delivery}/disputes`;
  const read = async (): Promise<DisputeList | undefined> => {
    const reply = await place.api.call({ method: 'GET', path }, DisputeList);
    if (reply.ok) tell(reply.value);
    return reply.ok ? reply.value : undefined;
  };
  useEffect(() => void read(), [path, known.deliveries]);
  if (list === undefined) return null;

  const open = list.disputes.find(({ withdrawnAt, settledAt }) => withdrawnAt === undefined && settledAt === undefined);
  const choices = state === 'delivered' ? disputed : (['lost'] as const);
  const dispute = async (what: Disputed): Promise<void> => {
    setBusy(true);
    const said = await place.api.call({ method: 'POST', path, body: { what } }, Dispute);
    const visits = (await read())?.visits ?? list.visits;
    // Nothing is signed where nobody came through a door.
    const kept = said.ok && visits.length > 0 ? await keepVisits(place, visits) : undefined;
    if (!said.ok) say(fill(says.failed, { code: said.code }));
    else if (kept === undefined) say('');
    else say(kept.ok ? says.kept : fill(says.keptNot, { code: kept.code }));
    setBusy(false);
  };
  const end = async (how: 'withdraw' | 'settle'): Promise<void> => {
    setBusy(true);
    const done = await place.api.call({ method: 'POST', path: `${path}/${how}`, body: {} }, v.unknown());
    if (done.ok && list.visits.length > 0) await letVisitsGo(place, list.visits);
    const told = how === 'settle' ? says.settled : says.withdrawn;
    say(done.ok ? told : fill(says.failed, { code: done.code }));
    await read();
    setBusy(false);
  };
  return (
    <section class="card" data-dispute={open?.what ?? ''}>
      <h2>{open === undefined ? says.title : fill(says.opened, { what: says.buttons[open.what] })}</h2>
      {open === undefined ? (
        <>
          <p class="quiet">{says.open}</p>
          <div class="buttons">
            {choices.map((what) => (
              <button
                key={what}
                type="button"
                class="plain"
                data-what={what}
                disabled={isBusy}
                onClick={() => void dispute(what)}
              >
                {says.buttons[what]}
              </button>
            ))}
          </div>
        </>
      ) : (
        <>
          <p data-next={open.next}>{says.next[open.what]}</p>
          {open.answer !== undefined && (
            <>
              <h3>{says.answers}</h3>
              <blockquote data-answer>{open.answer.text}</blockquote>
              <button type="button" class="plain small" data-settle disabled={isBusy} onClick={() => void end('settle')}>
                {says.settle}
              </button>
            </>
          )}
          {open.case !== undefined && (
            <button type="button" class="plain small" onClick={() => go('cases', delivery)}>
              {says.toCase}
            </button>
          )}
          <button type="button" class="plain small" data-withdraw disabled={isBusy} onClick={() => void end('withdraw')}>
            {says.withdraw}
          </button>
        </>
      )}
      <p role="status">{note}</p>
    </section>
  );
}
