import t from 'tap';
import type { Known } from '../../../../cloud-bridge/pages/visitor/known.ts';
import { stepOf } from '../../../../cloud-bridge/pages/visitor/stop/story.ts';
import { troubleOf } from '../../../../cloud-bridge/pages/visitor/stop/trouble.ts';
import { screenOf } from '../../../../cloud-bridge/pages/visitor/story.ts';
import { wordsFor } from '../../../../cloud-bridge/pages/visitor/words.ts';
import { type FaultCode, faults } from '../../../../wire/faults.ts';
import { outcomes, proofs } from '../../../../wire/receipt.ts';
import { type VisitView, visitStates } from '../../../../wire/visit-view.ts';
import { languages } from './languages.ts';

const preview = { state: 'open', carrier: 'Hermes', parcels: 1, from: 1, until: 2, camera: 'recorded' } as const;
const view = (at: VisitView['at'], more: Partial<VisitView> = {}): VisitView => ({
  ...{ visit: 'v'.repeat(22), at, camera: 'recorded', nonces: {} },
  ...more,
});
const inVisit = (one: VisitView, more: Partial<Known> = {}): Known => ({ at: 'visit', preview, view: one, ...more });
const words = wordsFor(languages.en, false);

t.test('every state of a visit has a screen in words that exist', async (t) => {
  const cases: Known[] = [
    { at: 'loading' },
    { at: 'new', preview },
    { at: 'taken', preview, check: '123456' },
    { at: 'over', preview },
    ...visitStates.map((at) => inVisit(view(at))),
    ...outcomes.flatMap((outcome) => proofs.map((proof) => inVisit(view('ended', { outcome, proof })))),
    ...(Object.keys(faults) as FaultCode[]).map((refusal) => inVisit(view('ready'), { refusal })),
  ];
  for (const known of cases) {
    const { title, text, camera, trouble, press } = screenOf(known);
    for (const word of [title, text, camera, trouble, press?.says]) {
      if (word !== undefined) t.ok(words[word], `${known.at} ${known.view?.at}: ${word}`);
    }
  }
});

t.test('a guest has a screen for everything too, and a way back to the doors where nothing is under way', async (t) => {
  const guest = wordsFor(languages.en, true);
  const door = { rule: 'r', door: 'd', kind: 'latch', camera: 'off', consent: 'auto', windows: [], left: 0 } as const;
  const cases: Known[] = [
    { at: 'loading' },
    { at: 'new' },
    { at: 'taken', check: '123456' },
    { at: 'doors', doors: [{ ...door, windows: [] }] },
    { at: 'asked' },
    { at: 'over', refusal: 'GUEST_REVOKED' },
    { at: 'over', refusal: 'INVITATION_DEAD' },
    ...visitStates.map((at): Known => ({ at: 'visit', view: view(at) })),
    ...(Object.keys(faults) as FaultCode[]).map((refusal): Known => ({ at: 'doors', refusal })),
  ];
  for (const known of cases) {
    const { title, text, trouble, press, also } = screenOf({ ...known, isGuest: true });
    t.ok(title, `${known.at} ${known.view?.at} has a title`);
    for (const word of [title, text, trouble, press?.says])
      if (word !== undefined) t.ok(guest[word], `${known.at} ${known.view?.at}: ${word}`);
    const isFree = known.at === 'asked' || known.view?.at === 'idle' || known.view?.at === 'ended';
    t.equal(also.includes('back'), isFree, `${known.at} ${known.view?.at}`);
    t.equal(press?.what === 'enter', known.view?.at === 'ready');
  }
});

t.test('what opens is offered when the hub is ready, and at no other time', async (t) => {
  for (const at of visitStates) {
    const { press } = screenOf(inVisit(view(at), { hasAgreed: true, hint: null }));
    t.equal(press?.what === 'enter', at === 'ready', at);
    t.equal(press?.what === 'arrive', at === 'idle', at);
  }
  t.equal(screenOf(inVisit(view('idle'), { hint: null })).press?.what, 'agree', 'the rules come before the arrival');
});

