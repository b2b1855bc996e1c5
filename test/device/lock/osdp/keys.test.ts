import t from 'tap';
import { KeyRing } from '../../../../device/lock/osdp/keys.ts';

const current = new Uint8Array(16).fill(1);
const pending = new Uint8Array(16).fill(2);
const ring = (stored: ConstructorParameters<typeof KeyRing>[0]): KeyRing => new KeyRing(stored, () => undefined);

t.test('a key under way is tried first, then the paired one, then it begins again', async (t) => {
  const keys = ring({ current, pending });
  t.equal(keys.next()?.which, 'pending');
  t.ok(keys.refuse());
  t.equal(keys.next()?.which, 'current');
  t.notOk(keys.refuse());
  t.equal(keys.next()?.which, 'pending');
});

t.test('the default key is tried in a window that asks for it alone, and last', async (t) => {
  const keys = ring({ current });
  t.notOk(keys.refuse());
  keys.setWindow({ defaultKey: false });
  t.ok(keys.isWindowOpen);
  t.notOk(keys.refuse());
  keys.setWindow({ defaultKey: true });
  t.equal(keys.next()?.which, 'current');
  t.ok(keys.refuse());
  const candidate = keys.next()!;
  t.equal(candidate.which, 'default');
  t.ok(keys.allows(candidate));
  keys.setWindow(undefined);
  t.notOk(keys.allows(candidate));
  t.equal(keys.next()?.which, 'current');
});

t.test('without a key there is none to try', async (t) => {
  const keys = ring({});
  t.equal(keys.next(), undefined);
  t.notOk(keys.refuse());
});

t.test('the key that was proven is the first of the next time', async (t) => {
  const keys = ring({ current, pending });
  keys.refuse();
  keys.prove(keys.next()!);
  t.equal(keys.next()?.which, 'current');
  t.ok(keys.refuse(), 'and the other is still there, should that one fail');
  t.equal(keys.next()?.which, 'pending');
});

t.test('a pending key that was proven is the paired one', async (t) => {
  const told: string[] = [];
  const keys = new KeyRing({ current, pending }, ({ which, key }) => told.push(`${which} ${key[0]}`));
  keys.prove(keys.next()!);
  t.same(told, ['pending 2']);
  t.same(keys.next(), { which: 'current', key: pending });
  t.notOk(keys.refuse(), 'the old one is gone');
});
