/** What the phones say, and the words on their buttons. */
import type { CourierAt, CourierTold, DoorTold, SwitchGroup } from '../told.ts';

export interface PhoneScreen {
  readonly title: string;
  readonly text: string;
  readonly tone: 'calm' | 'act' | 'good' | 'bad';
}

const screens: Readonly<Record<Exclude<CourierAt, 'ended'>, PhoneScreen>> = {
  none: { title: 'No delivery', text: 'The carrier has nothing for this courier.', tone: 'calm' },
  sent: {
    title: 'A message with a link',
    text: 'No code, no key, no account. Opening the link does nothing; pressing does.',
    tone: 'act',
  },
  pressed: { title: 'Waiting for a yes', text: 'This phone made a key of its own. The owner is asked.', tone: 'calm' },
  elsewhere: {
    title: 'Pressed elsewhere',
    text: 'Another phone, or another window, pressed this link. The dispatch compares digits.',
    tone: 'calm',
  },
  over: { title: 'This link is dead', text: 'Nobody can use it any more.', tone: 'bad' },
  idle: { title: 'You may come', text: 'A camera films this visit. At the door, say so.', tone: 'act' },
  preparing: { title: 'One moment', text: 'The camera starts.', tone: 'calm' },
  ready: { title: 'You may go in', text: 'One press opens, once.', tone: 'act' },
  unlocking: { title: 'The bolt moves', text: 'The hub verified the request itself.', tone: 'calm' },
  unlocked: { title: 'Unlocked', text: 'Go in now. It locks again by itself.', tone: 'act' },
  open: { title: 'Please close the door', text: 'This stays until the door is closed.', tone: 'act' },
  closed: { title: 'Thank you', text: 'The hub locks the door.', tone: 'calm' },
  locking: { title: 'Locking', text: 'Until the bolt is proven.', tone: 'calm' },
  unsecured: { title: 'Not proven locked', text: 'The owner is alarmed. You have done your part.', tone: 'bad' },
};

const outcomes: Readonly<Record<string, readonly [string, PhoneScreen['tone']]>> = {
  completed: ['Delivered', 'good'],
  'nobody-entered': ['Nobody went in', 'calm'],
  stopped: ['The owner stopped it', 'bad'],
  aborted: ['Turned round', 'calm'],
  incomplete: ['Not finished', 'bad'],
  'contact-fault': ['The contact is not to be believed', 'bad'],
  'lock-failed': ['The lock failed', 'bad'],
  interrupted: ['Interrupted', 'bad'],
};

const proofs: Readonly<Record<string, string>> = {
  secured: 'The door is proven locked, after it last moved.',
  locked: 'The bolt is proven; the door was not seen to move.',
  closed: 'The door is closed; nothing tells more.',
  untouched: 'The door was locked before and never moved.',
  unsecured: 'The door is not proven locked. An alarm stands.',
};

export function courierScreen({ at, outcome, proof }: CourierTold): PhoneScreen {
  if (at !== 'ended') return screens[at];
  const [title, tone] = outcomes[outcome ?? ''] ?? ['Ended', 'calm'];
  return { title, text: proofs[proof ?? ''] ?? '', tone };
}

export const doorNames = { front: 'Front door', garage: 'Garage' } as const;

export const doorWords: Readonly<Record<DoorTold['at'], string>> = {
  unknown: 'not heard of yet',
  locked: 'proven locked',
  unlocked: 'unlocked',
  open: 'open',
  closed: 'closed',
  moved: 'moved without a command',
  alarm: 'not safe',
};

export const groupNames: Readonly<Record<SwitchGroup, string>> = {
  door: 'The door',
  lock: 'The lock',
  camera: 'The camera',
  radio: 'The radio',
  garage: 'The garage door',
  line: 'The serial line',
  part: 'Network and power',
};

/** `14:03:07`. */
export const clockTime = (ms: number): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(ms);
