import t from 'tap';
import { accountHolderId } from '../../../cloud-bridge/code/receivers.ts';
import { account, days, hours, inPerson, minutes, openCodeStage, wrongOf } from './stage.ts';

t.test('S002 S007: the right code is taken, a made-up one fails at once, and the third ends the attempt', async (t) => {
  const stage = await openCodeStage(t);
  await stage.delivery('d1');
  await stage.here('d1');
  const code = await stage.codeOf('d1');
  t.equal(await stage.type('d1', wrongOf(code)), 'CODE_WRONG');
  t.equal(await stage.type('d1', code.slice(0, 5)), 'CODE_WRONG', 'too short is wrong, too');
  t.equal((await stage.attempt('d1')).tries, 2);
  t.equal(await stage.type('d1', code), 'right');
  t.equal((await stage.attempt('d1')).tries, 2, 'the right one is no try');

  await stage.delivery('d2');
  await stage.here('d2');
  const other = await stage.codeOf('d2');
  t.equal(await stage.type('d2', code), 'CODE_WRONG', 'the code of another parcel');
  t.equal(await stage.type('d2', wrongOf(other)), 'CODE_WRONG');
  t.equal(await stage.type('d2', wrongOf(other, 2)), 'CODE_TRIES_USED');
  t.equal(await stage.type('d2', other), 'CODE_TRIES_USED', 'the fourth, though it is right');
  t.equal((await stage.attempt('d2')).tries, 3);
  const told = (await stage.store.read.events.after('home:home-1', 0, 100)).map(({ type, data }) => [type, data]);
  t.equal(told.length, 5, 'each refusal is told (S023)');
  for (const secret of [code, other]) t.notOk(JSON.stringify(told).includes(secret));
});

t.test('three tries are counted over all holders of a stop', async (t) => {
  const stage = await openCodeStage(t);
  await stage.delivery('d1');
  const [mara, ben] = [await stage.holder('holder-mara'), await stage.holder('holder-ben', { name: 'Ben' })];
  const codes = await Promise.all([account, mara, ben].map((one) => stage.codeOf('d1', one)));
  t.equal(new Set(codes).size, 3, 'each has a code of their own (S044)');
  await stage.here('d1', { named: mara });
  t.equal(
    await stage.type('d1', codes[2]!),
    'CODE_WRONG',
    'another holder’s code is none: only the named one’s is compared',
  );
  await stage.here('d1', { named: ben });
  t.equal(await stage.type('d1', codes[1]!), 'CODE_WRONG');
  t.equal(
    await stage.type('d1', codes[2]!, { holder: account }),
    'HOLDER_NOT_NAMED',
    'one whom the courier has not named',
  );
  await stage.here('d1');
  t.equal(await stage.type('d1', codes[1]!), 'CODE_TRIES_USED');
});

t.test('S027 T29: a code counts only at the door, on the device that is there', async (t) => {
  const stage = await openCodeStage(t);
  await stage.delivery('d1');
  const code = await stage.codeOf('d1');
  t.equal(await stage.type('d1', code), 'STOP_NOT_HERE', 'before the courier has arrived');
  await stage.here('d1', { presence: 'said' });
  t.equal(await stage.type('d1', code), 'STOP_NOT_HERE', 'who only says so, where the home could prove it');
  await stage.here('d1', { presence: 'none' });
  t.equal(await stage.type('d1', code, { needs: 'none' }), 'STOP_NOT_HERE', 'who never said so, wherever');
  await stage.here('d1', { presence: 'said' });
  t.equal(await stage.type('d1', code, { jkt: 'phone-2', needs: 'said' }), 'STOP_NOT_HERE', 'another phone');
  t.equal((await stage.attempt('d1')).tries, 0, 'nothing was compared, nothing counted');
  t.equal(await stage.type('d1', code, { needs: 'said' }), 'right', 'a home that can prove no more');
  await stage.close('d1', 'left');
  t.equal(await stage.type('d1', code, { needs: 'said' }), 'STOP_NOT_HERE', 'after the courier has left');
  await stage.close('d1', 'blocked');
  t.equal(await stage.type('d1', code), 'STOP_BLOCKED', 'T31: the owner said that it is not theirs');
});

