import t from 'tap';
import { supportWords } from '../../../cloud-bridge/pages/support/words.ts';
import { newId } from '../../../wire/jws.ts';
import { makeCarrier, makeCourier, makeTask } from '../support/people.ts';
import { ask, until } from '../support/world.ts';
import { openNoticeStage, toldTo } from './stage.ts';

t.test('S060, S064, S091, T37: a delivery is told in steps, each once, to every device that wants it', async (t) => {
  const stage = await openNoticeStage(t);
  const { world, hub, first, second, mailbox } = stage;
  const carrier = await makeCarrier(world, 'Hermes');
  const courier = await makeCourier(world);
  await first.put(await first.signRuleBook([carrier.rule(hub)]));
  const english = await stage.browserOf(first);
  const german = await stage.browserOf(second, { language: 'de', zone: 'Europe/Berlin', detail: true });
  const count = (n: number) =>
    until(`both were told ${n} times`, () => english.pushed.length === n && german.pushed.length === n);

  const { delivery, task } = await makeTask(hub, carrier, courier);
  await count(1);
  const from = Math.floor(Date.now() / 1000) + 600;
  const way = `/v1/deliveries/${delivery}/on-the-way`;
  t.match(await carrier.ask('POST', way, { body: { from, until: from + 900 } }), { status: 200 });
  await count(2);
  t.match(await carrier.ask('POST', way, { body: {} }), { status: 200 }, 'said again');
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  await count(3);
  const view = (await courier.ask('POST', `${task}/prepare`, { body: {}, key: false })).body;
  hub.append('visit.prepared', { grant: newId(), delivery, rule: 'r', jkt: courier.key.kid }, view.visit);
  hub.append('visit.arrived', {}, view.visit);
  await hub.sync();
  await count(4);
  hub.append('visit.unlock', {}, view.visit);
  await hub.sync();
  await count(5);
  hub.append('visit.ended', { outcome: 'completed', proof: 'secured' }, view.visit);
  await hub.sync();
  await count(6);

  t.same(
    toldTo(english).map(({ body }) => body),
    [
      'A delivery is planned.',
      'Your delivery is on the way.',
      'A courier may come in for a planned delivery.',
      'Somebody is at your door with your delivery.',
      'The door was unlocked for your delivery.',
      'Delivered. The door is proven locked.',
    ],
  );
  const told = toldTo(german);
  t.match(told[0]!.body, /^Eine Lieferung ist geplant: .+–.+\.$/, 'with the window, for who asked for it');
  t.equal(told[0]!.title, 'Ihre Lieferung · Hermes');
  t.equal(told[5]!.body, 'Geliefert. Die Tür ist nachweislich verriegelt.');
  t.same(
    toldTo(english).map(({ loud }) => loud),
    [false, false, false, true, false, false],
    'the door rings, the rest is quiet',
  );
  t.same(english.pushed.map(({ urgency }) => urgency)[3], 'high');
  t.equal(new Set(toldTo(english).map(({ id }) => id)).size, 6);
  t.equal(
    new Set([...english.pushed, ...german.pushed].map(({ topic }) => topic)).size,
    1,
    'one takes the place of the other',
  );
  t.notMatch(english.pushed.map(({ text }) => text).join(), new RegExp(`${hub.id}|${hub.door}|Hermes|order 7`));
  t.equal(mailbox.mails.length, 0, 'nobody gave an address');
});

