import { createHash } from 'node:crypto';
import t from 'tap';
import { deviceCheck } from '../../wire/task.ts';

t.test('six digits stand for a device key', async (t) => {
  const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
  const hex = createHash('sha256').update(`doorward-device-check-1:${jkt}`).digest('hex').slice(0, 16);
  t.equal(deviceCheck(jkt), (BigInt(`0x${hex}`) % 1_000_000n).toString().padStart(6, '0'));
  const digits = new Set<string>();
  for (let index = 0; index < 1000; index++) {
    const check = deviceCheck(`key ${index}`);
    t.match(check, /^\d{6}$/);
    digits.add(check);
  }
  t.ok(digits.size > 990, 'and differ from key to key');
});
