import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { openMailbox } from '../../../hardware-sim/mail/mailbox.ts';
import { smtpTalk, type TakenMail } from '../../../hardware-sim/mail/smtp.ts';

const codes = (replies: readonly string[]): readonly string[] => replies.map((reply) => reply.slice(0, 3));

t.test('the mail server keeps the order of SMTP, and takes a text dot for dot', async (t) => {
  const taken: TakenMail[] = [];
  const talk = smtpTalk({
    take: (mail) => void taken.push(mail),
    refuse: (to) => (to === 'no@x' ? '550 no' : undefined),
  });
  const hear = (...lines: string[]) => codes(talk.hear(lines.map((line) => `${line}\r\n`).join('')).replies);
  t.same(hear('DATA', 'RCPT TO:<a@x>', 'WHAT', 'EHLO me'), ['503', '503', '502', '250']);
  t.same(hear('MAIL FROM:<b@x>', 'RCPT TO:<no@x>', 'RCPT TO:<a@x>', 'DATA'), ['250', '550', '250', '354']);
  t.same(talk.hear('Subject: =?utf-8?Q?T=C3=BCr?=\r\n\r\n..one\r\n.').replies, [], 'cut in the middle');
  t.same(codes(talk.hear('\r\nQUIT\r\n').replies), ['250', '221']);
  t.match(taken, [{ from: 'b@x', to: ['a@x'], raw: 'Subject: =?utf-8?Q?T=C3=BCr?=\r\n\r\n.one' }]);
  t.ok(talk.hear('x'.repeat(2_000)).ends, 'a line without an end');
});

t.test('its page shows mails as text, whatever stands in them', async (t) => {
  const mailbox = await openMailbox();
  t.teardown(() => mailbox.close());
  const socket = connect(mailbox.smtpPort, '127.0.0.1').setEncoding('utf8');
  let heard = '';
  socket.on('data', (text) => {
    heard += text;
  });
  socket.write(
    'HELO me\r\nMAIL FROM:<b@x>\r\nRCPT TO:<a@x>\r\nDATA\r\nSubject: <script>x</script>\r\n\r\n<img src=x>\r\n.\r\nQUIT\r\n',
  );
  await once(socket, 'close');
  t.match(heard, /^220 .*\r\n250 .*354 .*250 .*221 /s);
  const page = await (await fetch(mailbox.url)).text();
  t.match(page, '&lt;script&gt;x&lt;/script&gt;');
  t.notMatch(page, /<script|<img/);
  t.match(await (await fetch(`${mailbox.url}mails.json`)).json(), [{ headers: { subject: '<script>x</script>' } }]);
  t.equal((await fetch(`${mailbox.url}other`)).status, 404);
});