t.test('S094: who comes to work brings nothing: visits are told as visits, also to support', async (t) => {
  const stage = await openNoticeStage(t);
  const { world, hub, first } = stage;
  const company = await makeCarrier(world, 'Bright', { kind: 'company' });
  const party = { kind: 'company', id: company.id, jwk: company.key.jwk } as const;
  await first.put(await first.signRuleBook([company.rule(hub, { party, consent: 'ask' })]));
  const browser = await stage.browserOf(first);
  const announced = async () => (await company.announce(hub, { parcels: undefined })).body.delivery as string;
  const told = (n: number) => until(`told ${n} times`, () => browser.pushed.length === n);
  const enter = (delivery: string): string => {
    const visit = newId();
    hub.append('visit.prepared', { grant: newId(), delivery, rule: 'r', jkt: first.key.kid }, visit);
    return visit;
  };

  const done = await announced();
  await told(1);
  await company.ask('POST', `/v1/deliveries/${done}/on-the-way`, { body: {} });
  await told(2);
  const courier = await makeCourier(world);
  const link = await company.ask('POST', `/v1/deliveries/${done}/task-link`, { body: {} });
  await courier.ask('POST', `/v1/tasks/${link.body.token}/claim`, { body: {}, key: false });
  const assignment = await company.signAssignment(hub, done, courier.key.kid);
  await company.ask('POST', `/v1/deliveries/${done}/assignment`, { body: { assignment } });
  await told(3);
  const visit = enter(done);
  for (const [n, kind, body] of [
    [4, 'visit.arrived', {}],
    [5, 'visit.unlock', {}],
    [6, 'visit.ended', { outcome: 'completed', proof: 'secured' }],
  ] as const) {
    hub.append(kind, body, visit);
    await hub.sync();
    await told(n);
  }
  const failed = await announced();
  await told(7);
  hub.append('visit.ended', { outcome: 'stopped', proof: 'untouched' }, enter(failed));
  await hub.sync();
  await told(8);
  await company.ask('POST', `/v1/deliveries/${await announced()}/cancel`, { body: {} });
  await told(10);
  const all = toldTo(browser);
  t.same(
    all.map(({ body }) => body),
    [
      'A visit is planned.',
      'Your visitor is on the way.',
      'A visitor asks to be let in. Your yes or no is needed.',
      'A visitor is at your door.',
      'The door was unlocked for the visit.',
      'The visit is over. The door is proven locked.',
      'A visit is planned.',
      'The visit did not take place. The door stayed locked all the time.',
      'A visit is planned.',
      'The visit was cancelled.',
    ],
  );
  t.same(new Set(all.map(({ title }) => title)), new Set(['Your visit', 'Your door']));

  await first.ask('POST', `${first.home}/cases`, { body: { delivery: done, reason: 'visitor' } });
  const operator = { authorization: `Bearer ${world.operatorToken}` };
  const hired = await ask(world.cloud, 'POST', '/v1/support-staff', { headers: operator, body: { name: 'Eva' } });
  const headers = { authorization: `Bearer ${hired.body.token}` };
  const { cases } = (await ask(world.cloud, 'GET', '/v1/support/cases', { headers })).body;
  t.match(cases, [{ state: 'visited' }]);
  const { history } = (await ask(world.cloud, 'GET', `/v1/support/cases/${cases[0].case}`, { headers })).body;
  const steps = history.map(({ what }: { what: string }) => what);
  t.ok(steps.includes('work.announced') && steps.includes('work.on-the-way') && steps.includes('work.arrived'));
  t.notMatch(steps.join(), /delivery/);
  for (const words of Object.values(supportWords)) for (const step of steps) t.ok(step in words.steps, step);
});

