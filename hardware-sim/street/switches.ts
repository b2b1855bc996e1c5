/** Everything that can be made to go wrong on the street, each as a switch with a plain name. A fault without one does not compile. */
import type { AirFault } from '../air/faults.ts';
import type { BarrierFault } from '../door/barrier.ts';
import type { CameraFault, DoorFault, LineFault } from '../faults.ts';
import type { NukiFault } from '../nuki/faults.ts';
import type { Part } from '../start/street.ts';
import type { SwitchGroup } from './told.ts';

/** False: not for the doors of this street, which have no such part. */
type Names<F extends string> = Readonly<Record<F, string | false>>;

const ofDoor: Names<DoorFault['fault']> = {
  'bolt-jam': 'Something blocks the bolt',
  jam: 'The latch does not return',
  'contact-stuck': 'The door contact always says closed',
  'contact-flapping': 'The door contact changes its mind all the time',
  'contact-cut': 'The wire of the door contact is cut',
  'monitor-stuck': false,
  'monitor-cut': false,
};

const ofLock: Names<NukiFault['fault']> = {
  silent: 'The lock hears nothing and says nothing',
  shadow: 'The lock is out of reach',
  slow: 'The lock answers two seconds late',
  'handle-not-lifted': 'The lock says it locked, and did not move',
  'state-stuck': 'The lock says the bolt is in between, whatever is true',
  'door-sensor': 'The door sensor of the lock was tampered with',
  'action-fails': 'The motor gives up, once',
  busy: 'The lock is busy, once',
  'battery-low': 'The battery of the lock is nearly empty',
  'keypad-battery-low': 'The battery of the keypad is nearly empty',
  uncalibrated: 'The lock has lost its calibration',
  held: 'Other phones hold all connections of the lock',
  'connect-failure': 'A connection to the lock fails, once',
  'hang-up': 'The lock hangs up in the middle of a command, once',
  'cut-after-n-writes': 'The connection ends after the next write',
  'bad-nonce': 'The lock forgets a challenge that it just gave, once',
  drop: 'Messages of the lock get lost',
  corrupt: 'Messages of the lock arrive damaged',
  'small-pieces': 'The lock sends in very small pieces',
  'flag-stuck': 'The beacon never says that something changed',
  'clock-drift': 'The clock of the lock is two minutes wrong',
  'log-cleared': 'The log of the lock is gone',
  // There is no way back from it but an installer's.
  reset: false,
};

const ofCamera: Names<CameraFault['fault']> = {
  blackout: 'Something covers the lens',
  freeze: 'The picture is frozen',
  loop: 'Ten seconds of film, again and again',
  slow: 'Pictures come two seconds late',
  corrupt: 'Pictures arrive damaged',
  silent: 'The camera gives no pictures',
  cut: 'The picture breaks off in the middle',
  unplug: 'The cable of the camera is out',
};

const ofRadio: Names<AirFault['fault']> = {
  shadow: 'The Bluetooth radio is jammed',
  latency: 'The Bluetooth radio is half a second late',
  'connect-fail': 'The next Bluetooth connection fails',
  'hang-up': 'All Bluetooth connections end, once',
  mute: 'The Bluetooth adapter answers nothing',
  unplug: 'The Bluetooth adapter is pulled out',
};

const ofGarage: Names<BarrierFault['fault']> = {
  obstructed: 'Something stands below the garage door',
  halts: 'The garage door stops half-way',
  dead: 'The garage door has no power',
  'slow-start': 'The garage door starts five seconds late',
  'contact-stuck': 'The garage sensor always says closed',
  'contact-cut': 'The wire of the garage sensor is cut',
};

const ofLine: Names<LineFault['fault']> = {
  silent: 'The serial controller answers nothing',
  'power-cut': 'The serial controller has no power',
  unplug: 'The serial adapter is pulled out',
  tamper: 'The housing of the serial controller is open',
  drop: 'Answers on the serial line get lost',
  corrupt: 'Answers on the serial line arrive damaged',
  delay: 'Answers come half a second late, as through a relay',
  'repeat-nonce': 'The serial controller repeats a random number',
  plaintext: 'The serial controller answers in clear',
  nak: 'The serial controller refuses a command, once',
  busy: 'The serial controller is busy, once',
  'cut-after-n-writes': 'The serial cable is cut after the next answer',
};

const ofParts = {
  broker: 'The network of the home is cut',
  hub: 'The plug of the hub is pulled',
  cloud: 'The cloud is down',
  sim: false,
  pages: false,
} as const satisfies Names<Part>;

/** What it does: tells the simulator, or ends a program of the street. */
export type Switch = {
  readonly id: string;
  readonly group: SwitchGroup;
  readonly says: string;
} & (
  | { readonly part: Part }
  | { /** Of the control socket. */ readonly path: string; readonly body: Readonly<Record<string, unknown>> }
);

/** What a fault needs to be told beside its name. */
const told: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'line/delay': { ms: 500 },
  'line/drop': { chance: 0.5 },
  'line/corrupt': { chance: 0.5 },
  'lock/drop': { chance: 0.5 },
  'lock/corrupt': { chance: 0.5 },
};

const group = (group: SwitchGroup, path: string, names: Names<string>): Switch[] =>
  Object.entries(names).flatMap(([fault, says]) => {
    const id = `${group}/${fault}`;
    return says === false ? [] : [{ id, group, says, path, body: { fault, ...told[id] } }];
  });

const parts: readonly Switch[] = Object.entries(ofParts).flatMap(([part, says]) =>
  says === false ? [] : [{ id: `part/${part}`, group: 'part', says, part: part as Part }],
);

/** Those of the street of `npm start`. @param has  what there is: a street without a camera has no switches for one */
export const switchesOf = (has: { readonly nuki: boolean; readonly camera: boolean }): readonly Switch[] => [
  ...group('door', '/doors/front/fault', ofDoor),
  ...(has.nuki ? group('lock', '/nukis/front/fault', ofLock) : []),
  ...(has.camera ? group('camera', '/cameras/front/fault', ofCamera) : []),
  ...(has.nuki ? group('radio', '/air/fault', ofRadio) : []),
  ...(has.nuki ? group('garage', '/barriers/garage/fault', ofGarage) : []),
  ...group('line', '/lines/bus/fault', ofLine),
  ...parts,
];

/** Has no way back: what it does is done at once. */
export const isOnce = ({ id }: Switch): boolean => id === 'radio/hang-up';
