/** The page against the real cloud, its relay and the real broker; only the hub is played by a script. */
import type { Browser } from 'playwright-core';
import type { Test } from 'tap';
import { servePages } from '../../../cloud-bridge/pages/host.ts';
import { nowWords } from '../../../cloud-bridge/pages/owner/now/words.ts';
import { toInvitation, verifyInvited } from '../../../wire/invitation.ts';
import { freePort } from '../../support/free-port.ts';
import { Camera, MediaLink } from '../support/camera.ts';
import { makeHub } from '../support/hub.ts';
import { makeOwner } from '../support/people.ts';
import { makeWorld, until } from '../support/world.ts';
import { complaintsOf } from './browser.ts';
import { jpegs } from './camera.ts';
import { pressKeys } from './pages-stage.ts';
import { at, says, show, watchDoor } from './stage.ts';

const secret = 's'.repeat(22);
const visit = 'v'.repeat(22);

export async function throughTheRealCloud(t: Test, browser: Browser, folder: string): Promise<void> {
  // The page and the API have to know each other before either listens.
  const [pagesPort, apiPort] = [await freePort(), await freePort()];
  const api = `http://127.0.0.1:${apiPort}`;
  const config = { port: apiPort, publicUrl: api, pagesOrigins: [`http://127.0.0.1:${pagesPort}`] };
  const pages = await servePages({ folder, api, host: '127.0.0.1', port: pagesPort });
  t.teardown(() => pages.stop());
  const world = await makeWorld(t, { config });
  const hub = await makeHub(world);
  const doors = [{ id: hub.door, kind: 'latch', seesBolt: true, seesDoor: true, camera: true }];
  await hub.hello({ doors });
  const owner = await makeOwner(world, hub);
  const link = await new MediaLink(hub).connect();
  t.teardown(() => Promise.all([hub.leave(), link.leave()]));
  await until('the relay is online', () => world.logged().includes('mediaOnline'));

  const page = await (await browser.newContext()).newPage();
  t.teardown(() => page.close());
  const complaints = complaintsOf(page);
  const invitation = { api, home: hub.home, hub: hub.id, hubKey: hub.sign.kid, secret };
  const asked = page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/device-requests'));
  await page.goto(`${pages.url}/app/${toInvitation(invitation)}`);
  const request = (await asked).postDataJSON() as Parameters<typeof verifyInvited>[1];
  t.match(await verifyInvited(secret, request), { ok: true });
  const device = { sign: request.sign, seal: request.seal };
  await hub.signOwnerList([owner.device, device]);
  await hub.hello({ doors });
  await watchDoor(page);
  await at(page, 'idle');

  const shots = jpegs(15);
  const camera = await Camera.start(hub, { owners: [owner.seal, device.seal], visit });
  await link.send(camera.keyMessage);
  let sent = 0;
  const timer = setInterval(() => void link.send(camera.frame(shots[sent++ % shots.length]!.data)), 67);
  t.teardown(() => clearInterval(timer));
  await at(page, 'live');
  await until('a second of pictures', () => sent >= 15);
  clearInterval(timer);
  await until('all were acknowledged', () => link.seen(camera.stream).length === sent);
  await until(
    'the newest is drawn',
    async () => (await page.getAttribute('.stage canvas', 'data-seq')) === String(sent),
  );
  // R8: the journal tells of no visit here, but the picture is of one.
  await pressKeys(page, page.locator('.card.door .hold.stop button'));
  await until('the stop came to the hub', () => hub.requests.some(({ body }) => body.op === 'document.put'));
  await says(page, '.hold.stop small', nowWords.en.stopped);

  await link.send(await camera.checkpoint('stopped'));
  await at(page, 'stopped');
  await until('a sight came to the hub', () => hub.requests.some(({ body }) => body.op === 'camera.sight'));

  await until('it is stored', () => link.stored(camera.stream).length === sent);
  await show(page, 'recordings');
  await page.click(`[data-stream="${camera.stream}"] > button`);
  await page.waitForSelector('.clip[data-verdict="genuine"]');
  t.same(
    complaints.filter((one) => !/status of 404/.test(one)),
    [],
    'nothing on the console but the wait for being signed in',
  );
}
