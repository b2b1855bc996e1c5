/** Cases for support: opened for one delivery, with everyone who looked, and ended when their owner says so. */
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import { CaseReason, OwnerCase } from '../../../../wire/support.ts';
import { useApp } from '../app.ts';
import { sayFull } from '../times.ts';
import { useWords } from '../use-words.ts';
import { Case } from './case.tsx';
import { readCases } from './client.ts';
import { sayReason } from './reason.ts';
import { words } from './words.ts';

const over: ReadonlySet<string> = new Set(['delivered', 'failed', 'cancelled']);

export function Screen() {
  const says = useWords(words);
  const { course, known, code, route } = useApp();
  const { place } = course;
  const [cases, setCases] = useState<readonly OwnerCase[]>();
  const [delivery, setDelivery] = useState(route.about ?? '');
  const [reason, setReason] = useState<CaseReason>('missing');
  const [said, say] = useState<string>();

  const read = async (): Promise<void> => {
    const listed = place && (await readCases(place));
    if (listed?.ok) setCases(listed.value);
  };
  useEffect(() => void read(), [place, known.heardMs === undefined]);
  if (place === undefined || cases === undefined) return <p class="quiet wait">…</p>;

  const ended = known.deliveries.filter(({ state }) => over.has(state));
  const chosen = ended.some((one) => one.delivery === delivery) ? delivery : ended[0]?.delivery;
  const open = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = { delivery: chosen, reason };
    const opened = await place.api.call({ method: 'POST', path: `${place.path}/cases`, body }, OwnerCase);
    say(opened.ok ? undefined : says.failed);
    await read();
  };
  return (
    <>
      {cases.length === 0 && <p class="quiet">{says.none}</p>}
      {cases.map((one) => (
        <Case key={one.case} one={one} place={place} changed={() => void read()} />
      ))}
      {ended.length > 0 && (
        <form class="card" onSubmit={(event) => void open(event)}>
          <p class="quiet">{says.about}</p>
          <label for="case-delivery">{says.delivery}</label>
          <select id="case-delivery" value={chosen} onChange={({ currentTarget }) => setDelivery(currentTarget.value)}>
            {ended.map((one) => (
              <option key={one.delivery} value={one.delivery}>
                {sayFull(code, one.from * 1000)}
              </option>
            ))}
          </select>
          <label for="case-reason">{says.reason}</label>
          <select
            id="case-reason"
            value={reason}
            onChange={({ currentTarget }) => setReason(v.parse(CaseReason, currentTarget.value))}
          >
            {CaseReason.options.map((one) => (
              <option key={one} value={one}>
                {sayReason(says, one)}
              </option>
            ))}
          </select>
          <button type="submit" class="plain">
            {says.open}
          </button>
        </form>
      )}
      <p role="status">{said}</p>
    </>
  );
}
