import t from 'tap';
import { fuzzBroker } from './fuzz.ts';

t.test('T13: mutated packets before and after CONNECT reach nobody else and leave nothing behind', async (t) => {
  const { sent, refused } = await fuzzBroker({ seed: 1, count: 1_500 });
  t.ok(sent >= 1_500);
  const codes = [
    'BROKER_CLIENT_ID_REFUSED',
    'BROKER_CONNECT_REFUSED',
    'BROKER_PACKET_MALFORMED',
    'BROKER_PACKET_TOO_BIG',
    'BROKER_PROTOCOL_REFUSED',
    'BROKER_QOS_REFUSED',
    'BROKER_RETAIN_REFUSED',
    'BROKER_TOPIC_REFUSED',
  ];
  for (const code of codes) t.ok((refused[code] ?? 0) > 0, `${code} ${refused[code]}`);
});