t.test('S022 S023: a code is good until the last moment of its day, and then it has expired', async (t) => {
  const stage = await openCodeStage(t);
  stage.at = Date.parse('2026-11-21T22:59:59.999Z');
  await stage.delivery('d1');
  await stage.here('d1');
  const code = await stage.codeOf('d1');
  t.equal(await stage.type('d1', code), 'right', '23:59:59.999 in Berlin');
  stage.at += 1;
  t.equal(await stage.type('d1', code), 'CODE_EXPIRED', 'midnight');
  await stage.close('d1', 'day-over');
  t.equal(await stage.type('d1', code), 'CODE_EXPIRED', 'and once the day was cleared away');
});

t.test('S024: each attempt has a code of its own; that of the one before has expired', async (t) => {
  const stage = await openCodeStage(t);
  await stage.delivery('d1');
  const first = await stage.codeOf('d1');
  await stage.close('d1', 'left');
  await stage.next('d1');
  const second = await stage.codeOf('d1');
  await stage.here('d1');
  t.equal(await stage.type('d1', first), 'CODE_EXPIRED', 'on the same day, too');
  t.equal((await stage.attempt('d1')).tries, 1, 'and it was a try');
  t.equal(await stage.type('d1', second), 'right');
});

t.test('S037: parcels of one order share a code on one day, and their tries; another day has another', async (t) => {
  const stage = await openCodeStage(t);
  for (const id of ['d1', 'd2', 'd3', 'd4']) await stage.delivery(id, { order_ref: 'order-7' });
  await stage.delivery('other', { order_ref: 'order-7', carrier: 'ups' });
  const code = await stage.codeOf('d1');
  t.equal(await stage.codeOf('d2'), code);
  t.not(await stage.codeOf('other'), code, 'another carrier’s order of the same name is another order');
  for (const id of ['d1', 'd2', 'd3', 'd4']) await stage.here(id);
  t.equal(await stage.type('d1', wrongOf(code)), 'CODE_WRONG');
  t.equal(await stage.type('d2', wrongOf(code, 2)), 'CODE_WRONG');
  t.equal(await stage.type('d2', code), 'right');
  await stage.close('d2', 'handed-over');
  stage.at += minutes(14);
  t.equal(await stage.type('d1', code), 'right', 'what lies beside it, with the same digits');
  await stage.close('d1', 'handed-over');
  stage.at += minutes(1);
  const later = await stage.codeOf('d3');
  t.not(later, code, 'whoever has learnt it cannot close what comes later with it');
  t.equal(await stage.type('d3', code), 'CODE_TRIES_USED', 'the third wrong one of all that share it');
  t.equal(await stage.type('d4', later), 'CODE_TRIES_USED');
  await stage.close('d3', 'tries-used');
  stage.at += days(1);
  await stage.next('d3');
  t.notOk([code, later].includes(await stage.codeOf('d3')));
  await stage.here('d3');
  t.equal(await stage.type('d3', later), 'CODE_EXPIRED');
  t.equal(await stage.type('d3', await stage.codeOf('d3')), 'right');
});

