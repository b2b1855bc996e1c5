/** The support's page. A link signs this browser in: its secret leaves the address bar before anything else happens. */
import { render } from 'preact';
import { useState } from 'preact/hooks';
import { firstLanguage, keepLanguage } from '../common/kept-language.ts';
import { Languages } from '../common/languages.tsx';
import type { LanguageCode } from '../common/language.ts';
import { type SupportApi, supportApi } from './api.ts';
import { openKept } from './kept.ts';
import { SupportPage } from './page.tsx';
import { supportWords } from './words.ts';

function takeFragment(): string {
  const { hash, pathname, search } = location;
  if (hash !== '') history.replaceState(null, '', pathname + search);
  return hash;
}

function Whole({ api, first, leave }: { api: SupportApi | undefined; first: LanguageCode; leave: () => void }) {
  const [code, setCode] = useState(first);
  const speak = (next: LanguageCode): void => {
    keepLanguage(next);
    setCode(next);
  };
  if (api !== undefined) return <SupportPage api={api} code={code} speak={speak} leave={leave} />;
  const says = supportWords[code];
  return (
    <main data-view="alone">
      <header>
        <h1>Doorward</h1>
        <Languages code={code} speak={speak} says={says.language} />
      </header>
      <p>{says.alone}</p>
    </main>
  );
}

async function main(): Promise<void> {
  const first = firstLanguage();
  keepLanguage(first);
  const root = document.getElementById('root')!;
  const fragment = takeFragment();
  addEventListener('hashchange', () => location.reload());
  const kept = await openKept();
  const link = await kept.link(fragment);
  const api = link && supportApi(link, await kept.key());
  const leave = (): void => void kept.forget().then(() => location.reload());
  render(<Whole api={api} first={first} leave={leave} />, root);
}

void main();
