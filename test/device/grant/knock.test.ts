import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { newCast } from '../../support/keys.ts';
import { knockScene } from './rows/knocks.ts';

const cast = await newCast();

t.test('a good knock passes and says what it asks for', async (t) => {
  const { decide, knock, facts, nonce } = await knockScene(cast);
  const { verdict, lockedForMs } = await decide(await knock());
  if (!verdict.ok) return t.fail(verdict.code);
  t.match(verdict.value, { act: 'unlock', visit: facts.visit, nonce });
  t.equal(lockedForMs, undefined);
});

t.test('T18: of the same knock sent many times at once one passes', async (t) => {
  const { decide, knock } = await knockScene(cast);
  const jws = await knock();
  const decided = await Promise.all(Array.from({ length: 5 }, () => decide(jws)));
  t.equal(decided.filter(({ verdict }) => verdict.ok).length, 1);
});

t.test(
  'T20: of 10,000 guesses a handful is looked at, each wait is told once, and a good knock has to wait too',
  async (t) => {
    const { decide, knock, nonces, facts } = await knockScene(cast);
    const guess = await knock({ nonce: newId() });
    const answers = new Map<string, number>();
    const alarms: number[] = [];
    const everyMs = 10;
    for (let tries = 0; tries < 10_000; tries++) {
      const { verdict, lockedForMs } = await decide(guess, tries * everyMs);
      const code = verdict.ok ? 'ok' : verdict.code;
      answers.set(code, (answers.get(code) ?? 0) + 1);
      if (lockedForMs !== undefined) alarms.push(lockedForMs);
    }
    t.same([...answers.keys()].sort(), ['KNOCK_LOCKED_OUT', 'KNOCK_NONCE_UNKNOWN']);
    t.equal(answers.get('KNOCK_NONCE_UNKNOWN'), 4 + alarms.length);
    t.same(alarms, [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000]);
    const nonce = nonces.give({ visit: facts.visit, jkt: facts.jkt, act: 'unlock' }, 100_000);
    t.match((await decide(await knock({ nonce }), 100_000)).verdict, { code: 'KNOCK_LOCKED_OUT' });
  },
);

t.test('T20: a thousand guesses at the same moment are no way around the wait', async (t) => {
  const { decide, knock } = await knockScene(cast);
  const guess = await knock({ nonce: newId() });
  const decided = await Promise.all(Array.from({ length: 1000 }, () => decide(guess)));
  const unknown = decided.filter(({ verdict }) => !verdict.ok && verdict.code === 'KNOCK_NONCE_UNKNOWN');
  t.equal(unknown.length, 5);
  t.equal(decided.filter(({ lockedForMs }) => lockedForMs !== undefined).length, 1);
});

t.test('a phone that is slow is not locked out', async (t) => {
  const { decide, knock, nonces, facts } = await knockScene(cast);
  for (let tries = 0; tries < 20; tries++) {
    const nonce = nonces.give({ visit: facts.visit, jkt: facts.jkt, act: 'unlock' }, 0);
    t.match((await decide(await knock({ nonce }), 40_000)).verdict, { code: 'KNOCK_NONCE_OLD' });
  }
});
