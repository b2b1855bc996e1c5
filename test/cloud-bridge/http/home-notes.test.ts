import t from 'tap';
import { makeHome } from '../support/home.ts';

t.test('what a household keeps for its devices: read, replaced by one at a time, and opaque', async (t) => {
  const { owner } = await makeHome(t);
  const path = `${owner.home}/notes`;
  const put = (version: number, sealed: string) => owner.ask('PUT', path, { body: { version, sealed } });
  t.same((await owner.ask('GET', path)).body, { version: 0, sealed: null });
  t.match(await put(1, 'sealed-by-the-first'), { status: 200, body: { version: 1 } });
  t.match(await put(1, 'sealed-by-the-second'), { status: 403, body: { code: 'HOME_NOTES_OLD' } }, 'compare and set');
  t.match(await put(3, 'sealed-too-far-ahead'), { status: 403, body: { code: 'HOME_NOTES_OLD' } });
  t.match(await put(2, 'sealed-by-the-second'), { status: 200 });
  t.same((await owner.ask('GET', path)).body, { version: 2, sealed: 'sealed-by-the-second' });
  t.match(await put(3, 'x'.repeat(32_769)), { status: 400 });
});
