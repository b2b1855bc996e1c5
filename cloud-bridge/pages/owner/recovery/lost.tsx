/** A device of somebody who has lost all others: types the printed code, and waits for a day. */
import { useEffect, useState } from 'preact/hooks';
import { canHavePasskeys } from '../../common/passkey.ts';
import { register } from '../device/account.ts';
import { connectApi } from '../device/api.ts';
import { lettersOf } from '../device/letters.ts';
import { deviceKeys, openDeviceStore } from '../device/store.ts';
import { useApp } from '../app.ts';
import { Typed } from '../typed.tsx';
import { sayFull } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { isOpen, type Lost, type Recovery, recover, stateOf } from './recover.ts';
import { recoveryWords } from './words.ts';

const lookEveryMs = 5_000;

/** What this device keeps, opened for this screen: it belongs to no home, so there is no place. */
async function openLost(api: string): Promise<Lost> {
  const store = await openDeviceStore();
  return { api, store, keys: await deviceKeys(store) };
}

function Wait({ lost, recovery, again }: { readonly lost: Lost; readonly recovery: string; readonly again: () => void }) {
  const { code, known, course } = useApp();
  const says = useWords(recoveryWords);
  const [one, show] = useState<Recovery | undefined>(undefined);
  useEffect(() => {
    const api = connectApi(lost.api, lost.keys.sign);
    const look = async (): Promise<void> => {
      const reply = await stateOf(api, recovery);
      if (!reply.ok) return;
      show(reply.value);
      if (reply.value.at !== 'done') return;
      const kept = await lost.store.get('recovery');
      if (kept !== undefined) await lost.store.put('recovery', { ...kept, isDone: true });
      course.wake();
    };
    void look();
    const looking = setInterval(() => void look(), lookEveryMs);
    return () => clearInterval(looking);
  }, [recovery]);
  if (one === undefined) return <p class="quiet">{says.asking}</p>;
  const until = sayFull(code, one.untilAt);
  const isIn = one.at === 'done' || known.stage.at === 'home';
  return (
    <section class="card" data-recovery-at={isIn ? 'done' : one.at}>
      <h2>{isIn ? says.done : isOpen(one) ? says.waits : one.at === 'vetoed' ? says.wasVetoed : says.ended}</h2>
      {!isIn && isOpen(one) && <p class="letters">{lettersOf(one.device)}</p>}
      <p>{isIn ? says.doneText : isOpen(one) ? fill(says.waitsText, { until }) : says.overText}</p>
      {!isIn && !isOpen(one) && (
        <button type="button" class="plain" onClick={again}>
          {says.tryAgain}
        </button>
      )}
    </section>
  );
}

function Ask({ lost, asked }: { readonly lost: Lost; readonly asked: (recovery: string) => void }) {
  const says = useWords(recoveryWords);
  const [typed, type] = useState('');
  const [state, tell] = useState<'' | 'busy' | { readonly code: string }>('');
  const ask = async (withPasskey: boolean): Promise<void> => {
    tell('busy');
    const kept = (await lost.store.get('recovery'))?.passkey;
    const isMade = withPasskey && kept === undefined;
    const made = isMade ? await register(connectApi(lost.api, lost.keys.sign), 'Doorward') : undefined;
    if (made !== undefined && !made.ok) return tell({ code: made.code });
    const reply = await recover(lost, typed, kept ?? made?.value);
    if (!reply.ok) return tell({ code: reply.code });
    asked(reply.value.recovery);
    // The course of the app begins anew, with the home that is pinned now.
    location.reload();
  };
  const refused = typeof state === 'object' ? state.code : undefined;
  const needsPasskey = refused === 'OWNER_CHANGE_NO_PASSKEY' && canHavePasskeys();
  const why =
    refused === 'RECOVERY_CODE_MISTYPED' ? says.mistyped : refused === 'NOT_FOUND' ? says.unknown : needsPasskey ? says.needsPasskey : undefined;
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void ask(needsPasskey);
      }}
    >
      <Typed label={says.type} value={typed} longest={64} type={type} autocapitalize="characters" aria-describedby="why" />
      <button type="submit" class="plain" disabled={state === 'busy' || typed === ''}>
        {needsPasskey ? says.askWithPasskey : says.ask}
      </button>
      <p id="why" role="status">
        {state === 'busy' ? says.asking : (why ?? (refused === undefined ? '' : fill(says.failed, { code: refused })))}
      </p>
    </form>
  );
}

export function Screen() {
  const { route, known } = useApp();
  const says = useWords(recoveryWords);
  const [lost, open] = useState<Lost | undefined>(undefined);
  const [recovery, wait] = useState<string | undefined>(undefined);
  useEffect(() => {
    void openDeviceStore().then(async (store) => {
      const kept = await store.get('recovery');
      const api = kept?.api ?? route.about;
      if (api !== undefined && URL.canParse(api)) open(await openLost(new URL(api).origin));
      wait(kept?.recovery);
    });
  }, []);
  const again = async (): Promise<void> => {
    const kept = await lost?.store.get('recovery');
    if (kept !== undefined) await lost?.store.put('recovery', { ...kept, recovery: undefined });
    wait(undefined);
  };
  if (known.stage.at === 'home' && recovery === undefined) return <p>{says.inHome}</p>;
  if (lost === undefined) return <p>{says.needsPaper}</p>;
  if (recovery !== undefined) return <Wait lost={lost} recovery={recovery} again={() => void again()} />;
  return (
    <>
      <p>{says.lost}</p>
      <Ask lost={lost} asked={wait} />
    </>
  );
}
