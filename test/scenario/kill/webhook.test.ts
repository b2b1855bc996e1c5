import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import t from 'tap';
import * as v from 'valibot';
import { install } from '../../../cloud-bridge/config/install.ts';
import { Access } from '../../../hardware-sim/people/access.ts';
import { HttpClient, mustHave } from '../../../hardware-sim/people/http.ts';
import { makeSignKey } from '../../../hardware-sim/people/keys.ts';
import { Operator } from '../../../hardware-sim/people/operator.ts';
import { type Running, start } from '../../../hardware-sim/start/process.ts';
import { newId } from '../../../wire/jws.ts';
import { sandboxDoorOf } from '../../../wire/sandbox.ts';
import { openReceiver, status } from '../../cloud-bridge/webhook/receiver.ts';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';

t.setTimeout(240_000);

/** When the cloud dies: what stands committed then, and what the receiver has. */
const deaths = [
  'with the message in the receiver, which has not answered',
  'with the message answered, and that not noted',
  'soon after the commit of an event',
] as const;
const rounds = 6;
/** Claimed, five states of the delivery, the receipt of its attempt. */
const eventsOfOne = 7;

t.test('the cloud killed with -9 around a webhook: nothing is lost, and what is told twice is marked', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'doorward-webhook-'));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const dataDir = join(root, 'cloud');
  const installed = await install({
    ...{ dataDir, offlineDir: join(root, 'offline'), brokerNames: [], instance: 'cloud-1', issuer: 'doorward' },
    ...{ rootCount: 1, threshold: 1, nowMs: Date.now() },
  });
  const port = await freePort();
  const config = join(root, 'cloud.json');
  const settings = { dataDir, port, broker: 'mqtts://127.0.0.1:1', webhookReach: 'loopback', webhookTimeoutMs: 500 };
  await writeFile(config, JSON.stringify(settings));
  let cloud: Running | undefined;
  const run = async (): Promise<void> => {
    cloud = await start('doorward-cloud', ['run', '--config', config, '--json'], join(root, 'cloud.log'));
  };
  const kill = async (): Promise<void> => {
    const dying = cloud;
    cloud = undefined;
    await dying?.kill();
  };
  t.teardown(() => cloud?.stop());
  await run();

  const base = `http://127.0.0.1:${port}`;
  const operator = new Operator({ base, token: installed.operatorToken ?? '' });
  const { jwk } = await makeSignKey();
  const made = mustHave(await operator.createCarrier('Hermes', jwk, { sandbox: true }));
  const http = new HttpClient({ base });
  const access = new Access(http, made);
  const post = async (path: string, body: object) =>
    mustHave(await access.call({ method: 'POST', path, body, once: newId() }, v.record(v.string(), v.unknown())));
  const announce = () => {
    const nowS = Math.floor(Date.now() / 1000);
    const wish = { door: sandboxDoorOf('delivered'), from: nowS - 60, until: nowS + 7200, parcels: 1, reference: 'r' };
    return post('/v1/deliveries?pace=100', wish);
  };
  const receiver = await openReceiver();
  t.teardown(() => {
    receiver.close();
    for (const one of [operator.http, http]) one.close();
  });
  await post('/v1/webhooks', { url: receiver.url });

  for (let round = 0; round < rounds; round += 1) {
    const death = deaths[round % deaths.length]!;
    await announce();
    const came = receiver.got.length;
    let dead: Promise<void> | undefined;
    receiver.answer = (response, got) => {
      if (receiver.got.length < came + 1 + (round % 3) || death === deaths[2]) return status(204)(response, got);
      if (death === deaths[1]) response.writeHead(204).end();
      dead ??= kill();
    };
    if (death === deaths[2]) await pause(5 + 17 * round).then(kill);
    else await until(death, () => dead !== undefined);
    await dead;
    receiver.answer = status(204);
    await run();
  }
  await announce();

  const database = new Database(join(dataDir, 'cloud.sqlite'), { readonly: true });
  t.teardown(() => database.close());
  const events = database.prepare("select seq, type from event where party like 'carrier:%' order by seq");
  const waiting = database
    .prepare("select count(*) from webhook_message where state in ('waiting', 'sending')")
    .pluck();
  const playing = database.prepare('select count(*) from sandbox_play').pluck();
  await until('everything is told', () => playing.get() === 0 && waiting.get() === 0, 60_000);

  const all = events.all() as { seq: number; type: string }[];
  t.equal(all.length, eventsOfOne * (rounds + 1), 'every delivery was played to its end');
  const heard = new Map<number, typeof receiver.got>();
  for (const got of receiver.got) heard.set(got.body.sequence, [...(heard.get(got.body.sequence) ?? []), got]);
  t.same(
    [...heard.keys()].sort((a, b) => a - b),
    all.map(({ seq }) => seq),
    'nothing is lost',
  );
  let repeats = 0;
  for (const [sequence, tries] of heard) {
    t.equal(new Set(tries.map(({ id }) => id)).size, 1, `${sequence}: one id`);
    t.equal(new Set(tries.map(({ text }) => text)).size, 1, `${sequence}: one text`);
    for (const [index, { attempt }] of tries.entries()) {
      if (index === 0) continue;
      repeats += 1;
      t.ok(attempt > tries[index - 1]!.attempt, `${sequence}: a repeat says that it is one`);
    }
  }
  t.equal(new Set(receiver.got.map(({ id }) => id)).size, all.length, 'each event has an id of its own');
  t.ok(repeats >= 2, `${repeats} were told twice`);
});
