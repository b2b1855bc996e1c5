import { createHash } from 'node:crypto';
import t from 'tap';
import { deviceCheck, readTaskFragment, toTaskUrl } from '../../wire/task.ts';

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

t.test('a task link says everything behind its #, and one that was cut off says nothing', async (t) => {
  const link = { token: `${'a-_'.repeat(14)}b`, api: 'https://api.example.org' };
  const url = toTaskUrl('https://pages.example.org', link);
  t.equal(new URL(url).pathname, '/visit/', 'the host of the page learns no more');
  t.same(readTaskFragment(new URL(url).hash), link);
  for (const [what, fragment] of Object.entries({
    nothing: '',
    'no API': `#${link.token}`,
    'half a token': `#${link.token.slice(0, 20)}@${link.api}`,
    'a path': `#${link.token}@${link.api}/v1`,
    'a script': `#${link.token}@javascript:alert(1)`,
    'two APIs': `#${link.token}@${link.api}@https://evil.example`,
    'a user': `#${link.token}@https://user@api.example.org`,
  })) {
    t.equal(readTaskFragment(fragment), undefined, what);
  }
});
