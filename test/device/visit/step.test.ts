import { readFileSync } from 'node:fs';
import t from 'tap';
import { type DoorProfile, toProfile } from '../../../device/visit/profile.ts';
import { type Effect, type Event, initial, type State, step } from '../../../device/visit/step.ts';
import { page, printed } from './print.ts';
import { events, expected, type Place, placeOf, profile, states } from './table.ts';

t.test('every event in every state leads where the table says', async (t) => {
  for (const from of Object.keys(expected) as Place[]) {
    for (const name of Object.keys(events) as (keyof typeof events)[]) {
      const next = placeOf(step(states[from], events[name], profile).next);
      const to = expected[from][name];
      t.equal(next, to === '-' ? from : to, `${from}, ${name}`);
    }
  }
});

t.test('docs/visit.md shows this table', async (t) => {
  const text = readFileSync(page, 'utf8');
  t.equal(printed(text), text, 'print it again: node --import=tsx test/device/visit/print.ts');
});

t.test('an event at the wrong moment is journaled and keeps the state', async (t) => {
  const { next, effects } = step(states.idle, events['unlock.asked'], profile);
  t.equal(next, states.idle);
  t.same(effects, [{ do: 'journal', kind: 'visit.ignored', body: { on: 'unlock.asked', at: 'idle' } }]);
});

const use = { grant: 'grant', grantExp: 1, rule: 'rule', firstOfVisit: true };

/** Follows events from a fresh start; answers and timers are those that are waited for. */
class Door {
  readonly profile: DoorProfile;
  state: State = initial;
  effects: Effect[] = [];
  #seq = 0;

  constructor(profile: DoorProfile) {
    this.profile = profile;
    this.on({ on: 'restarted', alarms: [] }).locked().timer().locked();
  }

  on(event: Event): this {
    const turn = step(this.state, event, this.profile);
    this.state = turn.next;
    this.effects = [...turn.effects];
    return this;
  }

