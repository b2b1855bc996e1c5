/** The account of whoever holds this device: where it is logged in, and its passkeys. */
import { useEffect, useState } from 'preact/hooks';
import type { FaultCode, Verdict } from '../../../../wire/faults.ts';
import { type AccountView, showAccount } from '../device/account.ts';
import { useApp } from '../app.ts';
import { useWords } from '../use-words.ts';
import { Passkeys } from './passkeys.tsx';
import { Protect } from './protect.tsx';
import { Sessions } from './sessions.tsx';
import { words } from './words.ts';

export interface PartProps {
  readonly view: AccountView;
  readonly busy: boolean;
  /** Does one thing with the account, then looks again. */
  readonly act: (work: () => Promise<Verdict<unknown>>) => void;
}

export function Screen() {
  const says = useWords(words);
  const { course, known } = useApp();
  const { place } = course;
  const [view, setView] = useState<AccountView>();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<FaultCode>();

  const look = async (): Promise<void> => {
    if (place?.home.passkey === undefined) return;
    const account = await showAccount(place.api);
    if (account.ok) setView(account.value);
    // Logged out meanwhile: the course finds out with its next question, and asks for the passkey.
    else if (account.code === 'SESSION_ENDED') course.refresh('home');
  };
  useEffect(() => void look(), [place, known.ownerList]);
  const act = (work: () => Promise<Verdict<unknown>>): void => {
    setBusy(true);
    setTrouble(undefined);
    void work().then(async (done) => {
      if (!done.ok) setTrouble(done.code);
      await look();
      setBusy(false);
    });
  };

  if (place === undefined) return <p class="quiet wait">{known.line === 'lost' ? says.lost : '…'}</p>;
  const said =
    trouble === undefined ? '' : trouble === 'PASSKEY_CANCELLED' ? says.cancelled : `${says.failed} (${trouble})`;
  return (
    <>
      <p class="quiet" role="status">
        {said}
      </p>
      {place.home.passkey === undefined && <Protect place={place} busy={busy} act={act} />}
      {view !== undefined && <Sessions api={place.api} {...{ view, busy, act }} />}
      {view !== undefined && <Passkeys api={place.api} {...{ view, busy, act }} />}
    </>
  );
}
