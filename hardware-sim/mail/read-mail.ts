/** Reads a mail as a mail program would: headers (RFC 5322, RFC 2047) and a text body (RFC 2045). Own code: it checks what was sent. */

export interface ReadMail {
  /** Name in lower case -> value, unfolded and decoded; of several the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const fromQuotedPrintable = (text: string): Buffer => {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const hex = /^=([0-9A-Fa-f]{2})/.exec(text.slice(i, i + 3))?.[1];
    if (hex === undefined) bytes.push(text.charCodeAt(i) & 0xff);
    else {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    }
  }
  return Buffer.from(bytes);
};

/** RFC 2047: `=?utf-8?Q?…?=` and `=?utf-8?B?…?=`; between two of them the blank counts for nothing. */
const decodeWords = (text: string): string =>
  text
    .replace(/(=\?[^?]+\?[QqBb]\?[^?]*\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?[^?]+\?([QqBb])\?([^?]*)\?=/g, (_all, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('utf8')
        : fromQuotedPrintable(word.replaceAll('_', ' ')).toString('utf8'),
    );

function decodeBody(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return fromQuotedPrintable(text.replace(/=\r\n/g, '')).toString('utf8');
  return Buffer.from(text, 'latin1').toString('utf8');
}

/** @param raw  the bytes of DATA as latin1, dots unstuffed */
export function readMail(raw: string): ReadMail {
  const gap = raw.indexOf('\r\n\r\n');
  const head = gap === -1 ? raw : raw.slice(0, gap);
  const headers: Record<string, string> = {};
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = decodeWords(line.slice(colon + 1).trim());
  }
  const encoding = headers['content-transfer-encoding']?.toLowerCase() ?? '7bit';
  const text = gap === -1 ? '' : decodeBody(raw.slice(gap + 4), encoding);
  return { headers, text: text.replaceAll('\r\n', '\n') };
}
