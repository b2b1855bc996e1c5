import t from 'tap';
import { type Admission, admits } from '../../../device/visit/admit.ts';
import { nextActs } from '../../../device/visit/next-acts.ts';
import { type ProfileSettings, toProfile } from '../../../device/visit/profile.ts';
import { initial } from '../../../device/visit/step.ts';
import { type Place, profile, states } from './table.ts';

const courier: Admission = { partyKind: 'carrier', camera: 'recorded', hasCamera: true };
const guest: Admission = { partyKind: 'guest', camera: 'off', hasCamera: false };
const codeOf = (verdict: ReturnType<typeof admits>): string => (verdict.ok ? 'ok' : verdict.code);

t.test('only an idle, proven door admits', async (t) => {
  for (const place of Object.keys(states) as Place[]) {
    const { at } = states[place];
    const expected = at === 'idle' ? 'ok' : at === 'unsecured' ? 'DOOR_UNSECURED' : 'DOOR_BUSY';
    t.equal(codeOf(admits(states[place], profile, courier)), expected, place);
  }
  t.equal(codeOf(admits(initial, profile, courier)), 'DOOR_UNSECURED');
});

t.test('T35: a door that stands open is refused by that name', async (t) => {
  const open = { ...states['unsecured: looking'], door: { bolt: 'locked', contact: 'open', seq: 1 } } as const;
  t.equal(codeOf(admits(open, profile, courier)), 'DOOR_OPEN');
});

t.test('a rule that asks for a camera needs one', async (t) => {
  t.equal(codeOf(admits(states.idle, profile, { ...courier, hasCamera: false })), 'CAMERA_MISSING');
  t.equal(codeOf(admits(states.idle, profile, { ...courier, hasCamera: false, camera: 'off' })), 'ok');
});

t.test('a door that proves too little takes no such visit', async (t) => {
  const of = (seesBolt: boolean, seesDoor: boolean, settings: ProfileSettings = {}) =>
    toProfile({ kind: 'latch', seesBolt, seesDoor }, settings);
  const unseenContact = { ...states.idle, door: { bolt: 'locked', contact: 'unknown', seq: 1 } } as const;
  const unseenBolt = { ...states.idle, door: { bolt: 'unknown', contact: 'closed', seq: 1 } } as const;
  const accepted = { acceptsClosed: true };
  t.equal(codeOf(admits(unseenContact, of(true, false), courier)), 'DOOR_UNPROVABLE');
  t.equal(codeOf(admits(unseenContact, of(true, false), { ...courier, partyKind: 'company' })), 'DOOR_UNPROVABLE');
  t.equal(codeOf(admits(unseenContact, of(true, false), guest)), 'ok');
  t.equal(codeOf(admits(unseenBolt, of(false, true), courier)), 'DOOR_UNPROVABLE');
  t.equal(codeOf(admits(unseenBolt, of(false, true, accepted), courier)), 'ok');
  t.equal(codeOf(admits(unseenBolt, of(false, true), guest)), 'DOOR_UNPROVABLE');
  t.equal(codeOf(admits(states.idle, of(false, false, accepted), guest)), 'DOOR_UNPROVABLE');
});

t.test('a barrier proves itself by its contact, and without one takes no visits', async (t) => {
  const shut = { ...states.idle, door: { bolt: 'unknown', contact: 'closed', seq: 1 } } as const;
  const blind = { ...states.idle, door: { bolt: 'unknown', contact: 'unknown', seq: 1 } } as const;
  const of = (seesDoor: boolean) => toProfile({ kind: 'barrier', seesBolt: false, seesDoor }, { acceptsClosed: true });
  t.equal(codeOf(admits(shut, of(true), courier)), 'ok');
  for (const who of [courier, guest]) t.equal(codeOf(admits(blind, of(false), who)), 'DOOR_UNPROVABLE');
});

t.test('the acts of a visitor follow the state', async (t) => {
  const opens = { entry: 'open' } as const;
  t.same(nextActs(states.idle, opens), ['arrive']);
  t.same(nextActs(states.preparing, opens), ['abort']);
  t.same(nextActs(states.ready, opens), ['open', 'abort']);
  t.same(nextActs(states.ready, { entry: 'unlock' }), ['unlock', 'abort']);
  t.same(nextActs(states['unlocking: recording'], opens), ['abort']);
  t.same(nextActs(states.open, opens), ['finish', 'abort']);
  t.same(nextActs({ ...states.open, visit: { ...states.open.visit, said: 'finish' } }, opens), []);
  t.same(nextActs(states['unsecured: looking'], opens), []);
});
