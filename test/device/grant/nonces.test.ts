import t from 'tap';
import { maxNonces, maxNoncesOfAct, Nonces, nonceForMs, nonceRememberedForMs } from '../../../device/grant/nonces.ts';
import { newId } from '../../../wire/jws.ts';

const unlock = { visit: 'visit-1', jkt: 'device-1', act: 'unlock' } as const;
const code = (verdict: { ok: boolean; code?: string }): string => verdict.code ?? 'ok';

t.test('a nonce has 128 bits and none is like another', async (t) => {
  const nonces = new Nonces();
  const given = new Set(Array.from({ length: 500 }, () => nonces.give(unlock, 0)));
  t.equal(given.size, 500);
  for (const nonce of given) t.equal(Buffer.from(nonce, 'base64url').length, 16);
});

t.test('T16: a source that repeats itself gives no nonce twice', async (t) => {
  const values = ['a', 'a', 'a', 'b'];
  const nonces = new Nonces(() => values.shift()!);
  t.equal(nonces.give(unlock, 0), 'a');
  t.equal(nonces.give(unlock, 0), 'b');
});

t.test('T18: a nonce is good once', async (t) => {
  const nonces = new Nonces();
  const nonce = nonces.give(unlock, 0);
  t.equal(code(nonces.use(nonce, unlock, 1)), 'ok');
  t.equal(code(nonces.use(nonce, unlock, 2)), 'KNOCK_REPLAYED');
  t.equal(code(nonces.use(nonce, unlock, nonceForMs + 1)), 'KNOCK_REPLAYED', 'and is remembered past its time');
});

t.test('a nonce is good for half a minute of monotonic time', async (t) => {
  const nonces = new Nonces();
  const [early, late] = [nonces.give(unlock, 100), nonces.give(unlock, 100)];
  t.equal(code(nonces.use(early, unlock, 100 + nonceForMs - 1)), 'ok');
  t.equal(code(nonces.use(late, unlock, 100 + nonceForMs)), 'KNOCK_NONCE_OLD');
  const forgotten = nonces.give(unlock, 100);
  t.equal(code(nonces.use(forgotten, unlock, 100 + nonceRememberedForMs)), 'KNOCK_NONCE_UNKNOWN');
});

t.test('a nonce is for one visit, one device and one act', async (t) => {
  const nonces = new Nonces();
  const give = () => nonces.give(unlock, 0);
  t.equal(code(nonces.use(give(), { ...unlock, visit: 'visit-2' }, 1)), 'KNOCK_NONCE_UNKNOWN');
  t.equal(code(nonces.use(give(), { ...unlock, jkt: 'device-2' }, 1)), 'KNOCK_NONCE_UNKNOWN');
  const nonce = give();
  t.equal(code(nonces.use(nonce, { ...unlock, act: 'finish' }, 1)), 'KNOCK_WRONG_ACT');
  t.equal(code(nonces.use(nonce, unlock, 1)), 'KNOCK_REPLAYED', 'a wrong use uses it up');
});

t.test('asking again and again leaves the newest nonces of an act, and other visits theirs', async (t) => {
  const nonces = new Nonces();
  const other = { ...unlock, visit: 'visit-2' };
  const theirs = nonces.give(other, 0);
  const given = Array.from({ length: 10_000 }, () => nonces.give(unlock, 0));
  t.equal(code(nonces.use(given[0]!, unlock, 1)), 'KNOCK_NONCE_UNKNOWN');
  for (const nonce of given.slice(-maxNoncesOfAct)) t.equal(code(nonces.use(nonce, unlock, 1)), 'ok');
  t.equal(code(nonces.use(theirs, other, 1)), 'ok');
});

t.test('the number of nonces is bounded', async (t) => {
  const nonces = new Nonces();
  const of = (index: number) => ({ ...unlock, visit: `visit-${index}` });
  const given = Array.from({ length: maxNonces + 1 }, (_, index) => nonces.give(of(index), 0));
  t.equal(code(nonces.use(given[0]!, of(0), 1)), 'KNOCK_NONCE_UNKNOWN');
  t.equal(code(nonces.use(given[maxNonces]!, of(maxNonces), 1)), 'ok');
});

t.test('a guessed nonce is unknown', async (t) => {
  const nonces = new Nonces();
  nonces.give(unlock, 0);
  for (let tries = 0; tries < 100; tries++) t.equal(code(nonces.use(newId(), unlock, 1)), 'KNOCK_NONCE_UNKNOWN');
});
