/** All pictures on one page, page by page, to be looked at. */

/** What a picture is of: the first word of its name. */
const pageOf = (name: string): string => name.split(/[-.]/, 1)[0]!;

/** `10-dark` stands after `9-light`. */
const inOrder = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** @param names  of PNG files beside the page */
export function sheetOf(names: readonly string[]): string {
  const pages = [...new Set(names.map(pageOf))].sort();
  const parts = pages.map((page) => {
    const figures = inOrder(names.filter((name) => pageOf(name) === page)).map(
      (name) => `<figure><img src="${name}" alt="" loading="lazy"><figcaption>${name}</figcaption></figure>`,
    );
    return `<h2>${page}</h2>\n<div>${figures.join('\n')}</div>`;
  });
  const style =
    'body{font:15px system-ui;margin:24px;background:#888}div{display:flex;flex-wrap:wrap;gap:16px;align-items:start}' +
    'figure{margin:0}img{max-width:480px;max-height:720px;display:block}';
  return `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${style}</style>\n${parts.join('\n')}\n`;
}
