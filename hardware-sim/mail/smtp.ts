/** The words of SMTP (RFC 5321) on one connection: lines in, replies out, whole mails handed over. Bytes are read as latin1. */

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it was sent, dots unstuffed. */
  readonly raw: string;
}

export interface SmtpSide {
  /** @returns undefined to take it, or a reply that refuses it */
  take(mail: TakenMail): string | undefined;
  /** A reply to RCPT that refuses, or undefined. */
  refuse(to: string): string | undefined;
}

const maxLine = 1_000;
const maxMail = 1_000_000;

export interface SmtpTalk {
  readonly greeting: string;
  /** @returns what is answered, and whether the connection ends */
  hear(bytes: string): { readonly replies: readonly string[]; readonly ends: boolean };
}

export function smtpTalk(side: SmtpSide): SmtpTalk {
  let rest = '';
  let from: string | undefined;
  let to: string[] = [];
  let data: string[] | undefined;
  let size = 0;

  const reset = (): void => {
    from = undefined;
    to = [];
    data = undefined;
    size = 0;
  };

  function endOfData(lines: readonly string[]): string {
    const mail = { from: from ?? '', to, raw: lines.join('\r\n') };
    const isBig = size > maxMail;
    reset();
    return isBig ? '552 too much' : (side.take(mail) ?? '250 taken');
  }

  function heardData(line: string): string | undefined {
    if (data === undefined) return undefined;
    if (line === '.') return endOfData(data);
    size += line.length;
    // RFC 5321 section 4.5.2
    if (size <= maxMail) data.push(line.startsWith('.') ? line.slice(1) : line);
    return '';
  }

  function command(line: string): string {
    const [, verb = '', rest = ''] = /^([A-Za-z]+) ?(.*)$/.exec(line) ?? [];
    const path = /^(?:FROM|TO):<([^<>\s]*)>/i.exec(rest)?.[1];
    switch (verb.toUpperCase()) {
      case 'EHLO':
        reset();
        return '250-street\r\n250-8BITMIME\r\n250 SIZE 1000000';
      case 'HELO':
        reset();
        return '250 street';
      case 'MAIL':
        if (path === undefined) return '501 MAIL FROM:<address>';
        reset();
        from = path;
        return '250 ok';
      case 'RCPT': {
        if (from === undefined) return '503 MAIL first';
        if (path === undefined || path === '') return '501 RCPT TO:<address>';
        const refusal = side.refuse(path);
        if (refusal === undefined) to.push(path);
        return refusal ?? '250 ok';
      }
      case 'DATA':
        if (to.length === 0) return '503 RCPT first';
        data = [];
        return '354 go on, end with a dot';
      case 'RSET':
        reset();
        return '250 ok';
      case 'NOOP':
        return '250 ok';
      case 'QUIT':
        return '221 bye';
      default:
        return '502 not here';
    }
  }

  return {
    greeting: '220 street ESMTP',
    hear: (bytes) => {
      rest += bytes;
      const replies: string[] = [];
      for (let at = rest.indexOf('\r\n'); at !== -1; at = rest.indexOf('\r\n')) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        const reply = heardData(line) ?? command(line);
        if (reply !== '') replies.push(reply);
        if (reply.startsWith('221')) return { replies, ends: true };
      }
      if (rest.length <= maxLine) return { replies, ends: false };
      return { replies: [...replies, '500 line too long'], ends: true };
    },
  };
}
