/** S094: a service company's visit as people see it, from the link of its staff to the household's diary. Nothing is brought, and nothing says so. */
import t from 'tap';
import { deliveryWords } from '../../cloud-bridge/pages/owner/deliveries/words.ts';
import { diaryWords } from '../../cloud-bridge/pages/owner/diary/words.ts';
import { todayWords } from '../../cloud-bridge/pages/owner/today/words.ts';
import { fill } from '../../cloud-bridge/pages/owner/words.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { noChromium } from '../cloud-bridge/pages/browser.ts';
import { languages } from '../cloud-bridge/pages/visitor/languages.ts';
import { holdDown, openVisitorStage, untilAt } from '../cloud-bridge/pages/visitor-stage.ts';
import { letCarrierIn, rulesFor } from '../support/rig-people.ts';
import { until } from '../support/until.ts';

const who = 'Blitz Blank';
const brings = /Paket|Zustellung|gebracht|\b0\b/;

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const stage = await openVisitorStage(t);
  const { rig } = stage;
  const { owner } = rig;
  const door = rig.sim.door('front');
  const [says, today, delivery] = [languages.de, todayWords.de, deliveryWords.de];

  t.test('S094: who comes to work is announced, let in, and told of as that', async (t) => {
    const company = await letCarrierIn(rig.operator, rig.world, 'company');
    t.teardown(() => company.close());
    await company.dispatch.pinHub(owner.pinned.hub, owner.pinned.hubKey);
    const terms = { consent: 'ask', camera: 'off' } as const;
    mustHave(await owner.orders.setRules(rulesFor([rig.door().id], company, rig.time.now(), terms)));
    const from = Math.floor(rig.time.now() / 1000) - 5;
    const job = { door: rig.door().id, from, until: from + 7_200, reference: 'JOB-1' };
    const announced = mustHave(await company.dispatch.announce(job));
    const { url } = mustHave(await company.dispatch.taskLink(announced.delivery));

    owner.follow();
    const { page: app } = await stage.newPhone({ locale: 'de-DE', colorScheme: 'dark' });
    await app.goto(`${stage.url}/app/${owner.invite()}`);
    await app.waitForSelector('[data-door="locked"]');
    const show = async (screen: string): Promise<void> => {
      await app.evaluate(`location.hash = '#/${screen}'`);
      await app.getByText(who).first().waitFor();
    };
    const said = async (of: typeof app): Promise<string> => (await of.textContent('main')) ?? '';

    const { page: staff } = await stage.newPhone({ locale: 'de-DE' });
    await staff.goto(url);
    await staff.getByText(`${who} · ${says.staff.visit}`).waitFor();
    t.match(await staff.textContent('.hold.main button'), says.says.take);
    t.notMatch(await said(staff), brings);
    await stage.shoot(staff, 'company-new');
    await holdDown(staff);
    await staff.waitForSelector('.digits');
    const digits = ((await staff.textContent('.digits')) ?? '').replace(' ', '');
    mustHave(await company.dispatch.confirm(announced.delivery, digits));

    await show('today');
    await app.getByText(fill(today.asksWho, { who })).waitFor();
    t.match(await said(app), today.work);
    t.match(await said(app), today.allowWork);
    t.notMatch(await said(app), brings);
    await stage.shoot(app, 'company-asks');
    await holdDown(app, app.getByRole('button', { name: today.allow, exact: true }));
    await app.getByText(today.allowed).waitFor();
    await app.getByRole('link', { name: who }).click();
    await app.locator('[data-standing]').getByText(who).waitFor();
    await app.getByText(delivery.what).waitFor();
    t.match(await said(app), today.work);
    t.equal(await app.locator('[data-plan], #plan-where').count(), 0, 'there is nothing to be put anywhere');
    await stage.shoot(app, 'company-one');

    await untilAt(staff, 'idle');
    await staff.getByText(says.staff.rulesText).waitFor();
    await stage.shoot(staff, 'company-rules');
    await holdDown(staff);
    await staff.getByText(says.says.hereTitle).waitFor();
    await holdDown(staff);
    await untilAt(staff, 'ready');
    await holdDown(staff);
    await untilAt(staff, 'unlocked');
    t.match(await said(staff), says.staff.unlockedText);
    await until('the door gives way', () => door.openLeaf().moved);
    await untilAt(staff, 'open');
    await stage.closeDoor();
    await untilAt(staff, 'ended');
    t.equal(await staff.textContent('h1'), says.staff.completed);
    t.notMatch(await said(staff), brings);
    await stage.shoot(staff, 'company-ended');

    await show('diary');
    await app.locator('[data-outcome="completed"]').getByText(who).waitFor();
    t.equal(await app.textContent('[data-outcome="completed"] strong'), diaryWords.de.visited);
    t.notMatch(await said(app), brings);
    await stage.shoot(app, 'company-diary');
    await show('deliveries');
    await stage.shoot(app, 'company-deliveries');
    t.equal(rig.pulses(), 1);
  });
}
