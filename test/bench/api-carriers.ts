/**
 * `api.p99`: how long the carrier's API takes to announce a delivery and to show it, over HTTP on loopback, while 50 carriers call at once,
 * each one call after the other; against a bare route of the same framework that is called in the same way.
 */
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { newId } from '../../wire/jws.ts';
import { type Carrier, makeCarrier, makeOwner } from '../cloud-bridge/support/people.ts';
import { onStage, openCloud } from './cloud-stage.ts';
import { type BenchResult, percentile } from './result.ts';

const carriers = 50;
const callsEach = 20;

/** @returns ms of each call, of all together */
async function crowd(call: (who: number, n: number) => Promise<Response>): Promise<number[]> {
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: carriers }, async (_, who) => {
      for (let n = 0; n < callsEach; n += 1) {
        const start = performance.now();
        const answer = await call(who, n);
        await answer.arrayBuffer();
        times.push(performance.now() - start);
        if (!answer.ok) throw new RangeError(`${answer.status}`);
      }
    }),
  );
  return times;
}

export const run = (): Promise<BenchResult[]> =>
  onStage('api', async (_folder, ends) => {
    const { world, hub } = await openCloud(ends);
    const owner = await makeOwner(world, hub);
    const all: Carrier[] = [];
    for (let n = 0; n < carriers; n += 1) all.push(await makeCarrier(world, `Carrier ${n}`));
    await owner.put(await owner.signRuleBook(all.map((one) => one.rule(hub, { visits: 1000 }))));
    const tokens = await Promise.all(all.map((one) => one.token()));
    const url = `http://127.0.0.1:${(world.cloud.app.server.address() as AddressInfo).port}`;
    const nowS = Math.floor(Date.now() / 1000);
    const wish = { door: hub.door, from: nowS - 60, until: nowS + 7200, parcels: 1, reference: 'order' };
    const headersOf = (who: number) => ({ authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' });

    const ids: string[] = [];
    const announce = await crowd(async (who) => {
      const headers = { ...headersOf(who), 'idempotency-key': newId() };
      const answer = await fetch(`${url}/v1/deliveries`, { method: 'POST', headers, body: JSON.stringify(wish) });
      const body = (await answer.clone().json()) as { delivery: string };
      ids[who] = body.delivery;
      return answer;
    });
    const show = await crowd((who) => fetch(`${url}/v1/deliveries/${ids[who]}`, { headers: headersOf(who) }));

    const bareApp = Fastify();
    bareApp.post('/bare', async (request) => ({ ...(request.body as object), delivery: newId() }));
    bareApp.get('/bare', async () => wish);
    const bareUrl = await bareApp.listen({ host: '127.0.0.1', port: 0 });
    const barePost = await crowd((who) =>
      fetch(`${bareUrl}/bare`, { method: 'POST', headers: headersOf(who), body: JSON.stringify(wish) }),
    );
    const bareGet = await crowd((who) => fetch(`${bareUrl}/bare`, { headers: headersOf(who) }));
    await bareApp.close();

    const result = (name: string, ours: readonly number[], bare: readonly number[]): BenchResult => {
      const [value, baseline] = [percentile(ours, 0.99), percentile(bare, 0.99)];
      const detail = { 'p50, ms': percentile(ours, 0.5), 'and bare': percentile(bare, 0.5) };
      return { name, value, unit: 'ms', baseline, ratio: value / baseline, bar: null, holds: null, detail };
    };
    return [result('api.p99', announce, barePost), result('api.p99.show', show, bareGet)];
  });
