/** Follows the home's journal over the API, to know which visits run. What it says is the cloud's word; Stop is the hub's to obey. */
import * as v from 'valibot';
import type { Api } from '../owner/device/api.ts';
import { followVisits, type Visits } from './visits.ts';

const Page = v.object({ entries: v.array(v.string()), head: v.object({ seq: v.number() }) });
const Entry = v.object({ text: v.string() });
/** A visit that runs has its beginning within this many entries. */
const lookBack = 200;
const waitMs = 2_000;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Tells which visits run, at the beginning and after every entry; for as long as the page is open. */
export async function followJournal(api: Api, home: string, tell: (visits: Visits) => void): Promise<never> {
  const path = `/v1/homes/${home}/journal`;
  for (;;) {
    let visits: Visits = [];
    const take = (text: string): void => {
      visits = followVisits(visits, text, Date.now());
    };
    const head = await api.call({ method: 'GET', path: `${path}?limit=1` }, Page);
    const stop = new AbortController();
    const heard: string[] = [];
    let caughtUp = false;
    const streaming = api.events(`/v1/homes/${home}/events`, stop.signal, (type, data) => {
      const entry = v.safeParse(Entry, type === 'entry' ? parse(data) : undefined);
      if (!entry.success) return;
      if (!caughtUp) {
        heard.push(entry.output.text);
        return;
      }
      take(entry.output.text);
      tell(visits);
    });
    if (head.ok) {
      const after = Math.max(0, head.value.head.seq - lookBack);
      const page = await api.call({ method: 'GET', path: `${path}?after=${after}&limit=${lookBack + 50}` }, Page);
      for (const text of page.ok ? page.value.entries : []) take(text);
    }
    for (const text of heard) take(text);
    caughtUp = true;
    tell(visits);
    await streaming;
    stop.abort();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
