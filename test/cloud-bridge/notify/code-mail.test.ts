/** T31 in the mail: it names goods and sender. */
import { join } from 'node:path';
import t from 'tap';
import { codeWords } from '../../../cloud-bridge/notify/code-words.ts';
import type { Row } from '../../../cloud-bridge/store/schema.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import { makeCarrier } from '../support/people.ts';
import { until } from '../support/world.ts';
import { openNoticeStage, toldTo } from './stage.ts';

const hours = (n: number): number => n * 3_600_000;

async function setUp(t: Parameters<typeof openNoticeStage>[0], showCode = 'from-dispatch') {
  const stage = await openNoticeStage(t);
  const { world, hub, first, mailbox } = stage;
  const carrier = await makeCarrier(world);
  const rule = carrier.rule(hub, { until: Math.floor(Date.now() / 1000) + 800_000 });
  await first.put(await first.signRuleBook([rule]));
  // Another instance on the same database: it sets what other parts of the product set.
  const store = await openSqliteStore(join(world.dataDir, 'cloud.sqlite'));
  t.teardown(() => store.close());
  const text = JSON.stringify({
    ...{ order: ['in-person', 'neighbour', 'tomorrow'], zone: 'Europe/Berlin', showCode },
    codeFrom: { amount: 0, currency: 'EUR' },
  });
  await store.write(({ wishBooks }) => wishBooks.put({ home: hub.home, text, version: 1, by: first.key.kid, at: 1 }));
  const subjects = new Set(Object.values(codeWords).map(({ subject }) => subject));
  const mailed = () =>
    mailbox.mails
      .map(({ to, headers, text }) => ({ to: to.join(), subject: headers.subject ?? '', text }))
      .filter(({ subject }) => subjects.has(subject));
  return {
    ...stage,
    store,
    mailed,
    /** @param daysAhead  of now */
    announce: async (daysAhead = 0): Promise<string> => {
      const from = Math.floor(world.now() / 1000) + daysAhead * 86_400;
      const body = {
        ...{ door: hub.door, from, until: from + 3600, parcels: 1, reference: 'order 7' },
        ...{ can: ['in-person', 'neighbour', 'tomorrow'], parcel: { goods: 'A lamp', sender: 'Lumen' } },
      };
      return (await carrier.ask('POST', '/v1/deliveries', { body })).body.delivery;
    },
    start: (delivery: string) => carrier.ask('POST', `/v1/deliveries/${delivery}/on-the-way`, { body: {} }),
    change: (delivery: string, fields: Partial<Row<'attempt'>>) =>
      store.write(({ attempts }) => attempts.change(delivery, 1, fields)),
    /** The device that has the task says that it is at the door. */
    arrive: (delivery: string, jkt: string) =>
      store.write(async ({ attempts, tasks }) => {
        await tasks.add({ token: `token-${delivery}`, delivery, state: 'claimed', jkt, created_at: Date.now() });
        await attempts.change(delivery, 1, { state: 'here', presence: 'near', arrived_at: Date.now(), jkt });
      }),
    killTask: (delivery: string) => store.write(({ tasks }) => tasks.kill(`token-${delivery}`)),
    codeOf: async (delivery: string): Promise<string> =>
      (await first.ask('GET', `${first.home}/deliveries/${delivery}/codes`)).body.codes[0].digits,
  };
}

t.test(
  'S018 S020: the code goes to the proven address of the account, with what it is for; the push has no digits',
  async (t) => {
    const stage = await setUp(t);
    const { first, second, mailed, mailTo, browserOf, mailbox } = stage;
    const browser = await browserOf(first, { language: 'de' });
    await mailTo(first, 'mara@street.example');
    await second.ask('PUT', `${second.home}/notifications/mail`, { body: { address: 'unproven@street.example' } });
    const delivery = await stage.announce();
    await until('it is mailed', () => mailed().length === 1);
    const [mail] = mailed();
    const code = await stage.codeOf(delivery);
    t.equal(mail!.to, 'mara@street.example');
    for (const part of [`Code: ${code}`, 'A lamp', 'Lumen', `https://pages.example/app/#delivery=${delivery}`]) {
      t.ok(mail!.text.includes(part), part);
    }
    t.ok(mail!.text.includes('nie am Telefon'), 'S026');
    t.notOk(mail!.subject.includes(code));
    await until('it is pushed', () => toldTo(browser).some(({ body }) => body.startsWith('Der Code')));
    t.notOk(JSON.stringify(toldTo(browser)).includes(code), 'whoever sees the lock screen is no recipient');
    t.ok(
      toldTo(browser).some(({ body }) => body.includes('nur gegen einen Code')),
      'S020 S021: told when it was announced, and when the code comes',
    );

    const path = `${first.home}/deliveries/${delivery}/codes/mails`;
    await stage.change(delivery, { tries: 2 });
    t.same((await first.ask('POST', path, { body: {} })).body, { to: 'm…@street.example' });
    await until('it is mailed again', () => mailed().length === 2);
    t.ok(mailed()[1]!.text.includes(code), 'S019: a lost message is sent again with the same code');
    t.equal((await stage.store.read.attempts.find(delivery, 1))!.tries, 2, 'and what was wrong stays counted');
    t.equal(
      (await second.ask('POST', path, { body: {} })).body.code,
      'MAIL_UNAVAILABLE',
      'not to an address that is not proven',
    );
    t.notOk(mailbox.mails.some(({ to, text }) => to.includes('unproven') && text.includes('Lumen')));
  },
);