t.test('S041 S046: only who was named may receive, and who was taken back no more, at once', async (t) => {
  const stage = await openCodeStage(t);
  const plan = JSON.stringify([...inPerson, { place: 'neighbour', holders: ['holder-planned----------'] }]);
  await stage.delivery('d1', { plan });
  await stage.delivery('d2', { plan });
  const neighbour = { kind: 'neighbour', name: 'Mueller', flat: 'ground floor' };
  await stage.holder('holder-planned----------', neighbour);
  await stage.holder('holder-unplanned--------', neighbour);
  await stage.holder('holder-of-d1------------', { ...neighbour, delivery: 'd1' });
  await stage.holder('holder-gift-------------', { kind: 'gift', delivery: 'd1' });
  await stage.holder('holder-foreign----------', { home: 'home-2' });
  await stage.holder('holder-until------------', { until_at: stage.at + hours(1) });
  const tell = async (id: string, named: string): Promise<string> => {
    await stage.here(id, { named });
    return stage.type(id, await stage.codeOf(id, named));
  };
  t.equal(await tell('d1', 'holder-planned----------'), 'right');
  t.equal(
    await tell('d1', 'holder-unplanned--------'),
    'HOLDER_NOT_NAMED',
    'a neighbour who is not chosen is no fallback',
  );
  t.equal(await tell('d1', 'holder-of-d1------------'), 'right', 'one who is named for this delivery');
  t.equal(await tell('d2', 'holder-of-d1------------'), 'HOLDER_NOT_NAMED', 'is not for another');
  t.equal(await tell('d1', 'holder-gift-------------'), 'right', 'S036');
  t.equal(await tell('d2', 'holder-gift-------------'), 'HOLDER_NOT_NAMED');
  t.equal(await tell('d1', 'holder-foreign----------'), 'HOLDER_NOT_NAMED', 'a holder of another home');
  t.equal(await tell('d1', 'holder-none-------------'), 'HOLDER_NOT_NAMED');
  t.equal(await tell('d1', 'holder-until------------'), 'right');
  stage.at += hours(1);
  t.equal(await tell('d1', 'holder-until------------'), 'HOLDER_REVOKED', 'their time is over');
  await stage.store.write(({ holders }) => holders.revoke('holder-planned----------', stage.at));
  t.equal(await tell('d1', 'holder-planned----------'), 'HOLDER_REVOKED');
  await stage.delivery('d3', { plan: null });
  t.equal(await tell('d3', account), 'HOLDER_NOT_NAMED', 'nobody receives where the plan is to go inside');
});

t.test('who is wrong too often is heard no more: a phone, a courier over all phones, an address', async (t) => {
  const stage = await openCodeStage(t);
  let count = 0;
  /** Wrong once at a new delivery. */
  const wrong = async (home: string, jkt: string, courier: string | null): Promise<string> => {
    count += 1;
    const id = `d${count}`;
    await stage.delivery(id, { home });
    const holder = accountHolderId(home);
    await stage.here(id, { named: holder, jkt });
    return stage.type(id, wrongOf(await stage.codeOf(id, holder)), { jkt, courier });
  };
  for (let at = 0; at < 12; at += 1) t.equal(await wrong(`home-${at}`, 'phone-1', null), 'CODE_WRONG');
  t.equal(await wrong('home-x', 'phone-1', null), 'CODE_LIMITED', 'the thirteenth of a day');
  t.equal(await wrong('home-x', 'phone-2', null), 'CODE_WRONG', 'another phone is not concerned');
  stage.at += hours(24);
  t.equal(await wrong('home-x', 'phone-1', null), 'CODE_WRONG', 'a day later');

  for (let at = 0; at < 12; at += 1) t.equal(await wrong(`house-${at}`, `new-${at}`, 'kim'), 'CODE_WRONG');
  t.equal(await wrong('house-x', 'new-x', 'kim'), 'CODE_LIMITED', 'a courier with a phone for each stop');

  for (let at = 0; at < 9; at += 1) t.equal(await wrong('target', `p-${at}`, `c-${at}`), 'CODE_WRONG');
  t.equal(await wrong('target', 'p-x', 'c-x'), 'CODE_LIMITED', 'many couriers at one address');
});

t.test('a delivery that was guessed at nine times takes no code any more, on whatever day', async (t) => {
  const stage = await openCodeStage(t);
  await stage.delivery('d1');
  for (let day = 0; day < 3; day += 1) {
    const phone = `phone-${day}`;
    await stage.here('d1', { jkt: phone });
    const code = await stage.codeOf('d1');
    for (let at = 1; at <= 3; at += 1) await stage.type('d1', wrongOf(code, at), { jkt: phone });
    await stage.close('d1', 'tries-used');
    stage.at += days(2);
    await stage.next('d1');
  }
  await stage.here('d1');
  t.equal(await stage.type('d1', await stage.codeOf('d1')), 'CODE_LIMITED');
});
