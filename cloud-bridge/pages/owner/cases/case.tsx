/** One case: who looked, the digits that tell a caller from an impostor, and one picture at a time. */
import { useState } from 'preact/hooks';
import * as v from 'valibot';
import type { OwnerCase } from '../../../../wire/support.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { sayFull } from '../times.ts';
import { useWords } from '../use-words.ts';
import { go } from '../route.ts';
import { fill } from '../words.ts';
import { sendPicture } from './client.ts';
import { sayReason } from './reason.ts';
import { sealPicture } from './share.ts';
import { words } from './words.ts';

const shareForMs = 86_400_000;

interface CaseProps {
  readonly one: OwnerCase;
  readonly place: Place;
  readonly changed: () => void;
}

export function Case({ one, place, changed }: CaseProps) {
  const says = useWords(words);
  const { code } = useApp();
  const [said, say] = useState<string>();
  const path = `${place.path}/cases/${one.case}`;

  const send = async (end: string): Promise<void> => {
    const done = await place.api.call({ method: 'POST', path: `${path}${end}`, body: {} }, v.unknown());
    say(done.ok ? undefined : says.failed);
    changed();
  };
  const share = async (to: OwnerCase['staff'][number], input: HTMLInputElement): Promise<void> => {
    const [file] = input.files ?? [];
    if (file === undefined || to.seal === null) return;
    const sealed = await sealPicture(file, to.seal);
    input.value = '';
    if (sealed === undefined) return say(says.notShared);
    const shared = await sendPicture(place, one.case, { staff: to.staff, sealed, forMs: shareForMs });
    say(shared.ok ? says.shared : says.notShared);
    changed();
  };

  return (
    <section class="card" aria-labelledby={`case-${one.case}`}>
      <h2 id={`case-${one.case}`}>{sayReason(says, one.reason)}</h2>
      <p class="quiet">{sayFull(code, one.openedAt)}</p>
      <h3>{says.looks}</h3>
      {one.looks.length === 0 && <p class="quiet">{says.noLooks}</p>}
      <ul>
        {one.looks.map((look) => (
          <li key={`${look.staff} ${look.at} ${look.what}`}>
            {`${sayFull(code, look.at)} · ${look.name} · ${look.what === 'picture' ? says.picture : says.history}`}
          </li>
        ))}
      </ul>
      {one.staff.map((to) => (
        <div key={to.staff}>
          {to.check !== null && <p>{fill(says.callers, { name: to.name, digits: to.check })}</p>}
          {to.seal !== null && (
            <label class="share">
              <span>{fill(says.shareWith, { name: to.name })}</span>
              <input
                type="file"
                accept="image/*"
                aria-label={`${says.share}: ${to.name}`}
                onChange={({ currentTarget }) => void share(to, currentTarget)}
              />
            </label>
          )}
        </div>
      ))}
      {one.staff.some(({ seal }) => seal !== null) && (
        <button type="button" class="plain small" onClick={() => go('diary', one.delivery)}>
          {says.fromRecording}
        </button>
      )}
      {one.pictures.map(({ picture, until }) => (
        <p class="row" key={picture}>
          <span>{fill(says.until, { time: sayFull(code, until) })}</span>
          <button type="button" class="plain small" onClick={() => void send(`/pictures/${picture}/end`)}>
            {says.takeBack}
          </button>
        </p>
      ))}
      <p role="status">{said}</p>
      <button type="button" class="plain small" onClick={() => void send('/close')}>
        {says.close}
      </button>
    </section>
  );
}
