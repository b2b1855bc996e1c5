/** The hand-over of one delivery: who is at the door, the household's code, and who else may receive it (S017, S026, S041, S065). */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { CodesView } from '../../../../wire/holder.ts';
import { AtDoor, CodeDigits, CodeHelp } from '../../common/code-card.tsx';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import type { Place } from '../home/course.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { mailCode, readCodes, takeBack } from './hand-over-client.ts';
import { handOverWords } from './hand-over-words.ts';
import { NameHolder } from './name-holder.tsx';

const lookEveryMs = 5_000;
type Code = CodesView['codes'][number];

/** Asked for again with every news, and while it is shown: who is at the door changes within seconds. */
function useCodes(place: Place, delivery: string, news: unknown) {
  const [codes, tell] = useState<CodesView>();
  const look = useCallback(async (): Promise<void> => {
    const read = await readCodes(place, delivery);
    if (read.ok) tell(read.value);
  }, [place, delivery]);
  useEffect(() => {
    const looking = setInterval(() => void (document.hidden || look()), lookEveryMs);
    void look();
    return () => clearInterval(looking);
  }, [look, news]);
  return [codes?.delivery === delivery ? codes : undefined, look] as const;
}

interface OtherProps {
  readonly place: Place;
  readonly codes: CodesView;
  readonly one: Code;
  readonly changed: () => void;
}

function Other({ place, codes, one, changed }: OtherProps) {
  const says = useWords(handOverWords);
  const frame = useWords(frameWords);
  const [state, say] = useState('');
  const { holder, kind, name, flat, link } = one;
  const pass = (text: string): Promise<void> =>
    navigator.clipboard.writeText(text).then(() => say(fill(says.copied, { name })), () => say(''));
  const end = async (): Promise<void> => {
    const ended = await takeBack(place, holder);
    if (ended.ok) changed();
    else say(fill(says.failed, { code: ended.code }));
  };
  return (
    <li data-holder={holder}>
      <p>
        <strong>{name}</strong>
        {flat !== undefined && ` · ${flat}`}
      </p>
      {kind === 'household' && <Digits codes={codes} one={one} />}
      {link !== undefined && (
        <button type="button" class="plain small" data-link={link} onClick={() => void pass(link)}>
          {says.pass}
        </button>
      )}
      <HoldButton
        says={says.takeBack}
        hint={frame.hold}
        again={frame.again}
        isBusy={false}
        kind="small"
        onHeld={() => void end()}
      />
      <p role="status">{state}</p>
    </li>
  );
}

/** Digits, or when they come. */
function Digits({ codes, one }: { readonly codes: CodesView; readonly one: Code }) {
  const { code } = useApp();
  const why = codes.shown === 'on-arrival' ? 'onArrival' : 'onTheWay';
  return <CodeDigits code={code} day={codes.day} digits={one.digits} why={why} />;
}

export interface HandOverProps {
  readonly place: Place;
  readonly delivery: string;
  /** Changes whenever something has changed. */
  readonly news: unknown;
}

export function HandOver({ place, delivery, news }: HandOverProps) {
  const says = useWords(handOverWords);
  const { code } = useApp();
  const [codes, look] = useCodes(place, delivery, news);
  const [state, say] = useState('');
  if (codes === undefined || !codes.asked || codes.door === 'over') return null;
  const account = codes.codes.find(({ kind }) => kind === 'account');
  const others = codes.codes.filter((one) => one !== account);
  const again = async (): Promise<void> => {
    const sent = await mailCode(place, delivery);
    say(sent.ok ? fill(says.sent, { to: sent.value.to }) : fill(says.failed, { code: sent.code }));
  };
  return (
    <section class="card hand-over" data-codes={codes.shown}>
      <h2>{says.title}</h2>
      <AtDoor code={code} stop={codes} />
      {account !== undefined && (
        <>
          <h3>{says.whose}</h3>
          <Digits codes={codes} one={account} />
        </>
      )}
      {codes.together > 0 && <p class="quiet">{says.together}</p>}
      {codes.triesLeft < 3 && <p class="trouble">{fill(says.tries, { n: codes.triesLeft })}</p>}
      <CodeHelp code={code} />
      {codes.shown === 'now' && (
        <button type="button" class="plain" data-again onClick={() => void again()}>
          {says.again}
        </button>
      )}
      <p role="status">{state}</p>
      {others.length > 0 && (
        <>
          <h3>{says.others}</h3>
          <ul class="holders">
            {others.map((one) => (
              <Other place={place} codes={codes} one={one} changed={() => void look()} key={one.holder} />
            ))}
          </ul>
        </>
      )}
      <NameHolder place={place} delivery={delivery} changed={() => void look()} />
    </section>
  );
}
