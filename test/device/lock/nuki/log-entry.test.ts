import t from 'tap';
import { decodeLogEntry } from '../../../../device/lock/nuki/log-entry.ts';
import { hex } from './vectors.ts';

const head = `05000000E0070307080F1E02000000${Buffer.from('Marc').toString('hex')}00FFFE${'00'.repeat(25)}`;
const what = (tail: string) => {
  const read = decodeLogEntry(hex(head + tail));
  return read.ok ? read.value.what : read.code;
};

t.test('each type of log entry is read, padded or not', async (t) => {
  t.match(decodeLogEntry(hex(`${head}0201000000`)), {
    value: { index: 5, authorizationId: 2, name: 'Marc', time: { year: 2016, second: 30 } },
  });
  t.same(what('020102000B'), { is: 'action', action: 1, trigger: 'button', completion: 'handle-not-lifted' });
  t.same(what('050101E00700'), { is: 'keypad', action: 1, by: 'code', completion: 'invalid-code', codeId: 7 });
  t.same(what('0600'), { is: 'door', door: 'opened' });
  t.same(what('060100000000'), { is: 'door', door: 'closed' });
  t.same(what('0101'), { is: 'logging', on: true });
  t.same(what('0A050800'), { is: 'other', type: 10 });
});

t.test('what is cut off is no log entry', async (t) => {
  for (const tail of ['', '02010000', '05010100', '06']) t.equal(what(tail), 'NUKI_FRAME_BAD', tail);
});
