/** Somebody who proved an invitation of this device: let in only by a deliberate yes. */
import { useState } from 'preact/hooks';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { deviceWords } from './words.ts';

export function NewcomerCard() {
  const { known, course } = useApp();
  const says = useWords(deviceWords);
  const frame = useWords(frameWords);
  const [state, tell] = useState<'' | 'busy' | 'admitted' | { readonly code: string }>('');
  const { newcomer } = known;
  const admit = async (): Promise<void> => {
    tell('busy');
    const reply = await course.answer(true);
    tell(reply.ok ? 'admitted' : { code: reply.code });
  };
  if (newcomer === undefined) {
    if (state === '' || state === 'busy') return null;
    const text = state === 'admitted' ? says.admitted : fill(says.failed, { code: state.code });
    return (
      <p class="line good" role="status">
        {text}
      </p>
    );
  }
  return (
    <section class="card asks" role="alertdialog" aria-label={says.asks}>
      <h2>{says.asks}</h2>
      <p class="letters">{newcomer.letters}</p>
      <p>{says.asksText}</p>
      <HoldButton says={says.admit} hint={says.admitHint} again={frame.again} isBusy={state === 'busy'} onHeld={() => void admit()} />
      <p class="quiet" role="status">
        {typeof state === 'object' ? fill(says.failed, { code: state.code }) : ''}
      </p>
      <button type="button" class="plain" onClick={() => void course.answer(false)}>
        {says.away}
      </button>
    </section>
  );
}
