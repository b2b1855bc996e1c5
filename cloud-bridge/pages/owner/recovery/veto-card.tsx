/** Somebody asked for a device with the printed code: said on every screen, until it is vetoed or over. */
import { useEffect, useState } from 'preact/hooks';
import { HoldButton } from '../../common/hold-button.tsx';
import { lettersOf } from '../device/letters.ts';
import { useApp, useNow } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { sayFull } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { type Recovery, readRecoveries, veto } from './recover.ts';
import { recoveryWords } from './words.ts';

const lookEveryMs = 30_000;

function Card({ one }: { readonly one: Recovery }) {
  const { course, code } = useApp();
  const says = useWords(recoveryWords);
  const frame = useWords(frameWords);
  const [state, tell] = useState<'' | 'busy' | 'vetoed' | 'vetoedLater' | { readonly code: string }>('');
  const until = sayFull(code, one.untilAt);
  const press = async (): Promise<void> => {
    const { place } = course;
    if (place === undefined) return tell({ code: 'CLOUD_SILENT' });
    tell('busy');
    const reply = await veto(place, one.recovery);
    tell(!reply.ok ? { code: reply.code } : reply.value.pending ? 'vetoedLater' : 'vetoed');
    course.refresh('journal');
  };
  const isOver = state === 'vetoed' || state === 'vetoedLater';
  return (
    <section class="card asks" role="alertdialog" aria-label={says.asked} data-recovery={one.recovery}>
      <h2>{says.asked}</h2>
      <p class="letters">{lettersOf(one.device)}</p>
      <p>{fill(says.askedText, { until })}</p>
      {!isOver && (
        <HoldButton says={says.veto} hint={says.vetoHint} again={frame.again} isBusy={state === 'busy'} kind="stop" onHeld={() => void press()} />
      )}
      <p role="status">{typeof state === 'object' ? fill(says.failed, { code: state.code }) : isOver ? says[state] : ''}</p>
    </section>
  );
}

/** Each is shown from the moment on that this device hears of it; one that was vetoed here stays until the screen changes. */
export function VetoCards() {
  const { known, course, route } = useApp();
  const [open, show] = useState<readonly Recovery[]>([]);
  const isAsked = known.diary.alarms.some(({ code }) => code === 'RECOVERY_ASKED');
  // While the hub is away it raises no alarm: the cloud is asked now and then.
  const isBlind = !known.hubOnline;
  const now = useNow(lookEveryMs);
  const look = isBlind ? Math.floor(now / lookEveryMs) : 0;
  useEffect(() => {
    const { place } = course;
    if (place === undefined) return;
    if (!isAsked && !isBlind) return;
    let isMine = true;
    void readRecoveries(place).then((reply) => isMine && reply.ok && show(reply.value.open));
    return () => {
      isMine = false;
    };
  }, [isAsked, isBlind, look, known.line]);
  useEffect(() => {
    if (!isAsked) show([]);
  }, [route]);
  return open.map((one) => <Card key={one.recovery} one={one} />);
}