t.test('S052, S054: the door is found, by a press, before anybody says to be there', async (t) => {
  const hint = { place: '1C', instruction: 'Behind the gate', hasPhoto: false, isFound: false } as const;
  const idle = (more: Partial<Known>) => screenOf(inVisit(view('idle'), { hasAgreed: true, ...more }));
  t.match(idle({}), { title: 'loading', isWaiting: true }, 'before it is known whether there is one');
  t.equal(idle({}).press, undefined);
  t.match(idle({ hint }), { title: 'findTitle', press: { what: 'found' }, hint });
  t.match(idle({ hint: { ...hint, isFound: true } }), { press: { what: 'arrive' } });
  t.equal(screenOf(inVisit(view('idle'), { hint })).press?.what, 'found', 'before the rules, too');
  t.equal(screenOf(inVisit(view('unlocked'), { hint })).hint?.instruction, hint.instruction, 'and once more inside');
  for (const at of visitStates) {
    const shown = screenOf(inVisit(view(at), { hint })).hint;
    t.equal(shown?.place !== undefined, at === 'idle', `${at}: which door it is is asked once`);
  }
});

t.test('“please close the door” stays until it is proven, and only a proof is called one', async (t) => {
  t.equal(screenOf(inVisit(view('open'))).title, 'openTitle');
  t.equal(screenOf(inVisit(view('unsecured'))).title, 'openTitle');
  t.equal(screenOf(inVisit(view('locking'))).title, 'lockingTitle');
  t.match(screenOf(inVisit(view('ended', { outcome: 'completed', proof: 'secured' }))), {
    title: 'completed',
    text: 'securedText',
    tone: 'good',
  });
  for (const outcome of outcomes) {
    const { text, tone } = screenOf(inVisit(view('ended', { outcome, proof: 'unsecured' })));
    t.equal(text, 'unsecuredText', outcome);
    t.equal(tone, 'bad');
  }
  t.equal(screenOf(inVisit(view('ended', { outcome: 'completed', proof: 'closed' }))).text, 'closedText');
});

t.test('S094: who comes to work is shown no parcel', async (t) => {
  t.equal(screenOf({ at: 'new', preview }).picture, 'parcel');
  t.equal(screenOf({ at: 'new', preview: { ...preview, parcels: 0 } }).picture, 'guest');
});

t.test('that a camera films is said on every screen before the end', async (t) => {
  t.equal(screenOf({ at: 'new', preview }).camera, 'recorded');
  for (const at of visitStates) t.equal(screenOf(inVisit(view(at))).camera, at === 'ended' ? undefined : 'recorded');
});

t.test('no network is said before any refusal, and a refusal in words of the door', async (t) => {
  t.equal(screenOf(inVisit(view('ready'), { isOffline: true, refusal: 'HUB_OFFLINE' })).trouble, 'offline');
  t.equal(screenOf(inVisit(view('ready'), { refusal: 'CAMERA_NOT_LIVE' })).trouble, 'noPicture');
  t.equal(screenOf(inVisit(view('ready'), { refusal: 'KNOCK_LOCKED_OUT' })).trouble, 'refused');
  t.equal(screenOf({ at: 'taken', refusal: 'TASK_NOT_READY' }).trouble, undefined, 'waiting is no trouble');
});

t.test('S052, S054: at a stop the door is found first, too, by whoever has one to find', (t) => {
  const hint = { place: '1C', hasPhoto: false, isFound: false } as const;
  const expected = { state: 'expected' } as const;
  t.equal(stepOf(expected, undefined, hint), 'find');
  t.equal(stepOf(expected, 'leave', hint), 'leave', 'whoever cannot find it says so');
  t.equal(stepOf(expected, undefined, { ...hint, isFound: true }), 'arrive');
  t.equal(stepOf(expected, undefined, null), 'arrive');
  t.equal(stepOf({ state: 'here' }, undefined, hint), 'ring');
  t.equal(stepOf({ state: 'closed' }, undefined, hint), 'end');
  t.end();
});

t.test('whatever is refused at a stop is said in a sentence, and an end that is good is left alone', (t) => {
  for (const refusal of Object.keys(faults) as FaultCode[]) {
    t.ok(troubleOf({ state: 'here' }, refusal), refusal);
    t.equal(troubleOf({ state: 'closed', end: 'handed-over' }, refusal), undefined);
  }
  t.equal(troubleOf({ state: 'here' }, undefined), undefined);
  t.equal(troubleOf({ state: 'expected' }, 'STOP_NOT_HERE'), 'notHere');
  t.equal(troubleOf({ state: 'here' }, 'STOP_NOT_HERE'), 'unsure');
  t.equal(troubleOf({ state: 'closed', end: 'tries-used' }, 'CODE_TRIES_USED'), undefined, 'its title says it');
  t.equal(troubleOf({ state: 'closed', end: 'day-over' }, 'CODE_EXPIRED'), 'codeOver');
  t.equal(troubleOf({ state: 'closed', end: 'left' }, 'TASK_LINK_DEAD'), 'tooLate');
  t.end();
});
