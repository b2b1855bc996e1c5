/** Asks a street's hub for its status over the street's own broker, as a cloud instance does. */
import type { TLSSocket } from 'node:tls';
import mqtt from 'mqtt';
import type { Street } from '../../hardware-sim/start/street.ts';
import { newId } from '../../wire/jws.ts';
import { Answer, Presence, readMessage, writeMessage } from '../../wire/messages.ts';
import { shardOf, topics } from '../../wire/topics.ts';
import { clientsOf } from './street-clients.ts';

export interface Asker {
  /** Resolves when a hub that comes up from now on has answered a `hub.status`, asked as soon as it says that it is there. */
  firstAnswer(): Promise<void>;
  stop(): Promise<void>;
}

export async function openAsker(street: Street): Promise<Asker> {
  const { broker, id, ...pem } = await (await clientsOf(street)).cloud('bench');
  const { hub } = street.owner.pinned;
  const options = { protocolVersion: 4, clientId: id, clean: true, minVersion: 'TLSv1.3', ...pem } as const;
  const client = await mqtt.connectAsync(broker, options);
  (client.stream as TLSSocket).setNoDelay(true);
  await client.subscribeAsync([topics.answerFilter(id), topics.shardFilter(shardOf(hub))], { qos: 1 });
  let answered = (): void => undefined;
  const ask = (): void => {
    const request = { v: 1, id: newId(), to: id, exp: Date.now() + 8_000, body: { op: 'hub.status' } };
    client.publish(topics.down(hub, 'request'), writeMessage(request), { qos: 1 });
  };
  client.on('message', (topic, payload) => {
    if (topic === topics.up(hub, 'presence')) {
      const presence = readMessage('presence', Presence, payload);
      if (presence.ok && presence.value.online) ask();
    } else if (topic === topics.answer(id, hub)) {
      const answer = readMessage('answer', Answer, payload);
      if (answer.ok && answer.value.ok) answered();
    }
  });
  return {
    firstAnswer: () =>
      new Promise((resolve) => {
        answered = resolve;
      }),
    stop: () => client.endAsync(true),
  };
}