t.test('S064: a delivery that ends in any other way is told loudly, with how the door was left', async (t) => {
  const stage = await openNoticeStage(t);
  const { world, hub, first } = stage;
  const carrier = await makeCarrier(world);
  await first.put(await first.signRuleBook([carrier.rule(hub)]));
  const browser = await stage.browserOf(first);
  const last = async (text: string) => {
    await until(text, () => toldTo(browser).some(({ body }) => body.startsWith(text)));
    return toldTo(browser).at(-1)!;
  };
  const ends = [
    ['untouched', 'Not delivered. The door stayed locked'],
    ['secured', 'Not delivered as planned. The door is proven locked'],
    ['unsecured', 'Not delivered as planned. The door is not proven locked'],
  ] as const;
  for (const [proof, text] of ends) {
    const courier = await makeCourier(world);
    const { delivery } = await makeTask(hub, carrier, courier);
    const visit = newId();
    hub.append('visit.prepared', { grant: newId(), delivery, rule: 'r', jkt: courier.key.kid }, visit);
    hub.append('visit.ended', { outcome: 'stopped', proof }, visit);
    await hub.sync();
    t.match(await last(text), { loud: true, stays: false }, proof);
  }
  const { delivery } = (await carrier.announce(hub)).body;
  await carrier.ask('POST', `/v1/deliveries/${delivery}/cancel`, { body: {} });
  t.match(await last('The delivery was cancelled.'), { loud: false });
});

t.test(
  'T37: who may enter is told to the devices that did not change it themselves, and a renewed lease is no news',
  async (t) => {
    const stage = await openNoticeStage(t);
    const { world, hub, first, second } = stage;
    const carrier = await makeCarrier(world);
    const [mine, theirs] = [
      await stage.browserOf(first),
      await stage.browserOf(second, { choices: { grants: 'quiet' } }),
    ];
    const rule = carrier.rule(hub);
    const put = async (rules: readonly (typeof rule)[]) => {
      const book = await first.signRuleBook(rules);
      await first.put(book);
      const { hashOf } = await import('../../../wire/jws.ts');
      hub.append('document.accepted', { type: 'ruleBook', version: first.version, hash: hashOf(book) });
      await hub.sync();
    };
    await put([rule]);
    await until('the other device is told', () => theirs.pushed.length === 1);
    t.match(toldTo(theirs), [{ body: 'Another device of your home changed who may come in.', loud: false }]);
    await put([rule]);
    await put([]);
    await put([carrier.rule(hub)]);
    await until('it is told of the next new rule', () => theirs.pushed.length === 2);
    t.equal(mine.pushed.length, 0);
  },
);

t.test(
  'T31: the goods and who sends them are named to whoever wants detail; not mine is told to the others',
  async (t) => {
    const stage = await openNoticeStage(t);
    const { world, hub, first, second } = stage;
    const carrier = await makeCarrier(world, 'Hermes');
    await first.put(await first.signRuleBook([carrier.rule(hub)]));
    const plain = await stage.browserOf(first);
    const detailed = await stage.browserOf(second, { detail: true, zone: 'UTC' });
    const parcel = { goods: 'Telephone', sender: 'Example\u00a0Shop', value: { amount: 99_900, currency: 'EUR' } };
    const { delivery } = (await carrier.announce(hub, { parcel })).body;
    await first.ask('POST', `${first.home}/deliveries/${delivery}/not-mine`, { body: {} });
    await until('both were told twice', () => plain.pushed.length === 2 && detailed.pushed.length === 2);
    t.same(
      toldTo(plain).map(({ body }) => body),
      ['A delivery is planned.', 'A delivery was refused: nobody here has ordered it. It is blocked.'],
    );
    t.match(toldTo(detailed)[0]?.body, /^A delivery is planned: .+\. Telephone · Example.Shop$/);
    t.notMatch(JSON.stringify(toldTo(detailed)), /999/, 'the value is nobody’s business on a locked screen');
  },
);

t.test('wishes that another device of the home changes are told', async (t) => {
  const stage = await openNoticeStage(t);
  const { first, second } = stage;
  const [one, two] = [await stage.browserOf(first), await stage.browserOf(second)];
  const body = { version: 1, wishes: { order: ['in-person'], zone: 'UTC' } };
  t.equal((await first.ask('PUT', `${first.home}/wishes`, { body })).status, 200);
  await until('the other was told', () => two.pushed.length === 1);
  t.match(toldTo(two)[0]?.body, /^Another device of your home changed/);
  t.equal(one.pushed.length, 0, 'it did it itself');
});
