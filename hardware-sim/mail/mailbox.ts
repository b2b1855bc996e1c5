/** A mail server of the street: takes whatever is sent to anybody, and shows it on a page of this machine alone. */
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type ReadMail, readMail } from './read-mail.ts';
import { smtpTalk, type TakenMail } from './smtp.ts';

export interface StreetMail extends ReadMail, TakenMail {
  /** ms since 1970. */
  readonly at: number;
}

/** What the mail server does wrong; undefined: nothing. */
export interface MailFault {
  /** Refuses recipients: `451 later`, `550 no such box`. */
  readonly refuseRecipients?: string;
  /** Refuses the mail after its text. */
  readonly refuseMails?: string;
}

export interface Mailbox {
  readonly smtpPort: number;
  /** Where people look. */
  readonly url: string;
  /** Newest last. */
  readonly mails: readonly StreetMail[];
  fault: MailFault | undefined;
  /** Takes no connections, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

const keep = 200;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => escapes[one] ?? '');

const toPage = (mails: readonly StreetMail[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<title>Mailbox of the street</title></head><body><main><h1>Mailbox of the street</h1>
${mails.length === 0 ? '<p>No mail yet.</p>' : ''}${[...mails]
  .reverse()
  .map(
    ({ to, headers, text, at }) =>
      `<article><h2>${escaped(headers.subject ?? '')}</h2><p>To ${escaped(to.join(', '))}, ${new Date(at).toISOString()}</p><pre>${escaped(text)}</pre></article>`,
  )
  .join('\n')}
</main></body></html>
`;

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
const ended = (server: Server): Promise<void> => new Promise((done) => void server.close(() => done()));

/** @param ports  0 or left out: any free one */
export async function openMailbox(ports: { readonly smtp?: number; readonly http?: number } = {}): Promise<Mailbox> {
  const mails: StreetMail[] = [];
  const sockets = new Set<Socket>();
  let fault: MailFault | undefined;

  const serve = (): Server =>
    createServer((socket) => {
      sockets.add(socket);
      const talk = smtpTalk({
        take: (mail) => {
          if (fault?.refuseMails !== undefined) return fault.refuseMails;
          mails.push({ ...mail, ...readMail(mail.raw), at: Date.now() });
          if (mails.length > keep) mails.shift();
          return undefined;
        },
        refuse: () => fault?.refuseRecipients,
      });
      socket.setEncoding('latin1');
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      socket.write(`${talk.greeting}\r\n`);
      socket.on('data', (bytes) => {
        const { replies, ends } = talk.hear(String(bytes));
        for (const reply of replies) socket.write(`${reply}\r\n`);
        if (ends) socket.end();
      });
    });

  let smtp = serve();
  const smtpPort = await listen(smtp, ports.smtp ?? 0);
  const http = createHttpServer((request, response) => {
    const isJson = request.url === '/mails.json';
    response.writeHead(request.url === '/' || isJson ? 200 : 404, {
      'content-type': isJson ? 'application/json' : 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
    response.end(isJson ? JSON.stringify(mails) : toPage(request.url === '/' ? mails : []));
  });
  const httpPort = await listen(http, ports.http ?? 0);

  const down = async (): Promise<void> => {
    const closed = ended(smtp);
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    smtpPort,
    url: `http://127.0.0.1:${httpPort}/`,
    mails,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
    },
    down,
    up: async () => {
      smtp = serve();
      await listen(smtp, smtpPort);
    },
    close: async () => {
      http.closeAllConnections();
      await Promise.all([ended(http), smtp.listening ? down() : undefined]);
    },
  };
}
