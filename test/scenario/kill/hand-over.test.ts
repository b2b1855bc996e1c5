/** A hand-over with the cloud killed with -9 at each of its steps, the process and its database being the real ones. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { HttpClient, mustHave } from '../../../hardware-sim/people/http.ts';
import { type Running, start } from '../../../hardware-sim/start/process.ts';
import { newId, signDocument } from '../../../wire/jws.ts';
import { type StopActClaims, StopView, stopActForm } from '../../../wire/stop.ts';
import { openStopStage, type StopTask } from '../../cloud-bridge/stop/stop-stage.ts';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';

t.setTimeout(240_000);

/** What the courier's phone does, in order; `wrong` and `right` are codes. */
const steps = ['arrive', 'ring', 'name', 'wrong', 'right'] as const;
/** `committed`: as soon as the act stands in the database, its answer unread. `soon`: some ms after it was sent, whatever stands then. */
const deaths = ['committed', 'soon'] as const;

t.test('condition 6: the cloud killed with -9 in a hand-over: nothing lost, nothing done or told twice', async (t) => {
  const stage = await openStopStage(t);
  const { world, store, account } = stage;
  await stage.wish({ order: ['in-person'], codeFrom: { amount: 0, currency: 'EUR' }, waitSeconds: 0 });
  const tasks: StopTask[] = [];
  for (const _ of deaths) tasks.push(await stage.task(['in-person']));
  await world.cloud.stop();

  const port = await freePort();
  const config = join(world.dataDir, 'dying.json');
  const many = { requestsPerSecond: 10_000, refusalsPerSecond: 10_000 };
  await writeFile(config, JSON.stringify({ dataDir: world.dataDir, port, broker: world.broker, ...many }));
  let cloud: Running | undefined;
  const run = async (): Promise<void> => {
    cloud = await start('doorward-cloud', ['run', '--config', config, '--json'], join(world.dataDir, 'dying.log'));
  };
  const kill = async (): Promise<void> => {
    const dying = cloud;
    cloud = undefined;
    await dying?.kill();
  };
  t.teardown(() => cloud?.stop());
  await run();
  const http = new HttpClient({ base: `http://127.0.0.1:${port}` });
  t.teardown(() => http.close());

  for (const [index, death] of deaths.entries()) {
    const { delivery, path, courier } = tasks[index]!;
    const rowsOf = async (jti: string) => (await store.read.stops.acts(delivery, 1)).filter((one) => one.jti === jti);
    const right = await stage.codeOf(delivery);
    const wrong = right.replace(/.$/, (last) => String((Number(last) + 1) % 10));
    for (const [at, step] of steps.entries()) {
      const { nonce } = mustHave(
        await http.call({ method: 'GET', path: `${path}/stop`, proof: courier.key }, StopView),
      );
      const wish = {
        ...(step === 'wrong' || step === 'right' ? { act: 'hand-over', typedBy: 'courier' } : { act: step }),
        ...(at < 2 ? {} : { holder: account }),
      };
      const iat = Math.floor(Date.now() / 1000);
      const claims = { delivery, attempt: 1, jti: newId(), nonce, iat, ...wish } as StopActClaims;
      const act = await signDocument(stopActForm, claims, courier.key);
      const digits = step === 'wrong' ? wrong : right;
      const body = at < 3 ? { act } : { act, digits };
      const send = () => http.call({ method: 'POST', path: `${path}/stop/acts`, body, proof: courier.key }, StopView);

      const unread = send();
      if (death === 'soon') await pause(2 + 3 * at);
      else await until('the act is committed', async () => (await rowsOf(claims.jti)).length > 0);
      await kill();
      await unread;
      const wasCommitted = (await rowsOf(claims.jti)).length;
      if (death === 'committed') t.equal(wasCommitted, 1, `${step}: it outlives the process`);
      await run();

      const answers = [await send(), await send()].map((one) => (one.ok ? { ...one.value, at: 0 } : { ...one }));
      t.same(answers[0], answers[1], `${step}, ${death}: the same act gets the same answer`);
      if (step === 'wrong') t.match(answers[0], { ok: false, code: 'CODE_WRONG', detail: { triesLeft: 2 } });
      else t.match(answers[0], step === 'right' ? { end: 'handed-over' } : { state: 'here' }, step);
      t.equal((await rowsOf(claims.jti)).length, 1, `${step}: done once`);
    }
    const attempt = await store.read.attempts.find(delivery, 1);
    t.match(attempt, { state: 'closed', how: 'handed-over', tries: 1 }, 'a try counts once');
    t.match(await store.read.deliveries.find(delivery), { state: 'delivered', outcome: 'handed-over', attempt: 1 });
    for (const party of ['home', 'carrier'] as const) {
      const told = (await stage.told(party, delivery)).map((one) => JSON.stringify(one));
      t.same(told.length, new Set(told).size, `${party}: nothing is told twice`);
      const of = (type: string) => told.map((one) => JSON.parse(one)).filter((one) => one.type === type);
      t.same(
        of('stop.state').map((one) => one.act),
        ['arrive', 'ring', 'compared'],
        `${party}: each of them once`,
      );
      t.same(
        of('delivery.state')
          .map((one) => one.state)
          .slice(-2),
        ['at-door', 'delivered'],
        `${party}: nothing is lost`,
      );
    }
  }
});
