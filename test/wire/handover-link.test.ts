import t from 'tap';
import { toHandoverUri } from '../../wire/handover.ts';
import { readHandoverFragment, readHandoverText, toHandoverFragment } from '../../wire/handover-link.ts';
import { newId } from '../../wire/jws.ts';
import { newHubId } from '../support/keys.ts';

const code = { hub: newHubId(), key: 'k'.repeat(43), secret: newId() };
const link = { api: 'https://api.example', ...code };
const fragment = toHandoverFragment(link);

t.test('the fragment of a link is read back', async (t) => {
  t.match(fragment, /^#handover=[\w-]+$/);
  t.same(readHandoverFragment(fragment), { ok: true, value: link });
});

t.test(
  'what stands under the QR code is read as a link, as its fragment and as a text without an address',
  async (t) => {
    const uri = toHandoverUri(code);
    for (const text of [
      fragment,
      `https://pages.example/app/${fragment}`,
      ` https://pages.example/app/${fragment}\n`,
    ]) {
      t.same(readHandoverText(text), { ok: true, value: link });
    }
    const broken = `${uri.slice(0, 60)}\r\n${uri.slice(60)}`;
    for (const text of [uri, ` ${uri} `, broken]) t.same(readHandoverText(text), { ok: true, value: code });
  },
);

t.test('anything else is malformed', async (t) => {
  const of = (json: unknown): string => `#handover=${Buffer.from(JSON.stringify(json)).toString('base64url')}`;
  const wrong = [
    '',
    fragment.slice(1),
    fragment.slice(0, -4),
    `${fragment}!`,
    fragment.replace('handover', 'invite'),
    of({ ...link, api: 'javascript:alert(1)' }),
    of({ ...link, api: 'https://api.example/path' }),
    of({ ...link, secret: 'short' }),
    of({ ...link, more: 1 }),
    of(code),
  ];
  for (const text of wrong) {
    t.match(readHandoverFragment(text), { code: 'HANDOVER_MALFORMED' }, text.slice(0, 40));
    t.match(readHandoverText(text), { code: 'HANDOVER_MALFORMED' }, text.slice(0, 40));
  }
});