t.test('S021: a code of another day comes when its day begins, or when the parcel sets out', async (t) => {
  const stage = await setUp(t);
  const { first, mailed, mailTo, world } = stage;
  await mailTo(first, 'mara@street.example');
  const [early, late] = [await stage.announce(3), await stage.announce(3)];
  const view = async (delivery: string) => (await first.ask('GET', `${first.home}/deliveries/${delivery}/codes`)).body;
  t.match(await view(late), { shown: 'on-the-way', codes: [{ digits: undefined }] });
  t.equal(
    (await first.ask('POST', `${first.home}/deliveries/${late}/codes/mails`, { body: {} })).body.code,
    'CODE_NOT_SHOWN',
  );
  await stage.start(early);
  await until('the one that set out is told', () => mailed().length === 1, 20_000);
  t.ok(mailed()[0]!.text.includes(await stage.codeOf(early)));
  world.wind(hours(72));
  await until('the other on its day', () => mailed().length === 2, 20_000);
  t.ok(mailed()[1]!.text.includes(await stage.codeOf(late)));
});

t.test('on arrival only: then at once; and what is over meanwhile is not sent', async (t) => {
  const stage = await setUp(t, 'on-arrival');
  const { first, second, mailed, mailTo } = stage;
  await mailTo(first, 'mara@street.example');
  await mailTo(second, 'mara@street.example');
  const [here, blocked] = [await stage.announce(), await stage.announce()];
  await stage.change(blocked, { state: 'closed', how: 'blocked' });
  await stage.arrive(here, 'phone-1');
  await until('the code comes with the courier', () => mailed().length === 1);
  t.ok(mailed()[0]!.text.includes(await stage.codeOf(here)));
  const view = async () => (await first.ask('GET', `${first.home}/deliveries/${here}/codes`)).body;
  t.match(await view(), { door: 'here', since: Number, shown: 'now', codes: [{ digits: String }] }, 'S026');
  const next = await stage.announce();
  await stage.arrive(next, 'phone-1');
  await until('the next one comes, too', () => mailed().length === 2);
  await stage.killTask(here);
  const after = { door: 'nobody', since: undefined, shown: 'on-arrival', codes: [{ digits: undefined }] };
  t.match(await view(), after, 'T29: whose link was taken by a second phone is not at the door any more');
  t.equal(mailed().length, 2, 'two devices with one address are told once, and what was blocked never');
});

t.test('a neighbour gets their own code at their own address, without what is in it; taken back, none', async (t) => {
  const stage = await setUp(t);
  const { first, mailed, browserOf, second } = stage;
  const browser = await browserOf(second);
  const holders = [
    { kind: 'gift', name: 'Ada', sender: 'Weber, 2nd floor', contact: 'ada@street.example', language: 'it' },
  ];
  const delivery = await stage.announce(3);
  const { body } = await first.ask('POST', `${first.home}/holders`, { body: { delivery, holders } });
  const gone = await first.ask('POST', `${first.home}/holders`, {
    body: { delivery, holders: [{ kind: 'gift', name: 'Ben', contact: 'ben@street.example' }] },
  });
  await first.ask('DELETE', `${first.home}/holders/${gone.body.holders[0]}`);
  await stage.start(delivery);
  await until('it is mailed', () => mailed().length === 1, 20_000);
  const [mail] = mailed();
  t.equal(mail!.to, 'ada@street.example');
  t.equal(mail!.subject, codeWords.it.subject);
  t.ok(mail!.text.includes('Weber, 2nd floor'));
  for (const part of ['A lamp', 'Lumen', await stage.codeOf(delivery)]) t.notOk(mail!.text.includes(part), part);
  const [link] = /https:\/\/pages\.example\/receive\/#\S+/.exec(mail!.text)!;
  const token = /#(.+)@/.exec(link)![1]!;
  const page = await stage.world.cloud.app.inject(`/v1/holder-codes/${token}`);
  t.ok(mail!.text.includes(page.json().stops[0].digits), 'the page shows the same');
  t.match(page.json().stops, [{ door: 'nobody' }]);
  t.ok(body.holders.length === 1);
  await until('the other device learns who may receive', () =>
    toldTo(browser).some((one) => one.body.includes('who may receive')),
  );
});

t.test('S066 S100: every language says the same, and says it all', async (t) => {
  const placeholders = (text: string): string => (text.match(/\{\w+\}/g) ?? []).join();
  for (const [language, words] of Object.entries(codeWords)) {
    for (const [key, text] of Object.entries(words)) {
      const original = codeWords.en[key as keyof typeof codeWords.en];
      t.equal(placeholders(text), placeholders(original), `${language} ${key}`);
      if (language !== 'en' && text.length > 12) t.not(text, original, `${language} ${key}`);
    }
  }
});
