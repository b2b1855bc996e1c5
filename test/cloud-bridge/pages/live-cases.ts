/** The page joins a home and shows its door: every state by its name, what it signs, Stop. */
import { createHash } from 'node:crypto';
import type { Test } from 'tap';
import { toInvitation, verifyInvited } from '../../../wire/invitation.ts';
import { toEntryText } from '../../../wire/journal.ts';
import { until } from '../../support/until.ts';
import { door, strangersKey } from './device.ts';
import { homeId } from './fake-cloud.ts';
import { at, drawn, run, type Stage, says, shoot, text, visit } from './stage.ts';

const secret = 's'.repeat(22);

export async function joinAndWatch(t: Test, stage: Stage): Promise<void> {
  const { cloud, pages, page, hub, h264 } = stage;
  await t.test('without an invitation it says what is missing', async (t) => {
    await page.goto(`${pages.url}/viewer/`);
    await page.waitForSelector('#welcome:not([hidden])');
    t.match(await text(page, 'welcome-title'), /belongs to no home/);
  });

  await t.test('an invitation is taken out of the address bar, and the keys are proven by its secret', async (t) => {
    const invitation = { api: cloud.url, home: homeId, hub: hub.id, hubKey: hub.kid, secret };
    await page.goto('about:blank');
    await page.goto(`${pages.url}/viewer/${toInvitation(invitation)}`);
    const asked = await until('the page asks to join', () => cloud.asked[0]);
    t.equal(await page.evaluate('location.hash'), '');
    t.match(await verifyInvited(secret, asked), { ok: true });
    await page.waitForSelector('#welcome-code:not([hidden])');
    await shoot(page, '0-joining');
    cloud.devices.push({ sign: strangersKey(), seal: strangersKey() }, { sign: asked.sign, seal: asked.seal });
    cloud.welcome = [{ relay: 'idle' }];
    await at(page, 'idle');
    await shoot(page, '1-idle');
  });

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
    await shoot(page, '2-live');
    stage.camera.stop();
    await until('all are drawn', async () => (await drawn(page)) - before === stage.camera.sent);
    t.equal(await page.getAttribute('#picture', 'data-seq'), String(stage.camera.sent));
    const colours = `(() => { const c = document.querySelector('#picture'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
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

  await t.test('STALLED when nothing comes any more', async (t) => {
    await at(page, 'stalled');
    t.match(await text(page, 'veil-since'), /^since \d/);
    await shoot(page, '3-stalled');
  });

  await t.test('DELAYED when pictures come, but old ones', async () => {
    let lateMs = 0;
    await stage.goLive();
    stage.camera.stop();
    stage.camera = run(stage, stage.stream, h264.slice(0, 1), () => lateMs);
    await at(page, 'live');
    lateMs = 2_500;
    await at(page, 'delayed');
    await shoot(page, '4-delayed');
    stage.camera.stop();
  });

  await t.test('a visit that runs can be stopped, before, during and after the picture (R8)', async (t) => {
    const entry = (kind: 'visit.arrived' | 'visit.ended'): string =>
      toEntryText({ seq: 1, at: Date.now(), door, visit, kind, body: {}, prev: 'h'.repeat(43) });
    cloud.entry(entry('visit.arrived'));
    await page.waitForSelector('#stop:not([disabled])');
    const box = (await page.locator('#stop').boundingBox())!;
    const hold = async (): Promise<void> => {
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
    };
    await hold();
    await page.mouse.up();
    t.same(cloud.documents, [], 'a touch is not enough');
    cloud.hubAway = true;
    await hold();
    await says(page, 'stop-note', 'HUB_OFFLINE');
    await page.mouse.up();
    t.match(await text(page, 'stop-note'), /^Not stopped/);
    await shoot(page, '5-not-stopped');
    cloud.hubAway = false;
    await hold();
    await until('the order', () => cloud.documents[0]);
    await page.mouse.up();
    t.match(cloud.documents, [{ aud: hub.id, ends: { kind: 'visit', id: visit } }]);
    await says(page, 'stop-note', 'The hub took');
    // by keyboard: twice
    await page.focus('#stop');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await until('the order by keyboard', () => cloud.documents[1]);
  });

  await t.test('STOPPED when the hub signed the end', async () => {
    await stage.goLive();
    stage.camera.stop();
    cloud.send(stage.stream.checkpoint(Date.now(), { end: 'stopped' }));
    await at(page, 'stopped');
    await shoot(page, '6-stopped');
  });
}
