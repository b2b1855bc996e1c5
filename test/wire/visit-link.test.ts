import { randomBytes } from 'node:crypto';
import t from 'tap';
import { readGuestFragment, readTaskFragment, toGuestUrl, toTaskUrl } from '../../wire/visit-link.ts';

const secret = randomBytes(32).toString('base64url');

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

t.test("a guest's link says everything behind its #, and is no task's", async (t) => {
  const link = { secret, api: 'https://api.example.org' };
  const url = toGuestUrl('https://pages.example.org', link);
  t.equal(new URL(url).pathname, '/visit/', 'the host of the page learns no more');
  t.same(readGuestFragment(new URL(url).hash), link);
  t.equal(readTaskFragment(new URL(url).hash), undefined);
  for (const [what, fragment] of Object.entries({
    nothing: '',
    "a task's": `#${secret}@${link.api}`,
    'no API': `#guest=${secret}`,
    'half a secret': `#guest=${secret.slice(0, 20)}@${link.api}`,
    'a path': `#guest=${secret}@${link.api}/v1`,
    'a script': `#guest=${secret}@javascript:alert(1)`,
    'two APIs': `#guest=${secret}@${link.api}@https://evil.example`,
  })) {
    t.equal(readGuestFragment(fragment), undefined, what);
  }
});
