/** What a relay can do to a stream, each thing by its name on the page (T02, T03, T05). */
import type { Test } from 'tap';
import { until } from '../../support/until.ts';
import { makeHub } from './sealer.ts';
import { at, newStream, patienceMs, type Stage, says, shoot } from './stage.ts';

export async function attack(t: Test, stage: Stage): Promise<void> {
  const { cloud, page, hub, h264 } = stage;
  /** Does something to the stream, and looks for its name on the page. */
  const caught = async (code: string, attack: () => Promise<void> | void): Promise<void> => {
    await page.evaluate(`document.querySelector('.noticed button')?.click()`);
    await attack();
    await page.waitForSelector(`.noticed li[data-code="${code}"]`, { timeout: patienceMs });
    await at(page, 'tampered');
    await says(page, '.stage figcaption', code);
    stage.camera.stop();
  };

  await t.test('a relay that starts a session of its own', async () => {
    await caught('VIDEO_KEY_NOT_GENUINE', async () => {
      const own = await newStream(stage, { hub: makeHub(hub.id) });
      cloud.send(own.key, own.frame(h264[0]!.data, Date.now()));
    });
    await shoot(page, 'tampered');
  });
  await t.test('a relay that replays a picture', async () => {
    await stage.goOn();
    await caught('VIDEO_FRAME_REPLAYED', () => {
      stage.camera.stop();
      const frame = stage.stream.frame(h264[0]!.data, Date.now());
      cloud.send(frame, frame);
    });
  });
  await t.test('a relay that changes the order', async () => {
    await stage.goOn();
    await caught('VIDEO_FRAME_REPLAYED', () => {
      stage.camera.stop();
      const [one, two] = [0, 1].map(() => stage.stream.frame(h264[0]!.data, Date.now()));
      cloud.send(two!, one!);
    });
  });
  await t.test('a relay that drops a picture and says nothing', async () => {
    await stage.goOn();
    await caught('VIDEO_FRAME_MISSING', () => {
      stage.stream.frame(h264[0]!.data, Date.now());
    });
  });
  await t.test('a relay that alters a picture', async () => {
    await stage.goOn();
    await caught('VIDEO_FRAME_ALTERED', () => {
      const frame = stage.stream.frame(h264[0]!.data, Date.now());
      frame[100]! ^= 1;
      cloud.send(frame);
    });
  });
  await t.test('a chain that the hub did not sign for', async () => {
    await stage.goOn();
    await caught('VIDEO_CHAIN_BROKEN', () => cloud.send(stage.stream.checkpoint(Date.now(), { hash: 'A'.repeat(43) })));
  });
  await t.test('a stream of yesterday that is played as live', async () => {
    await caught('VIDEO_FRAME_REPLAYED', async () => {
      const old = await newStream(stage, { startedMs: Date.now() - 86_400_000 });
      cloud.send({ relay: 'stream', stream: old.id }, old.key, old.frame(h264[0]!.data, Date.now() - 86_400_000));
    });
  });

  await t.test('a slow connection that the relay owns up to is no tampering', async (t) => {
    await page.evaluate(`document.querySelector('.noticed button')?.click()`);
    await stage.goOn();
    stage.camera.stop();
    stage.stream.frame(h264[1]!.data, Date.now(), false);
    const next = stage.stream.frame(h264[0]!.data, Date.now());
    cloud.send({ relay: 'skipped', from: stage.camera.sent + 1, to: stage.camera.sent + 1 }, next);
    await page.waitForSelector('.noticed li[data-code="slow"]');
    await until(
      'the next picture is drawn',
      async () => (await page.getAttribute('.stage canvas', 'data-seq')) === String(stage.camera.sent + 2),
    );
    t.equal(await page.locator('.noticed li[data-bad]').count(), 0);
  });
}
