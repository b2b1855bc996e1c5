/** Where a device is asked for a passkey: before it joins a home, and when it was logged out. */
import { useState } from 'preact/hooks';
import type { FaultCode } from '../../../../wire/faults.ts';
import { useApp } from '../app.ts';
import type { Choice } from '../home/entering.ts';
import { useWords } from '../use-words.ts';
import { passkeyWords } from './passkey-words.ts';

interface AskedProps {
  readonly at: 'invited' | 'out';
  /** Why the last try did not do. */
  readonly code?: FaultCode | undefined;
}

export function AskedForPasskey({ at, code }: AskedProps) {
  const says = useWords(passkeyWords);
  const { course, known } = useApp();
  /** The stage that was answered: a new one asks again. */
  const [answered, answer] = useState<unknown>();
  const isBusy = answered === known.stage;
  const choose = (choice: Choice): void => {
    answer(known.stage);
    course.choose(choice);
  };
  const trouble =
    code === undefined ? '' : code === 'PASSKEY_CANCELLED' ? says.cancelled : `${says.failed} (${code})`;
  return (
    <>
      <h1>{at === 'invited' ? says.invited : says.out}</h1>
      <p>{at === 'invited' ? says.invitedText : says.outText}</p>
      <p class="quiet" role="status">
        {isBusy ? says.waiting : trouble}
      </p>
      <div class="choices" aria-busy={isBusy}>
        {at === 'invited' ? (
          <>
            <button type="button" class="primary" disabled={isBusy} data-choice="make" onClick={() => choose('make')}>
              {says.make}
            </button>
            <button type="button" class="plain" disabled={isBusy} data-choice="use" onClick={() => choose('use')}>
              {says.use}
            </button>
            <button type="button" class="plain" disabled={isBusy} data-choice="without" onClick={() => choose('without')}>
              {says.without}
            </button>
          </>
        ) : (
          <button type="button" class="primary" disabled={isBusy} data-choice="use" onClick={() => choose('use')}>
            {says.logIn}
          </button>
        )}
      </div>
    </>
  );
}
