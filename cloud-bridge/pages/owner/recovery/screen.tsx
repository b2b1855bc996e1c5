/** The recovery code of this home: made here, shown once, and printed. */
import { useEffect, useState } from 'preact/hooks';
import { newRecoveryCode } from '../../../../wire/recovery-code.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { QrCode } from '../../common/qr.tsx';
import { frameWords } from '../frame-words.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { pinCode, readRecoveries } from './recover.ts';
import { recoveryWords } from './words.ts';

function Sheet({ printed, away }: { readonly printed: string; readonly away: () => void }) {
  const { course } = useApp();
  const says = useWords(recoveryWords);
  // Where to go with it, and nothing secret: the code itself is typed.
  const link = `${location.origin}${location.pathname}#recover=${course.place?.api.base ?? ''}`;
  return (
    <section class="card sheet">
      <h2>{says.sheet}</h2>
      <p class="letters" data-code>
        {printed}
      </p>
      <p>{says.sheetText}</p>
      <QrCode text={link} says={says.where} />
      <p class="quiet">{link}</p>
      <div class="acts">
        <button type="button" class="plain" onClick={() => print()}>
          {says.print}
        </button>
        <button type="button" class="plain" onClick={away}>
          {says.onPaper}
        </button>
      </div>
    </section>
  );
}

export function Screen() {
  const { course, known } = useApp();
  const says = useWords(recoveryWords);
  const frame = useWords(frameWords);
  const [hasCode, tellCode] = useState<boolean | undefined>(undefined);
  const [printed, show] = useState<string | undefined>(undefined);
  const [state, tell] = useState<'' | 'busy' | 'later' | { readonly code: string }>('');
  useEffect(() => {
    const { place } = course;
    if (place === undefined) return;
    void readRecoveries(place).then((reply) => reply.ok && tellCode(reply.value.mark !== undefined));
  }, [known.line, printed]);
  const make = async (): Promise<void> => {
    const { place } = course;
    if (place === undefined) return tell({ code: 'CLOUD_SILENT' });
    tell('busy');
    const code = newRecoveryCode();
    const reply = await pinCode(place, code);
    if (!reply.ok) return tell({ code: reply.code });
    tell(reply.value.pending ? 'later' : '');
    show(code);
  };
  return (
    <>
      <p>{says.intro}</p>
      {hasCode !== undefined && printed === undefined && <p class="quiet">{hasCode ? says.hasCode : says.hasNone}</p>}
      {printed === undefined ? (
        <section class="card">
          <HoldButton says={says.make} hint={says.makeHint} again={frame.again} isBusy={state === 'busy'} onHeld={() => void make()} />
        </section>
      ) : (
        <Sheet printed={printed} away={() => show(undefined)} />
      )}
      <p role="status">
        {typeof state === 'object' ? fill(says.failed, { code: state.code }) : state === 'later' ? says.later : ''}
      </p>
    </>
  );
}
