/** Where the home is, said by standing there. The phone is asked with a press and never else; it can be taken back at any time. */
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import { HomePosition } from '../../../../wire/stop.ts';
import { sayDistance } from '../../common/say-distance.ts';
import { whereAmI } from '../../common/where-am-i.ts';
import { useApp } from '../app.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { positionWords } from './position-words.ts';

/** A cloud that is newer than this page may say more. */
const View = v.object({ position: v.nullable(v.object(HomePosition.entries)) });

type Said = 'saved' | 'removed' | 'silent' | 'vague' | 'failed';

export function HomePositionCard() {
  const says = useWords(positionWords);
  const { code, course } = useApp();
  const at = course.place;
  const [position, show] = useState<HomePosition | null>();
  const [said, say] = useState<Said>();
  const [isBusy, setBusy] = useState(false);
  const path = at && `${at.path}/position`;
  useEffect(() => {
    if (at === undefined || path === undefined) return;
    void at.api.call({ method: 'GET', path }, View).then((reply) => reply.ok && show(reply.value.position));
  }, [path]);

  const put = async (wanted: HomePosition | null): Promise<void> => {
    if (at === undefined || path === undefined) return say('failed');
    const reply = await at.api.call({ method: 'PUT', path, body: { position: wanted } }, v.unknown());
    if (reply.ok) show(wanted);
    say(reply.ok ? (wanted === null ? 'removed' : 'saved') : 'failed');
  };
  const use = async (): Promise<void> => {
    const here = await whereAmI();
    if (here === undefined) return say('silent');
    const { lat, lon, accuracy } = here;
    const wanted = v.safeParse(HomePosition, { lat, lon, accuracy });
    return wanted.success ? put(wanted.output) : say('vague');
  };
  const press = (work: () => Promise<void>): void => {
    say(undefined);
    setBusy(true);
    void work().finally(() => setBusy(false));
  };

  return (
    <section class="card position" aria-labelledby="position-title">
      <h2 id="position-title">{says.title}</h2>
      <p class="quiet">{says.why}</p>
      {position !== undefined && (
        <p>{position === null ? says.none : fill(says.set, { metres: sayDistance(code, Math.ceil(position.accuracy)) })}</p>
      )}
      <div class="buttons">
        <button type="button" class="plain" aria-busy={isBusy} disabled={isBusy} onClick={() => press(use)}>
          {says.use}
        </button>
        {position && (
          <button type="button" class="plain small" disabled={isBusy} onClick={() => press(() => put(null))}>
            {says.remove}
          </button>
        )}
      </div>
      <p class="quiet" role="status">
        {said === undefined ? '' : says[said]}
      </p>
    </section>
  );
}
