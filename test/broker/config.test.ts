import t from 'tap';
import * as v from 'valibot';
import { parseConfig } from '../../broker/config/load.ts';
import { BrokerConfig } from '../../broker/config/schema.ts';
import { maxPayloadBytes } from '../../wire/messages.ts';

const files = { caFile: 'ca', certFile: 'cert', keyFile: 'key' };

t.test('only the three files have to be named; the rest has defaults, and nothing changes later', async (t) => {
  const config = parseConfig(files);
  t.match(config, { ...files, port: 8883, maxConnectBytes: 2_048, logLevel: 'info' });
  t.equal(Object.isFrozen(config), true);
});

t.test('unknown keys, wrong types and numbers out of range are refused by name', async (t) => {
  const refused = (change: Record<string, unknown>, key: string) =>
    t.throws(() => parseConfig({ ...files, ...change }), { code: 'CONFIG_INVALID', detail: { key } }, key);
  refused({ prot: 1 }, 'prot');
  refused({ port: '1883' }, 'port');
  refused({ port: 1.5 }, 'port');
  refused({ port: 65_536 }, 'port');
  refused({ caFile: '' }, 'caFile');
  refused({ logLevel: 'loud' }, 'logLevel');
});

t.test('every setting has a title and a description', async (t) => {
  for (const [key, entry] of Object.entries(BrokerConfig.entries)) {
    const inner = entry.type === 'optional' ? entry.wrapped : entry;
    t.ok(v.getTitle(inner) && v.getDescription(inner), key);
  }
});

t.test('the largest message of ours fits into a packet, topic and header included', async (t) => {
  t.ok(Math.max(...Object.values(maxPayloadBytes)) + 128 < parseConfig(files).maxPacketBytes);
});
