/** The page joins a home and shows its door: every state by its name, what it signs, Stop. */
import { createHash } from 'node:crypto';
import type { Test } from 'tap';
import { nowWords } from '../../../cloud-bridge/pages/owner/now/words.ts';
import { toInvitation, verifyInvited } from '../../../wire/invitation.ts';
import { toEntryText } from '../../../wire/journal.ts';
import { until } from '../../support/until.ts';
import { door, strangersKey } from './device.ts';
import { homeId } from './fake-cloud.ts';
import { holdDown, pressKeys } from './pages-stage.ts';
import { at, drawn, run, type Stage, says, shoot, visit, watchDoor } from './stage.ts';

const secret = 's'.repeat(22);

export async function joinAndWatch(t: Test, stage: Stage): Promise<void> {
  const { cloud, pages, page, hub, h264 } = stage;
  await t.test(
    'by the address of before, an invitation leads to the app; its keys are proven by the secret',
    async (t) => {
      await page.goto(`${pages.url}/viewer/`);
      await page.waitForSelector('[data-stage="alone"]');
      t.equal(page.url(), `${pages.url}/app/`);
      const invitation = { api: cloud.url, home: homeId, hub: hub.id, hubKey: hub.kid, secret };
      await page.goto('about:blank');
      await page.goto(`${pages.url}/viewer/${toInvitation(invitation)}`);
      const asked = await until('the page asks to join', () => cloud.asked[0]);
      t.notMatch(page.url(), /invite/, 'and the secret leaves the address bar');
      t.match(await verifyInvited(secret, asked), { ok: true });
      await page.waitForSelector('.letters');
      cloud.devices.push({ sign: strangersKey(), seal: strangersKey() }, { sign: asked.sign, seal: asked.seal });
      cloud.welcome = [{ relay: 'idle' }];
      await watchDoor(page);
      await at(page, 'idle');
      await shoot(page, 'idle');
    },
  );

  await t.test('its private keys cannot be read out, by the page’s own scripts neither', async (t) => {
    const read = `new Promise((resolve) => { indexedDB.open('doorward').onsuccess = ({ target }) => {
      target.result.transaction('device').objectStore('device').get('keys').onsuccess = async ({ target }) => {
        const { sign, seal } = target.result;
        const tries = [sign, seal].map(({ privateKey }) => crypto.subtle.exportKey('jwk', privateKey).then(() => 'out', (e) => e.name));
        resolve([sign.privateKey.extractable, seal.privateKey.extractable, ...(await Promise.all(tries))]);
      }; }; })`;
    t.same(await page.evaluate(read), [false, false, 'InvalidAccessError', 'InvalidAccessError']);
  });

  await t.test('the live picture appears, and every picture is drawn', async (t) => {
    const before = await drawn(page);
    await stage.goLive();
    await until('three seconds of pictures', () => stage.camera.sent >= 45);
    await shoot(page, 'live');
    stage.camera.stop();
    await until('all are drawn', async () => (await drawn(page)) - before === stage.camera.sent);
    t.equal(await page.getAttribute('.stage canvas', 'data-seq'), String(stage.camera.sent));
    const colours = `(() => { const c = document.querySelector('.stage canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
      const seen = new Set(); for (let i = 0; i < d.length; i += 4004) seen.add((d[i] >> 5) * 64 + (d[i + 1] >> 5) * 8 + (d[i + 2] >> 5)); return [c.width, c.height, seen.size]; })()`;
    const [width, height, seen] = (await page.evaluate(colours)) as [number, number, number];
    t.same([width, height], [640, 480]);
    t.ok(seen > 10, `a picture with ${seen} colours stands on the canvas`);
  });

  await t.test('it signs what it sees: number and hash of a picture that was sent', async (t) => {
    const sight = await until('a sight', () => cloud.said.find((one) => one.sight !== undefined)?.sight);
    const claims = JSON.parse(Buffer.from(sight.split('.')[1]!, 'base64url').toString()) as {
      seq: number;
      picture: string;
    };
    const shown = h264[(claims.seq - 1) % h264.length]!.data;
    t.match(claims, { aud: hub.id, stream: stage.stream.id });
    t.equal(claims.picture, createHash('sha256').update(shown).digest('base64url'));
  });

  await t.test('STALLED when nothing comes any more', async () => {
    await at(page, 'stalled');
    await says(page, '.stage figcaption', 'since ');
    await shoot(page, 'stalled');
  });

  await t.test('DELAYED when pictures come, but old ones', async () => {
    let lateMs = 0;
    await stage.goLive();
    stage.camera.stop();
    stage.camera = run(stage, stage.stream, h264.slice(0, 1), () => lateMs);
    await at(page, 'live');
    lateMs = 2_500;
    await at(page, 'delayed');
    await shoot(page, 'delayed');
    stage.camera.stop();
  });

  await t.test('a visit that runs can be stopped, before, during and after the picture (R8)', async (t) => {
    const entry = (kind: 'visit.arrived'): string =>
      toEntryText({ seq: 1, at: Date.now(), door, visit, kind, body: {}, prev: 'h'.repeat(43) });
    cloud.entry(entry('visit.arrived'));
    const stop = page.locator('.card.visit .hold.stop button');
    await stop.waitFor();
    const { notStopped, stopped } = nowWords.en;
    await stop.hover();
    await page.mouse.down();
    await page.mouse.up();
    t.same(cloud.documents, [], 'a touch is not enough');
    cloud.hubAway = true;
    await holdDown(page, stop);
    await says(page, '.card.visit .hold.stop small', notStopped);
    await shoot(page, 'not-stopped');
    cloud.hubAway = false;
    await holdDown(page, stop);
    await until('the order', () => cloud.documents[0]);
    t.match(cloud.documents, [{ aud: hub.id, ends: { kind: 'visit', id: visit } }]);
    await says(page, '.card.visit .hold.stop small', stopped);
    await pressKeys(page, stop);
    await until('the order by keyboard', () => cloud.documents[1]);
  });

  await t.test('STOPPED when the hub signed the end', async () => {
    await stage.goLive();
    stage.camera.stop();
    cloud.send(stage.stream.checkpoint(Date.now(), { end: 'stopped' }));
    await at(page, 'stopped');
    await shoot(page, 'stopped');
  });
}
