/** The page of somebody who may receive: their codes, and who is at the door. It looks again while it is shown. */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type HolderCodes, readHolderFragment } from '../../../wire/holder.ts';
import { AtDoor, CodeDigits, CodeHelp } from '../common/code-card.tsx';
import { firstLanguage, keepLanguage } from '../common/kept-language.ts';
import type { LanguageCode } from '../common/language.ts';
import { Languages } from '../common/languages.tsx';
import { type Asked, askCodes } from './api.ts';
import { type ReceiveWords, receiveWords } from './words.ts';

const lookEveryMs = 5_000;
type Link = NonNullable<ReturnType<typeof readHolderFragment>>;

/** What was there stays while nothing is heard. */
function useCodes(link: Link | undefined): { readonly asked: Asked | undefined; readonly last: HolderCodes | undefined } {
  const [asked, tell] = useState<Asked>();
  const [last, keep] = useState<HolderCodes>();
  useEffect(() => {
    if (link === undefined) return;
    let isMine = true;
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      const found = await askCodes(link);
      if (!isMine) return;
      tell(found);
      if (found.is !== 'silent') keep(found.is === 'there' ? found.codes : undefined);
    };
    const looking = setInterval(() => void look(), lookEveryMs);
    const shown = (): void => void look();
    document.addEventListener('visibilitychange', shown);
    void look();
    return () => {
      isMine = false;
      clearInterval(looking);
      document.removeEventListener('visibilitychange', shown);
    };
  }, [link]);
  return { asked, last };
}

function Stops({ code, codes, says }: { code: LanguageCode; codes: HolderCodes; says: ReceiveWords }) {
  const { sender, stops } = codes;
  return (
    <>
      <p>{sender === undefined ? says.asked : says.askedBy.replace('{sender}', () => sender)}</p>
      {stops.length === 0 && <p class="card">{says.nothing}</p>}
      {stops.map((stop) => (
        <section class="card" key={`${stop.delivery} ${stop.attempt}`}>
          <h2>{says.from.replace('{carrier}', () => stop.carrier)}</h2>
          <AtDoor code={code} stop={stop} />
          <CodeDigits code={code} day={stop.day} digits={stop.digits} why="onTheWay" />
        </section>
      ))}
      {stops.length > 0 && <CodeHelp code={code} />}
    </>
  );
}

function Page({ link, first }: { readonly link: Link | undefined; readonly first: LanguageCode }) {
  const [code, setCode] = useState(first);
  const says = receiveWords[code];
  const { asked, last } = useCodes(link);
  const speak = (next: LanguageCode): void => {
    keepLanguage(next);
    setCode(next);
  };
  const view = link === undefined ? 'broken' : (asked?.is ?? 'asking');
  return (
    <main data-view={view}>
      <header>
        <h1>{says.title}</h1>
        <Languages code={code} says={says.language} speak={speak} />
      </header>
      {(view === 'broken' || view === 'gone' || view === 'silent') && (
        <p class="card trouble" role="status">
          {says[view]}
        </p>
      )}
      {last !== undefined && <Stops code={code} codes={last} says={says} />}
    </main>
  );
}

const first = firstLanguage();
keepLanguage(first);
addEventListener('hashchange', () => location.reload());
render(<Page link={readHolderFragment(location.hash)} first={first} />, document.getElementById('root')!);
