/** What a newcomer does next, so that a parcel ends up behind a locked door. Pure. */
import type { Act, StreetTold } from '../told.ts';

export interface Step {
  readonly act?: Act;
  readonly says: string;
}

type Of = (told: StreetTold) => Step;

const wait =
  (says: string): Of =>
  () => ({ says });
const press =
  (act: Act, says: string): Of =>
  () => ({ act, says });

const asked: Step = { act: 'owner.approve', says: 'The owner is asked: say yes on the owner’s phone.' };

const atVisit = {
  none: press('carrier.send', 'Send a parcel, and press your way through it; or let one play by itself.'),
  sent: press('courier.press', 'The courier got a link: open it on the courier’s phone.'),
  elsewhere: (told) => {
    if (told.courier.isConfirmed !== true) {
      return { act: 'carrier.confirm', says: 'A phone pressed the link. Are its digits those of the courier?' };
    }
    if (told.owner.waiting.length > 0) return asked;
    return { says: 'It goes on in that other window. The hands at the door are yours.' };
  },
  pressed: ({ owner }) =>
    owner.waiting.length > 0 ? asked : { says: 'The cloud writes the grant and asks the owner.' },
  idle: press('courier.arrive', 'The courier may come: say “I am here”.'),
  preparing: wait('The hub starts the camera. Nothing opens without a live picture.'),
  ready: press(
    'courier.open',
    'The owner sees the courier. Say “Open” on the courier’s phone; or stop it on the owner’s.',
  ),
  unlocking: wait('The hub wrote it down, and draws the bolt.'),
  unlocked: ({ courier }) =>
    courier.door === 'garage'
      ? { says: 'The garage door goes up.' }
      : { act: 'hands.push', says: 'Push the door open.' },
  open: (told) => {
    const isIn = told.courier.door === 'garage' ? told.inGarage : told.home?.cameras.front?.parcel === 'inside';
    if (!isIn && told.hasCamera) return { act: 'hands.parcel', says: 'Put the parcel in.' };
    return told.courier.door === 'garage'
      ? { act: 'hands.button', says: 'Press the button at the garage: the door comes down.' }
      : { act: 'hands.pull', says: 'Pull the door shut.' };
  },
  closed: wait('The door is shut. The hub locks it.'),
  locking: wait('The bolt moves. It counts as locked when the lock reports it, after the door last moved.'),
  unsecured: wait('The door is not proven locked, and the owner is told so.'),
  over: press('carrier.send', 'This link is dead. Send another parcel.'),
  ended: press('carrier.send', 'That was one visit. Send another parcel; be the burglar; switch something off.'),
} as const satisfies Record<StreetTold['courier']['at'], Of>;

export function nextStep(told: StreetTold): Step {
  if (told.at === 'coming-up') return { says: 'The street comes up.' };
  if (told.isPlaying) return { says: 'A delivery plays by itself. Watch the door, the phones and the journal.' };
  const standing = told.owner.alarms.find(({ isCritical }) => isCritical);
  const isOver = ['none', 'over', 'ended', 'unsecured'].includes(told.courier.at);
  if (standing !== undefined && isOver) {
    const switched = told.switches.some(({ isOn }) => isOn);
    if (switched)
      return {
        act: 'street.switch',
        says: 'An alarm stands. Mend what you switched on, then look at the owner’s phone.',
      };
    return { act: 'owner.clear', says: 'An alarm stands. The owner looks at the door, and signs for it.' };
  }
  return atVisit[told.courier.at](told);
}
