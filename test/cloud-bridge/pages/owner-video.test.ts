/** The owner's app in Chromium, live and recorded, in one launch: against a relay that lies when told to, then through the real cloud (R8, R10). */
import t from 'tap';
import { until } from '../../support/until.ts';
import { attack } from './attack-cases.ts';
import { barriersIn } from './axe.ts';
import { noChromium } from './browser.ts';
import { jpegs, noFfmpeg } from './camera.ts';
import { joinAndWatch } from './live-cases.ts';
import { throughTheRealCloud } from './real-cloud.ts';
import { playAndSave } from './recording-cases.ts';
import { at, newStream, run, setStage, shoot, show, watchDoor } from './stage.ts';

t.test('the owner’s app, live and recorded, in a browser', { skip: noChromium || noFfmpeg }, async (t) => {
  const stage = await setStage(t);
  const { cloud, page, browser, complaints } = stage;
  await joinAndWatch(t, stage);
  t.same(await barriersIn(page), [], 'live: nothing stands in the way of a screen reader or of weak eyes');
  await attack(t, stage);

  await t.test('OFFLINE when the relay is gone, and live again when it is back', async (t) => {
    cloud.relayAway = true;
    cloud.cut();
    await at(page, 'offline');
    await shoot(page, 'offline');
    t.same(await barriersIn(page), []);
    cloud.welcome = [];
    cloud.relayAway = false;
    await until('the page is back', () => cloud.viewers === 1);
    await stage.goLive();
    stage.camera.stop();
  });

  await t.test('JPEG pictures are drawn too', async () => {
    const shots = jpegs(5);
    const made = await newStream(stage, { codec: 'jpeg' });
    cloud.send(made.key);
    stage.camera = run(stage, made, shots);
    await at(page, 'live');
    stage.camera.stop();
  });

  await playAndSave(t, stage);
  t.same(await barriersIn(page), [], 'recordings');

  await t.test('the same through the real broker, relay and store', (t) =>
    throughTheRealCloud(t, browser, stage.folder),
  );

  await t.test('dark, on a wide screen', async (t) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 1100, height: 800 });
    await watchDoor(page);
    await stage.goLive();
    await shoot(page, 'dark');
    t.same(await barriersIn(page), []);
    stage.camera.stop();
    await show(page, 'recordings');
    await page.waitForSelector('.recorded');
    t.same(await barriersIn(page), []);
  });

  await t.test('the device is remembered, and nothing was written on the console', async (t) => {
    await page.reload();
    await page.waitForSelector('[data-stream]');
    t.equal(cloud.asked.length, 1, 'it did not ask again');
    const unexpected = complaints.filter((one) => !/status of (404|503)|WebSocket connection to/.test(one));
    t.same(unexpected, []);
  });
});
