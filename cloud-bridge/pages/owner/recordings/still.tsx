/** One still picture of a recording for one member of support, under the open case of its delivery, until a time. */
import { useEffect, useState } from 'preact/hooks';
import { maxShareMs, type OwnerCase } from '../../../../wire/support.ts';
import { useApp } from '../app.ts';
import { readCases, sendPicture } from '../cases/client.ts';
import { sealPicture } from '../cases/share.ts';
import { words as caseWords } from '../cases/words.ts';
import type { Place } from '../home/course.ts';
import { go } from '../route.ts';
import { sayFull } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { recordingWords } from './words.ts';

interface StillProps {
  readonly place: Place;
  readonly delivery: string;
  /** JPEG, exactly as it stood on the canvas. */
  readonly picture: Blob;
  readonly done: (said: string) => void;
}

type Member = OwnerCase['staff'][number];
const hourMs = 3_600_000;
/** How long a picture may be shared, ms. */
const spans = [hourMs, 24 * hourMs, maxShareMs] as const;

const saySpan = (code: string, ms: number): string => {
  const [unit, n] = ms < 24 * hourMs ? (['hour', ms / hourMs] as const) : (['day', ms / (24 * hourMs)] as const);
  return new Intl.NumberFormat(code, { style: 'unit', unit, unitDisplay: 'long' }).format(n);
};

export function Still({ place, delivery, picture, done }: StillProps) {
  const { code } = useApp();
  const says = useWords(recordingWords);
  const { callers } = useWords(caseWords);
  const [cases, tell] = useState<readonly OwnerCase[] | { readonly code: string } | undefined>(undefined);
  const [forMs, choose] = useState<number>(spans[1]);
  const [url, show] = useState('');
  const [isBusy, busy] = useState(false);

  useEffect(() => {
    const made = URL.createObjectURL(picture);
    show(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  useEffect(() => {
    let isMine = true;
    void readCases(place).then((read) => isMine && tell(read.ok ? read.value : { code: read.code }));
    return () => {
      isMine = false;
    };
  }, [delivery]);

  const share = async (of: OwnerCase, { staff, seal, name }: Member): Promise<void> => {
    busy(true);
    const sealed = seal === null ? undefined : await sealPicture(picture, seal);
    if (sealed === undefined) return done(fill(says.stillFailed, { code: 'MESSAGE_MALFORMED' }));
    const shared = await sendPicture(place, of.case, { staff, sealed, forMs });
    if (!shared.ok) return done(fill(says.stillFailed, { code: shared.code }));
    done(fill(says.stillShared, { name, time: sayFull(code, shared.value.until) }));
  };

  if (cases === undefined) return <p class="quiet wait">…</p>;
  if ('code' in cases) return <p role="alert">{fill(says.stillFailed, { code: cases.code })}</p>;
  const mine = cases.find((one) => one.delivery === delivery);
  const staff = mine?.staff.filter(({ seal }) => seal !== null) ?? [];
  return (
    <section class="still" aria-label={says.still}>
      <img src={url} alt={says.still} />
      <p class="quiet">{says.stillText}</p>
      {staff.length > 0 && (
        <label class="row">
          <span>{says.howLong}</span>
          <select value={forMs} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
            {spans.map((ms) => (
              <option key={ms} value={ms}>
                {saySpan(code, ms)}
              </option>
            ))}
          </select>
        </label>
      )}
      {mine !== undefined &&
        staff.map((to) => (
          <div key={to.staff} class="still-to">
            {to.check !== null && <p class="quiet">{fill(callers, { name: to.name, digits: to.check })}</p>}
            <button type="button" class="plain main" disabled={isBusy} onClick={() => void share(mine, to)}>
              {fill(says.shareNow, { name: to.name })}
            </button>
          </div>
        ))}
      {staff.length === 0 && <p>{mine === undefined ? says.noCase : says.nobody}</p>}
      <div class="acts">
        {mine === undefined && (
          <button type="button" class="plain small" onClick={() => go('cases', delivery)}>
            {says.toCases}
          </button>
        )}
        <button type="button" class="plain small" onClick={() => done('')}>
          {says.cancel}
        </button>
      </div>
    </section>
  );
}
