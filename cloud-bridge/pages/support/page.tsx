/** The support's page: open cases, how one went, and pictures that its owner shares. */
import { useEffect, useState } from 'preact/hooks';
import type { CaseRow, SupportCase } from '../../../wire/support.ts';
import { HoldButton } from '../common/hold-button.tsx';
import { inRegion } from '../common/in-region.ts';
import type { LanguageCode } from '../common/language.ts';
import { Languages } from '../common/languages.tsx';
import type { CaseList, Reply, SupportApi, Trouble } from './api.ts';
import { type SupportWords, sayStep, supportWords } from './words.ts';

interface PageProps {
  readonly api: SupportApi;
  readonly code: LanguageCode;
  readonly speak: (code: LanguageCode) => void;
  readonly leave: () => void;
}

const sayTime = (code: LanguageCode, ms: number): string =>
  new Intl.DateTimeFormat(inRegion(code), { dateStyle: 'medium', timeStyle: 'medium' }).format(ms);

/** One shared picture, fetched on a press: the owner is told of it. */
function Picture({ api, of, picture, says }: { api: SupportApi; of: string; picture: string; says: SupportWords }) {
  const [url, setUrl] = useState<string>();
  const [trouble, setTrouble] = useState<Trouble>();
  useEffect(() => () => void (url !== undefined && URL.revokeObjectURL(url)), [url]);
  const look = async (): Promise<void> => {
    const got = await api.picture(of, picture);
    if (got.ok) setUrl(URL.createObjectURL(got.value));
    else setTrouble(got.trouble);
  };
  if (url !== undefined) return <img class="shared" src={url} alt={says.picture} />;
  return (
    <>
      <button type="button" class="plain" onClick={() => void look()}>
        {says.showPicture}
      </button>
      {trouble !== undefined && <p role="status">{says[trouble]}</p>}
    </>
  );
}

/** After an incident (S033), with a deliberate press. */
function AlwaysCode({ api, of, says }: { api: SupportApi; of: string; says: SupportWords }) {
  const [state, setState] = useState<'open' | 'busy' | 'asked' | Trouble>('open');
  const press = async (): Promise<void> => {
    setState('busy');
    const done = await api.alwaysCode(of);
    setState(done.ok ? 'asked' : done.trouble);
  };
  return (
    <section class="card" aria-labelledby="codes">
      <h2 id="codes">{says.codes}</h2>
      <p class="quiet">{says.codesText}</p>
      {state !== 'asked' && (
        <HoldButton
          says={says.alwaysCode}
          hint={says.hold}
          again={says.pressAgain}
          isBusy={state === 'busy'}
          kind="small"
          onHeld={() => void press()}
        />
      )}
      <p role="status">{state === 'open' || state === 'busy' ? '' : state === 'asked' ? says.codesAsked : says[state]}</p>
    </section>
  );
}

function Case({ api, one, code, back }: { api: SupportApi; one: SupportCase; code: LanguageCode; back: () => void }) {
  const says = supportWords[code];
  return (
    <main data-view="case">
      <button type="button" class="plain small" onClick={back}>
        {says.back}
      </button>
      <h1 tabIndex={-1}>{says.reasons[one.reason]}</h1>
      <p class="quiet">{says.told}</p>
      <dl class="card">
        <dt>{says.state}</dt>
        <dd>{sayStep(says, `state.${one.state}`)}</dd>
        <dt>{says.carrier}</dt>
        <dd>{one.carrier}</dd>
        <dt>{says.window}</dt>
        <dd>
          {new Intl.DateTimeFormat(inRegion(code), { dateStyle: 'medium', timeStyle: 'short' }).formatRange(
            one.from * 1000,
            one.until * 1000,
          )}
        </dd>
        <dt>{says.proof}</dt>
        <dd>{one.proof === null ? '–' : sayStep(says, `proof.${one.proof}`)}</dd>
      </dl>
      <section class="card" aria-labelledby="history">
        <h2 id="history">{says.history}</h2>
        <ol>
          {one.history.map((step, at) => (
            <li key={`${at}`}>
              <time dateTime={new Date(step.at).toISOString()}>{sayTime(code, step.at)}</time>
              <span>{sayStep(says, step.what)}</span>
            </li>
          ))}
        </ol>
      </section>
      <AlwaysCode api={api} of={one.case} says={says} />
      <section class="card" aria-labelledby="pictures">
        <h2 id="pictures">{says.pictures}</h2>
        {one.pictures.length === 0 && <p class="quiet">{says.noPictures}</p>}
        {one.pictures.map(({ picture, until }) => (
          <div key={picture}>
            <p class="quiet">{says.until.replace('{time}', sayTime(code, until))}</p>
            <Picture api={api} of={one.case} picture={picture} says={says} />
          </div>
        ))}
      </section>
    </main>
  );
}

function List({ list, code, open }: { list: CaseList; code: LanguageCode; open: (one: CaseRow) => void }) {
  const says = supportWords[code];
  return (
    <>
      {list.cases.length === 0 && <p class="quiet">{says.noCases}</p>}
      <ul class="cases">
        {list.cases.map((one) => (
          <li key={one.case}>
            <button type="button" onClick={() => open(one)}>
              <strong>{says.reasons[one.reason]}</strong>
              <span>{sayStep(says, `state.${one.state}`)}</span>
              <span class="quiet">{sayTime(code, one.openedAt)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

export function SupportPage({ api, code, speak, leave }: PageProps) {
  const says = supportWords[code];
  const [list, setList] = useState<CaseList>();
  const [check, setCheck] = useState<string>();
  const [shown, setShown] = useState<SupportCase>();
  const [trouble, setTrouble] = useState<Trouble>();
  const take = <T,>(reply: Reply<T>): T | undefined => {
    setTrouble(reply.ok ? undefined : reply.trouble);
    return reply.ok ? reply.value : undefined;
  };
  const read = async (): Promise<void> => {
    const given = take(await api.giveKey());
    if (given === undefined) return;
    setCheck(given);
    setList(take(await api.cases()));
  };
  useEffect(() => void read(), [api]);
  useEffect(() => document.querySelector('h1')?.focus(), [shown]);

  if (shown !== undefined)
    return (
      <Case
        api={api}
        one={shown}
        code={code}
        back={() => {
          setShown(undefined);
          void read();
        }}
      />
    );
  return (
    <main data-view="cases">
      <header>
        <h1 tabIndex={-1}>{says.cases}</h1>
        <Languages code={code} speak={speak} says={says.language} />
      </header>
      {check !== undefined && (
        <p class="card">
          {says.readOut} <strong class="digits">{`${check.slice(0, 3)} ${check.slice(3)}`}</strong>
        </p>
      )}
      {trouble !== undefined && <p role="status">{says[trouble]}</p>}
      {list !== undefined && (
        <List
          list={list}
          code={code}
          open={async (one) => {
            const looked = take(await api.look(one.case));
            if (looked !== undefined) setShown(looked);
          }}
        />
      )}
      <button type="button" class="plain small" onClick={() => void read()}>
        {says.again}
      </button>
      <button type="button" class="plain small" onClick={leave}>
        {says.leave}
      </button>
    </main>
  );
}
