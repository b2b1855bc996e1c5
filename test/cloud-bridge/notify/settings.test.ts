import t from 'tap';
import { until } from '../support/world.ts';
import { openNoticeStage, toldTo } from './stage.ts';

t.test('a device sets how it is told, sees its own settings alone, and can try it', async (t) => {
  const stage = await openNoticeStage(t);
  const { first, second } = stage;
  const path = `${first.home}/notifications`;
  t.match(await first.ask('GET', path), {
    body: { language: 'en', push: false, mail: null, failing: null, mailPossible: true, choices: {} },
  });
  const browser = await stage.browserOf(first, { language: 'tr', choices: { steps: 'off' } });
  t.match(await first.ask('GET', path), { body: { language: 'tr', push: true, choices: { steps: 'off' } } });
  t.match(await second.ask('GET', path), { body: { language: 'en', push: false } }, 'not of another device');
  t.match(await first.ask('POST', `${path}/test`, { body: {}, key: false }), { status: 202, body: { told: true } });
  await until('it is told', () => browser.pushed.length === 1);
  t.match(toldTo(browser), [{ body: 'Doorward size böyle haber verir.', language: 'tr' }]);
  t.match(await second.ask('POST', `${path}/test`, { body: {}, key: false }), { body: { told: false } });
  await first.ask('PUT', path, { body: { push: null } });
  t.match(await first.ask('GET', path), { body: { push: false, language: 'tr' } });

  const wrong: readonly object[] = [
    { language: 'xx' },
    { zone: 'Mars/Olympus' },
    { choices: { alarms: 'off' } },
    { choices: { grants: 'off' } },
    { choices: { ends: 'off' } },
    { push: { endpoint: 'https://a.example/x', keys: { p256dh: 'short', auth: 'short' } } },
  ];
  for (const body of wrong) t.match(await first.ask('PUT', path, { body }), { status: 400 }, JSON.stringify(body));
  const { keys } = browser.subscription;
  for (const endpoint of ['https://169.254.169.254/x', 'https://10.0.0.1/x', 'http://push.example.com/x'])
    t.match(
      await first.ask('PUT', path, { body: { push: { endpoint, keys } } }),
      { body: { code: 'PUSH_ENDPOINT_REFUSED' } },
      endpoint,
    );
});

t.test(
  'an address counts once its code was typed; nothing else is sent there before, and it is never shown in full',
  async (t) => {
    const stage = await openNoticeStage(t);
    const { world, hub, first, second, mailbox } = stage;
    const mail = `${first.home}/notifications/mail`;
    const set = await first.ask('PUT', mail, { body: { address: 'anna@example.org' } });
    t.match(set, { status: 200, body: { mail: { address: 'a…@example.org', proven: false } } });
    t.equal(mailbox.mails.length, 1);
    const code = /\b\d{6}\b/.exec(mailbox.mails[0]!.text)![0];
    const wrong = code === '000000' ? '000001' : '000000';
    const type = (digits: string) => first.ask('POST', `${mail}/code`, { body: { code: digits }, key: false });

    hub.append('alarm.raised', { code: 'DOOR_NOT_LOCKED' }, undefined, hub.door);
    await hub.sync();
    await until(
      'the alarm stands',
      async () => (await first.ask('GET', `${first.home}/alarms`)).body.alarms.length === 1,
    );
    t.match(await type(wrong), { body: { code: 'MAIL_CODE_WRONG' } });
    t.match(await second.ask('POST', `${mail}/code`, { body: { code }, key: false }), {
      body: { code: 'MAIL_CODE_WRONG' },
    });
    t.match(await type(code), { body: { mail: { proven: true } } });
    world.wind(121_000);
    await until('from then on mail comes', () => mailbox.mails.length === 2);
    t.equal(mailbox.mails[1]!.headers.subject, 'An alarm at your home');
    t.match(await type(code), { body: { code: 'MAIL_CODE_WRONG' } }, 'a code works once');
    t.notMatch(world.logged(), /anna@/);

    await second.ask('PUT', mail, { body: { address: 'ben@example.org' } });
    const late = /\b\d{6}\b/.exec(mailbox.mails.at(-1)!.text)![0];
    for (let i = 0; i < 5; i += 1)
      await second.ask('POST', `${mail}/code`, { body: { code: late === '000000' ? '000001' : '000000' }, key: false });
    t.match(
      await second.ask('POST', `${mail}/code`, { body: { code: late }, key: false }),
      { body: { code: 'MAIL_CODE_WRONG' } },
      'after five wrong ones the right one is none',
    );

    t.match(await second.ask('PUT', mail, { body: { address: 'ben@example.org' } }), { status: 200 });
    t.match(
      await second.ask('PUT', mail, { body: { address: 'ben@example.org' } }),
      { status: 429 },
      'nobody is flooded',
    );
    t.match(await first.ask('PUT', mail, { body: { address: null } }), { body: { mail: null } });
  },
);

t.test('an address that would write headers or name several people is none', async (t) => {
  const { first, mailbox } = await openNoticeStage(t);
  const bad = [
    'a@example.org\r\nBcc: b@example.org',
    'a@example.org\nSubject: hello',
    'a@example.org, b@example.org',
    'a@example.org b@example.org',
    '"a\r\nb"@example.org',
    'Anna <a@example.org>',
    '<a@example.org>',
    'a@example.org>',
    'a@b',
    'a@-example.org',
    `${'a'.repeat(65)}@example.org`,
    'a@exämple.org',
    '',
  ];
  for (const address of bad)
    t.match(
      await first.ask('PUT', `${first.home}/notifications/mail`, { body: { address } }),
      { status: 400 },
      JSON.stringify(address),
    );
  t.equal(mailbox.mails.length, 0);
});
