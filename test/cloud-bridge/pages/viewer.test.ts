/** The owner's page in Chromium, against its real host and a relay that lies when told to (R10, T01-T05). */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import t from 'tap';
import { buildViewer } from '../../../cloud-bridge/pages/build.ts';
import { type Pages, servePages } from '../../../cloud-bridge/pages/host.ts';
import { toInvitation, verifyInvited } from '../../../wire/invitation.ts';
import { toEntryText } from '../../../wire/journal.ts';
import { until } from '../../support/until.ts';
import { complaintsOf, launch, noChromium } from './browser.ts';
import { accessUnits, jpegs, noFfmpeg, type Shot } from './camera.ts';
import { door, strangersKey } from './device.ts';
import { type FakeCloud, homeId, startFakeCloud } from './fake-cloud.ts';
import { throughTheRealCloud } from './real-cloud.ts';
import { type FakeStream, makeHub, sealStream, toRec } from './sealer.ts';

const visit = 'v'.repeat(22);
const secret = 's'.repeat(22);
const frameMs = 67;
const patienceMs = 15_000;
/** Where pictures of the page go, to be looked at; in no folder unless one is named. */
const shotsDir = process.env.DOORWARD_SCREENSHOTS;

interface World {
  /** The built page. */
  readonly folder: string;
  readonly cloud: FakeCloud;
  readonly pages: Pages;
  readonly browser: Browser;
  readonly page: Page;
  readonly complaints: string[];
  readonly hub: ReturnType<typeof makeHub>;
  readonly h264: readonly Shot[];
}

/** A camera that runs until it is stopped: a picture every 67 ms, a checkpoint every 15. */
function run(world: World, stream: FakeStream, shots: readonly Shot[], lateMs: () => number = () => 0) {
  let sent = 0;
  const timer = setInterval(() => {
    const { data, isKey } = shots[sent % shots.length]!;
    world.cloud.send(stream.frame(data, Date.now() - lateMs(), isKey));
    sent += 1;
    if (sent % 15 === 0) world.cloud.send(stream.checkpoint(Date.now()));
  }, frameMs);
  return {
    get sent() {
      return sent;
    },
    stop: () => clearInterval(timer),
  };
}

const at = (page: Page, state: string) =>
  page.waitForSelector(`#stage[data-at="${state}"]`, { state: 'attached', timeout: patienceMs });
const text = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText();
const drawn = async (page: Page): Promise<number> => Number((await page.getAttribute('#picture', 'data-drawn')) ?? 0);

async function shoot(page: Page, name: string): Promise<void> {
  if (shotsDir === undefined) return;
  mkdirSync(shotsDir, { recursive: true });
  await page.screenshot({ path: join(shotsDir, `${name}.png`), fullPage: true });
}

async function makeWorld(): Promise<World> {
  const hub = makeHub();
  const folder = join(t.testdir(), 'viewer');
  const source = resolve(import.meta.dirname, '../../../cloud-bridge/pages/viewer');
  await buildViewer(source, folder);
  let pages: Pages | undefined;
  const cloud = await startFakeCloud(hub, door, () => pages?.url ?? '');
  pages = await servePages({ folder, api: cloud.url, host: '127.0.0.1', port: 0 });
  const browser = await launch();
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  const page = await context.newPage();
  return { folder, cloud, pages, browser, page, complaints: complaintsOf(page), hub, h264: accessUnits(45) };
}

const newStream = ({ cloud, hub }: World, more: Partial<Parameters<typeof sealStream>[0]> = {}) =>
  sealStream({
    hub,
    to: cloud.devices.map(({ seal }) => seal),
    door,
    visit,
    codec: 'h264',
    startedMs: Date.now(),
    ...more,
  });

const skip = noChromium || noFfmpeg;

