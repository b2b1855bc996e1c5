/** The hub's own page as text: how the last check of the cloud's pages went, and what to compare with. No word about the home. */
import { sayReport } from './says.ts';
import type { PagesView } from './watch.ts';
import { type Language, words } from './words.ts';

export const style = `:root{color-scheme:light dark;--ink:#1a1d21;--paper:#fff;--quiet:#51585f;--line:#c6cbd1;--good:#0b6b3a;--bad:#a3121f}
@media(prefers-color-scheme:dark){:root{--ink:#eceff2;--paper:#15181b;--quiet:#aab2ba;--line:#3c434a;--good:#5fd394;--bad:#ff8e8e}}
body{margin:0 auto;max-width:44rem;padding:1.5rem 1rem 3rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.4rem;line-height:1.25}h2{font-size:1.05rem;margin-top:2rem}
.result{font-size:1.2rem;font-weight:600;border-left:.4rem solid var(--line);padding:.2rem 0 .2rem .8rem}
.same{border-color:var(--good);color:var(--good)}.different{border-color:var(--bad);color:var(--bad)}
.quiet,dt{color:var(--quiet)}dd{margin:0 0 .6rem;overflow-wrap:anywhere}
li{overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;font-size:.85rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .5rem .25rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere;font-weight:400}
td{font-family:ui-monospace,monospace}
`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const esc = (text: string): string => text.replace(/[&<>"]/g, (one) => escapes[one]!);
const when = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** @param url  of the cloud's pages. @returns the whole page; it has no script */
export function renderPage(
  { report, checkedAt, sameAt, blindSince }: PagesView,
  url: string,
  language: Language,
): string {
  const w = words[language];
  const outcome = report?.outcome ?? 'never';
  const claims = report?.manifest?.claims;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [w.checked, checkedAt === undefined ? undefined : when(checkedAt)],
    [w.lastSame, sameAt === undefined ? undefined : when(sameAt)],
    [w.blind, blindSince === undefined ? undefined : when(blindSince)],
    [w.release, claims && `${claims.product} (${claims.version})`],
    [w.until, claims && when(claims.exp * 1000)],
    [w.key, report?.manifest?.key.jwk.x],
  ];
  const rows = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`<dt>${name}</dt><dd>${esc(value)}</dd>`],
  );
  const wrong = report === undefined ? [] : sayReport(report).map((line) => `<li>${esc(line)}</li>`);
  const files = Object.entries(claims?.files ?? {}).map(
    ([path, file]) => `<tr><th scope="row">${esc(path)}</th><td>${esc(file.sha256)}</td></tr>`,
  );
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Doorward: ${w.title}</title><link rel="stylesheet" href="/style.css"></head><body><main>`,
    `<h1>${w.title}</h1><p class="result ${outcome}" role="status">${w[outcome]}</p>`,
    `<p>${esc(url)}</p><dl>${rows.join('')}</dl>`,
    ...(wrong.length > 0 ? [`<h2>${w.differences}</h2><ul lang="en">${wrong.join('')}</ul>`] : []),
    ...(files.length > 0 ? [`<h2>${w.files}</h2><table><tbody>${files.join('')}</tbody></table>`] : []),
    `<p>${w.compare} ${esc(url)}</p><p class="quiet">${w.what} ${w.limits}</p>`,
    '</main></body></html>\n',
  ].join('\n');
}
