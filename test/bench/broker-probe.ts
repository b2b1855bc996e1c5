/** The bare round trip through a broker: one QoS 1 request, one QoS 1 answer, client - broker - client and back. */
import { topics } from '../../wire/topics.ts';
import { connectClient } from '../broker/client.ts';
import { hubIdOf, type TestCa } from '../broker/pki.ts';

export interface Probe {
  /** @returns us of one round trip */
  once(): Promise<number>;
  /** @returns us of each of so many round trips */
  rounds(count: number): Promise<number[]>;
  end(): Promise<void>;
}

/** @param instance  a cloud instance that the broker's access list knows */
export async function openProbe(port: number, ca: TestCa, instance = 'cloud-1'): Promise<Probe> {
  const id = hubIdOf('probe');
  const hub = await connectClient(port, await ca.issue({ name: id }), id);
  const cloud = await connectClient(port, await ca.issue({ name: instance }), instance);
  await hub.mqtt.subscribeAsync(topics.hubFilters(id), { qos: 1 });
  await cloud.mqtt.subscribeAsync(topics.answerFilter(instance), { qos: 1 });
  const [down, up] = [topics.down(id, 'request'), topics.answer(instance, id)];
  const payload = Buffer.alloc(256, 'x');
  hub.mqtt.on('message', () => hub.mqtt.publish(up, payload, { qos: 1 }));

  const once = (): Promise<number> =>
    new Promise((resolve) => {
      const startedMs = performance.now();
      cloud.mqtt.once('message', () => resolve((performance.now() - startedMs) * 1000));
      cloud.mqtt.publish(down, payload, { qos: 1 });
    });
  return {
    once,
    async rounds(count) {
      const us: number[] = [];
      for (let round = 0; round < count; round++) us.push(await once());
      return us;
    },
    async end() {
      await hub.end();
      await cloud.end();
    },
  };
}