t.test('the owner’s page in a browser', { skip }, async (t) => {
  const world = await makeWorld();
  const { cloud, pages, browser, page, complaints, hub, h264 } = world;
  t.teardown(async () => {
    await browser.close();
    await pages.stop();
    await cloud.stop();
  });

  const says = (id: string, words: string) =>
    until(`#${id} says ${words}`, async () => ((await page.textContent(`#${id}`)) ?? '').includes(words), patienceMs);

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

  let stream = await newStream(world);
  let camera = { sent: 0, stop: (): void => {} };
  /** A stream that is live on the page, from its beginning. */
  const goLive = async (): Promise<void> => {
    stream = await newStream(world);
    cloud.send({ relay: 'stream', stream: stream.id }, stream.key);
    camera = run(world, stream, h264);
    await at(page, 'live');
  };

  await t.test('the live picture appears, and every picture is drawn', async (t) => {
    const before = await drawn(page);
    await goLive();
    await until('three seconds of pictures', () => camera.sent >= 45);
    await shoot(page, '2-live');
    camera.stop();
    await until('all are drawn', async () => (await drawn(page)) - before === camera.sent);
    t.equal(await page.getAttribute('#picture', 'data-seq'), String(camera.sent));
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
    t.match(claims, { aud: hub.id, stream: stream.id });
    t.equal(claims.picture, createHash('sha256').update(shown).digest('base64url'));
  });

  await t.test('STALLED when nothing comes any more', async (t) => {
    await at(page, 'stalled');
    t.match(await text(page, 'veil-since'), /^since \d/);
    await shoot(page, '3-stalled');
  });

  await t.test('DELAYED when pictures come, but old ones', async () => {
    let lateMs = 0;
    await goLive();
    camera.stop();
    camera = run(world, stream, h264.slice(0, 1), () => lateMs);
    await at(page, 'live');
    lateMs = 2_500;
    await at(page, 'delayed');
    await shoot(page, '4-delayed');
    camera.stop();
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
    await says('stop-note', 'HUB_OFFLINE');
    await page.mouse.up();
    t.match(await text(page, 'stop-note'), /^Not stopped/);
    await shoot(page, '5-not-stopped');
    cloud.hubAway = false;
    await hold();
    await until('the order', () => cloud.documents[0]);
    await page.mouse.up();
    t.match(cloud.documents, [{ aud: hub.id, ends: { kind: 'visit', id: visit } }]);
    await says('stop-note', 'The hub took');
    // by keyboard: twice
    await page.focus('#stop');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await until('the order by keyboard', () => cloud.documents[1]);
  });

  await t.test('STOPPED when the hub signed the end', async () => {
    await goLive();
    camera.stop();
    cloud.send(stream.checkpoint(Date.now(), { end: 'stopped' }));
    await at(page, 'stopped');
    await shoot(page, '6-stopped');
  });

  /** A stream whose pictures are drawn: it is not called live so soon after an attack. */
  const goOn = async (): Promise<void> => {
    const before = await drawn(page);
    stream = await newStream(world);
    cloud.send({ relay: 'stream', stream: stream.id }, stream.key);
    camera = run(world, stream, h264);
    await until('pictures', async () => (await drawn(page)) > before + 1, patienceMs);
  };

  /** Does something to the stream, and looks for its name on the page. */
  const caught = async (code: string, attack: () => Promise<void> | void): Promise<void> => {
    await page.evaluate(`document.querySelector('#noticed-clear').click()`);
    await attack();
    await page.waitForSelector(`#noticed-list li[data-code="${code}"]`, { timeout: patienceMs });
    await at(page, 'tampered');
    await says('veil-text', code);
    camera.stop();
  };

  await t.test('a relay that starts a session of its own', async () => {
    await caught('VIDEO_KEY_NOT_GENUINE', async () => {
      const own = await newStream(world, { hub: makeHub(hub.id) });
      cloud.send(own.key, own.frame(h264[0]!.data, Date.now()));
    });
    await shoot(page, '7-tampered');
  });
  await t.test('a relay that replays a picture', async () => {
    await goOn();
    await caught('VIDEO_FRAME_REPLAYED', () => {
      camera.stop();
      const frame = stream.frame(h264[0]!.data, Date.now());
      cloud.send(frame, frame);
    });
  });
  await t.test('a relay that changes the order', async () => {
    await goOn();
    await caught('VIDEO_FRAME_REPLAYED', () => {
      camera.stop();
      const [one, two] = [0, 1].map(() => stream.frame(h264[0]!.data, Date.now()));
      cloud.send(two!, one!);
    });
  });
  await t.test('a relay that drops a picture and says nothing', async () => {
    await goOn();
    await caught('VIDEO_FRAME_MISSING', () => {
      stream.frame(h264[0]!.data, Date.now());
    });
  });
  await t.test('a relay that alters a picture', async () => {
    await goOn();
    await caught('VIDEO_FRAME_ALTERED', () => {
      const frame = stream.frame(h264[0]!.data, Date.now());
      frame[100]! ^= 1;
      cloud.send(frame);
    });
  });
  await t.test('a chain that the hub did not sign for', async () => {
    await goOn();
    await caught('VIDEO_CHAIN_BROKEN', () => cloud.send(stream.checkpoint(Date.now(), { hash: 'A'.repeat(43) })));
  });
  await t.test('a stream of yesterday that is played as live', async () => {
    await caught('VIDEO_FRAME_REPLAYED', async () => {
      const old = await newStream(world, { startedMs: Date.now() - 86_400_000 });
      cloud.send({ relay: 'stream', stream: old.id }, old.key, old.frame(h264[0]!.data, Date.now() - 86_400_000));
    });
  });

  await t.test('a slow connection that the relay owns up to is no tampering', async (t) => {
    await page.evaluate(`document.querySelector('#noticed-clear').click()`);
    await goOn();
    camera.stop();
    stream.frame(h264[1]!.data, Date.now(), false);
    const next = stream.frame(h264[0]!.data, Date.now());
    cloud.send({ relay: 'skipped', from: camera.sent + 1, to: camera.sent + 1 }, next);
    await page.waitForSelector('#noticed-list li.mild');
    await until(
      'the next picture is drawn',
      async () => (await page.getAttribute('#picture', 'data-seq')) === String(camera.sent + 2),
    );
    t.equal(await page.locator('#noticed-list li:not(.mild)').count(), 0);
  });

  await t.test('OFFLINE when the relay is gone, and live again when it is back', async () => {
    cloud.relayAway = true;
    cloud.cut();
    await at(page, 'offline');
    await shoot(page, '8-offline');
    cloud.welcome = [];
    cloud.relayAway = false;
    await until('the page is back', () => cloud.viewers === 1);
    await goLive();
    camera.stop();
  });

  await t.test('JPEG pictures are drawn too', async () => {
    const shots = jpegs(5);
    const made = await newStream(world, { codec: 'jpeg' });
    cloud.send(made.key);
    camera = run(world, made, shots);
    await at(page, 'live');
    camera.stop();
  });

  await t.test('a recording is checked, played, sought in and saved', async (t) => {
    const recorded = await newStream(world, { startedMs: Date.now() - 3_600_000 });
    const messages = [recorded.key];
    const from = Date.now() - 3_600_000;
    for (const [index, { data, isKey }] of h264.entries()) {
      messages.push(recorded.frame(data, from + index * frameMs, isKey));
      if (index % 15 === 14) messages.push(recorded.checkpoint(from, index === 44 ? { end: 'stopped', late: 3 } : {}));
    }
    const row = {
      stream: recorded.id,
      door,
      visit,
      startedAt: from,
      endedAt: from + 45 * frameMs,
      complete: true,
      late: 3,
      frames: 45,
      bytes: 250_000,
    };
    cloud.recordings.set(recorded.id, { row, file: toRec(messages) });
    const cut = await newStream(world, { startedMs: from - 7_200_000 });
    const rest = [0, 1, 2, 3].map((index) => cut.frame(h264[index]!.data, from, index === 0));
    const file = toRec([cut.key, ...rest.slice(0, 1), ...rest.slice(3)]);
    const cutRow = {
      ...row,
      stream: cut.id,
      visit: null,
      startedAt: from - 7_200_000,
      endedAt: null,
      complete: false,
      late: 0,
    };
    cloud.recordings.set(cut.id, { row: cutRow, file });

    await page.click('#tab-recordings');
    await page.click(`[data-stream="${recorded.id}"]`);
    await page.waitForSelector('#player:not([hidden])');
    t.equal(await text(page, 'player-verdict'), 'Complete and genuine');
    await page.locator('#player-seek').fill('2000');
    await until(
      'the place',
      async () =>
        (await page.inputValue('#player-seek')) === '1940' ||
        (await page.inputValue('#player-seek')) === '1943' ||
        Number(await page.inputValue('#player-seek')) > 1_900,
    );
    await shoot(page, '9-recording');
    await page.click('#player-play');
    await until(
      'it played to its end',
      async () => (await page.inputValue('#player-seek')) === (await page.getAttribute('#player-seek', 'max')),
    );
    await until('it rests', async () => (await text(page, 'player-play')) === 'Play');

    const download = page.waitForEvent('download');
    await page.click('#player-export');
    const saved = await download;
    t.match(saved.suggestedFilename(), /^doorward-.*\.mp4$/);
    const bytes: Buffer[] = [];
    for await (const chunk of await saved.createReadStream()) bytes.push(chunk as Buffer);
    t.equal(Buffer.concat(bytes).subarray(4, 8).toString(), 'ftyp');

    await page.click(`[data-stream="${cut.id}"]`);
    await says('player-verdict', 'Genuine, but incomplete');
    await shoot(page, '10-incomplete');
  });

  await t.test('the same through the real broker, relay and store', (t) =>
    throughTheRealCloud(t, browser, world.folder),
  );

  await t.test('dark, on a wide screen', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 1100, height: 800 });
    await page.click('#tab-live');
    await goLive();
    await shoot(page, '11-dark');
    camera.stop();
  });

  await t.test('the device is remembered, and nothing was written on the console', async (t) => {
    await page.reload();
    await page.waitForSelector('#live:not([hidden])');
    t.equal(cloud.asked.length, 1, 'it did not ask again');
    const unexpected = complaints.filter((one) => !/status of (404|503)|WebSocket connection to/.test(one));
    t.same(unexpected, []);
  });
});