  look(bolt: State['door']['bolt'], contact: State['door']['contact']): this {
    return this.on({ on: 'reported', bolt, contact, seq: this.#seq++ });
  }

  locked(): this {
    return this.look(this.profile.seesBolt ? 'locked' : 'unknown', this.profile.seesDoor ? 'closed' : 'unknown');
  }

  timer(): this {
    return this.on({ on: 'timer.fired', timer: this.state.timer });
  }

  done(to: 'locked' | 'unlocked' = 'locked'): this {
    return this.on({ on: 'drive.done', to, drive: this.state.timer });
  }

  failed(code: 'LOCK_SILENT' | 'LOCK_JAMMED' | 'LOCK_UNAVAILABLE'): this {
    return this.on({ on: 'drive.failed', to: 'locked', drive: this.state.timer, code });
  }

  arrive(): this {
    const visit = { id: 'mine', grant: 'grant', rule: 'rule', jkt: 'jkt', camera: 'off' } as const;
    return this.on({ on: 'visit.arrived', visit });
  }

  unlock(): this {
    this.on({ on: 'unlock.asked', visit: 'mine', use });
    return this.on({ on: 'recorded', record: this.state.timer }).done('unlocked');
  }

  /** Timers and good looks until the lock command is proven. */
  prove(): this {
    if (this.state.at === 'closed') this.timer();
    return this.done().locked().timer().locked();
  }

  raised(): string[] {
    return this.effects.flatMap((effect) => (effect.do === 'alarm.raise' ? [effect.code] : []));
  }

  ended(): unknown {
    const end = this.effects.find((effect) => effect.do === 'visit.end');
    return end?.do === 'visit.end' ? `${end.outcome}, ${end.proof}` : undefined;
  }

  drives(): string[] {
    return this.effects.flatMap((effect) => (effect.do === 'bolt.drive' ? [effect.to] : []));
  }
}

const strike = (): Door => new Door(profile);
const bolt = (): Door => new Door(toProfile({ kind: 'bolt', seesBolt: true, seesDoor: true }));

t.test('a visit through a strike that shows everything ends secured', async (t) => {
  const door = strike().arrive().unlock().look('unlocked', 'open').look('locked', 'closed').prove();
  t.equal(door.ended(), 'completed, secured');
  t.equal(door.state.at, 'idle');
});

t.test('a door without a bolt monitor ends closed, one without a contact ends locked', async (t) => {
  const unseen = new Door(toProfile({ kind: 'latch', seesBolt: false, seesDoor: true }));
  unseen.arrive().unlock().look('unknown', 'open').look('unknown', 'closed').prove();
  t.equal(unseen.ended(), 'completed, closed');
  const blind = new Door(toProfile({ kind: 'bolt', seesBolt: true, seesDoor: false }));
  blind.arrive().unlock().look('unlocked', 'unknown').on({ on: 'finish.asked', visit: 'mine' });
  t.same(blind.drives(), ['locked']);
  t.equal(blind.prove().ended(), 'completed, locked');
});

t.test('a contact stuck closed never ends secured', async (t) => {
  const waited = strike().arrive().unlock().timer().prove();
  t.equal(waited.ended(), 'nobody-entered, locked');
  const said = strike().arrive().unlock().on({ on: 'finish.asked', visit: 'mine' });
  t.equal(said.ended(), 'contact-fault, unsecured');
  t.same(said.raised(), ['CONTACT_FAULT']);
  said.timer().locked().timer().locked();
  t.equal(said.state.at, 'unsecured', 'evidence of that contact is none');
  said.on({ on: 'cleared', by: 'owner' }).locked().timer().locked();
  t.equal(said.state.at, 'idle');
});

t.test('a bolt that says locked in an open door is a contact fault', async (t) => {
  const door = bolt().arrive().unlock().look('unlocked', 'open').look('locked', 'open');
  t.equal(door.ended(), 'contact-fault, unsecured');
  t.equal(strike().arrive().unlock().look('unlocked', 'open').look('locked', 'open').state.at, 'open');
});

t.test('T03: a door that opens again is recorded, and an alarm once the lock was told to lock', async (t) => {
  const early = strike().arrive().unlock().look('unlocked', 'open').look('unlocked', 'closed').look('unlocked', 'open');
  t.equal(early.state.at, 'open');
  t.match(early.effects, [{}, { kind: 'door.opened', body: { again: true } }]);
  t.same(early.raised(), []);
  const late = strike().arrive().unlock().look('unlocked', 'open').look('unlocked', 'closed').timer().done();
  late.look('locked', 'open');
  t.equal(late.state.at, 'open');
  t.same(late.raised(), ['DOOR_FORCED_OPEN']);
  t.equal(late.look('locked', 'closed').prove().ended(), 'incomplete, secured');
});

t.test('T32: a door left open is an alarm, again and again, until it is closed', async (t) => {
  const door = strike().arrive().unlock().look('unlocked', 'open').timer();
  t.same(door.raised(), ['DOOR_LEFT_OPEN']);
  t.same(door.timer().raised(), ['DOOR_LEFT_OPEN']);
  door.look('locked', 'closed');
  t.match(door.effects.at(-1), { do: 'alarm.clear', code: 'DOOR_LEFT_OPEN' });
  t.equal(door.prove().ended(), 'completed, secured');
});

t.test('T35: a door that opens before it was unlocked is an alarm and ends the visit', async (t) => {
  const door = strike().arrive().look('locked', 'open');
  t.same(door.raised(), ['DOOR_FORCED_OPEN']);
  t.equal(door.ended(), 'incomplete, unsecured');
  t.equal(door.state.at, 'unsecured');
});

t.test('T47: a bolt that moves without a command is an alarm of the household', async (t) => {
  const door = strike().look('unlocked', 'closed');
  t.match(door.effects, [{}, { kind: 'door.moved' }, { do: 'alarm.raise', code: 'BOLT_MOVED', private: true }, {}]);
  door.locked().timer().locked();
  t.equal(door.state.at, 'idle');
  t.match(door.effects.at(-1), { do: 'alarm.clear', code: 'BOLT_MOVED' });
});

t.test('T47: a movement that shows only after a doubt is one that nobody commanded', async (t) => {
  for (const doubt of ['unknown', 'unavailable'] as const) {
    const drawn = bolt().look(doubt, 'closed');
    t.same(drawn.raised(), []);
    t.same(drawn.look(doubt === 'unknown' ? 'unavailable' : 'unknown', 'closed').raised(), []);
    t.same(drawn.look('unlocked', 'closed').raised(), ['BOLT_MOVED'], `a key, seen while it turns: ${doubt}`);
    t.same(drawn.look('unknown', 'closed').look('unlocked', 'closed').raised(), [], 'told once');
    const forced = bolt().look(doubt, 'unavailable').look('locked', 'open');
    t.same(forced.raised(), ['DOOR_FORCED_OPEN']);
  }
  const ours = bolt().arrive().unlock().look('jammed', 'closed').look('unknown', 'closed').look('unlocked', 'closed');
  t.same(ours.raised().includes('BOLT_MOVED'), false, 'a bolt that was drawn for a visitor');
});

t.test('T42: a bolt waits until the door is closed', async (t) => {
  const door = bolt().arrive().unlock().look('unlocked', 'open').on({ on: 'stop.asked', by: 'owner' });
  t.same(door.drives(), []);
  t.same(door.timer().drives(), []);
  door.look('unlocked', 'closed').timer();
  t.same(door.drives(), ['locked']);
  t.equal(door.prove().ended(), 'stopped, secured');
});

t.test('a contact that cannot tell holds the bolt back, and is an alarm in the end', async (t) => {
  const door = bolt().arrive().unlock().look('unlocked', 'unknown');
  const drives: string[] = [];
  for (let n = 0; n <= door.profile.attempts + 1; n++) drives.push(...door.timer().drives());
  t.same(drives, []);
  t.equal(door.state.at, 'unsecured');
  t.same(door.state.alarms, ['DOOR_NOT_LOCKED']);
});

t.test('T04: a lock that takes every command and never reports locked ends as an alarm', async (t) => {
  const door = bolt().arrive().unlock().look('unlocked', 'open').look('unlocked', 'closed').timer();
  for (let n = 0; n < door.profile.attempts; n++) {
    t.same(door.drives(), ['locked']);
    door.done().look('unlocked', 'closed').timer().timer();
  }
  t.equal(door.state.at, 'unsecured');
  t.same(door.state.alarms, ['DOOR_NOT_LOCKED']);
});

t.test('a jam is an alarm that only a signature ends', async (t) => {
  const door = bolt()
    .arrive()
    .unlock()
    .look('unlocked', 'open')
    .look('unlocked', 'closed')
    .timer()
    .failed('LOCK_JAMMED');
  t.equal(door.ended(), 'lock-failed, unsecured');
  door.timer().locked().timer().locked();
  t.equal(door.state.at, 'unsecured');
  door
    .on({ on: 'cleared', by: 'owner' })
    .look('locked', 'open')
    .look('locked', 'closed')
    .timer()
    .locked()
    .timer()
    .locked();
  t.equal(door.state.at, 'unsecured', 'the signature was for a door that stayed closed');
});

t.test('an unlocking of which nothing is known is locked and proven all the same', async (t) => {
  const door = strike().arrive().on({ on: 'unlock.asked', visit: 'mine', use });
  door.on({ on: 'recorded', record: door.state.timer }).failed('LOCK_SILENT');
  t.same(door.drives(), ['locked']);
  t.equal(door.prove().ended(), 'lock-failed, locked');
});

t.test('a visit that a restart interrupted is locked first, and ends with what the door proves', async (t) => {
  const visit = { id: 'mine', grant: 'grant', rule: 'rule', jkt: 'jkt', released: true, opened: true };
  const begun = step(initial, { on: 'restarted', visit, alarms: [] }, profile);
  t.match(begun.effects, [{ do: 'timer.set' }, { do: 'alarm.raise', code: 'HUB_RESTARTED' }, { do: 'sense' }]);
  const door = strike();
  door.state = begun.next;
  door.locked();
  t.equal(placeOf(door.state), 'unsecured: looking', 'locked as it looks, it is told to lock before that counts');
  t.same(door.timer().drives(), ['locked']);
  t.equal(door.done().locked().timer().locked().ended(), 'interrupted, secured');
});
