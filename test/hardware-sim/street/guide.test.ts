import t from 'tap';
import { nextStep } from '../../../hardware-sim/street/page/guide.ts';
import { closedDoor, told } from './told.ts';

const { owner } = told({});
const alarm = { seq: 7, code: 'LOCK_JAMMED', says: 'The lock is jammed.', isCritical: true };
const switched = { id: 'door/bolt-jam', group: 'door', says: 'Something blocks the bolt', isOn: true } as const;

t.test('a newcomer is led from the parcel to the locked door, one press after the other', async (t) => {
  const seen = (parcel: 'none' | 'inside') => ({
    home: { doors: { front: closedDoor }, barriers: {}, cameras: { front: { courier: 'here' as const, parcel } } },
  });
  const front = { door: 'front' } as const;
  const steps = [
    [{}, 'carrier.send'],
    [{ courier: { at: 'sent', ...front } }, 'courier.press'],
    [{ courier: { at: 'pressed', ...front } }, undefined],
    [
      { courier: { at: 'pressed', ...front }, owner: { ...owner, waiting: [{ id: 'one', ...front }] } },
      'owner.approve',
    ],
    [{ courier: { at: 'elsewhere', ...front } }, 'carrier.confirm'],
    [{ courier: { at: 'elsewhere', isConfirmed: true, ...front } }, undefined],
    [{ courier: { at: 'idle', ...front } }, 'courier.arrive'],
    [{ courier: { at: 'ready', ...front } }, 'courier.open'],
    [{ courier: { at: 'unlocked', ...front } }, 'hands.push'],
    [{ courier: { at: 'open', ...front }, ...seen('none') }, 'hands.parcel'],
    [{ courier: { at: 'open', ...front }, ...seen('inside') }, 'hands.pull'],
    [{ courier: { at: 'open', door: 'garage' } }, 'hands.parcel'],
    [{ courier: { at: 'open', door: 'garage' }, inGarage: true }, 'hands.button'],
    [{ courier: { at: 'locking', ...front } }, undefined],
    [{ courier: { at: 'ended', ...front } }, 'carrier.send'],
  ] as const;
  for (const [more, act] of steps) t.equal(nextStep(told(more)).act, act, `${JSON.stringify(more)}: ${act}`);
});

t.test('an alarm is looked at before the next parcel, and what is broken is mended before that', async (t) => {
  const standing = { courier: { at: 'ended', door: 'front' }, owner: { ...owner, alarms: [alarm] } } as const;
  t.equal(nextStep(told(standing)).act, 'owner.clear');
  t.equal(nextStep(told({ ...standing, switches: [switched] })).act, 'street.switch');
  const quiet = { ...standing, owner: { ...owner, alarms: [{ ...alarm, isCritical: false }] } };
  t.equal(nextStep(told(quiet)).act, 'carrier.send', 'a warning keeps nobody from playing');
});

t.test('while it comes up, or plays by itself, there is nothing to press', async (t) => {
  t.equal(nextStep(told({ at: 'coming-up' })).act, undefined);
  t.equal(nextStep(told({ isPlaying: true, courier: { at: 'ready', door: 'front' } })).act, undefined);
});
