/** Whom the hub pretends to be when it looks at the pages: a server that changes them for everybody of a kind is seen. */

export interface Visitor {
  /** What people call it. */
  readonly name: string;
  readonly agent: string;
  readonly encodings: string;
  readonly language: string;
}

export const visitors: readonly Visitor[] = [
  {
    name: 'Chrome on Android',
    agent:
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    encodings: 'gzip, deflate, br',
    language: 'de-DE,de;q=0.9,en;q=0.8',
  },
  {
    name: 'Safari on an iPhone',
    agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
    encodings: 'gzip',
    language: 'en-GB,en;q=0.9',
  },
  {
    name: 'Firefox on a computer',
    agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    encodings: 'identity',
    language: 'bg,ro;q=0.7,en;q=0.5',
  },
];

/** What a file is fetched for (Fetch Metadata), by the end of its path. */
const destinations: Readonly<Record<string, string>> = { js: 'script', css: 'style', svg: 'image', json: 'empty' };

/** @param path  without a query */
export function headersOf({ agent, encodings, language }: Visitor, path: string): Readonly<Record<string, string>> {
  const destination = destinations[path.split('.').at(-1)!] ?? 'document';
  const isPage = destination === 'document';
  return {
    'user-agent': agent,
    accept: isPage ? 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' : '*/*',
    'accept-language': language,
    'accept-encoding': encodings,
    'sec-fetch-dest': destination,
    'sec-fetch-mode': isPage ? 'navigate' : 'cors',
    'sec-fetch-site': isPage ? 'none' : 'same-origin',
  };
}
