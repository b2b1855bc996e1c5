/** What somebody on the street sees of a home, told whenever it is another: for whoever draws it. */

import type { CourierAt, ParcelAt } from '../camera/view.ts';
import type { BoltAt } from '../door/bolt.ts';
import type { LeafAt } from '../door/door.ts';
import type { LatchAt } from '../door/latch.ts';
import { type Colour, colourAt } from '../door/light.ts';
import type { Reading } from '../door/sensor.ts';
import type { SimHome } from '../home.ts';

/** How often it is looked at, ms. */
const lookEveryMs = 100;

/** What is lit and heard beside a door. */
interface Beside {
  readonly light: Colour;
  readonly sounds: boolean;
}

export interface DoorSeen extends Beside {
  readonly leaf: LeafAt;
  readonly latch: LatchAt;
  /** What the contact says: `yes` is closed. */
  readonly contact: Reading;
  /** Where there is one. */
  readonly bolt?: BoltAt;
}

export interface BarrierSeen extends Beside {
  /** 0 closed .. 1 open, to two digits. */
  readonly height: number;
  readonly moves: 'up' | 'down' | 'no';
  readonly contact: Reading;
}

/** Each by its name. */
export interface HomeSeen {
  readonly doors: Readonly<Record<string, DoorSeen>>;
  readonly barriers: Readonly<Record<string, BarrierSeen>>;
  readonly cameras: Readonly<Record<string, { readonly courier: CourierAt; readonly parcel: ParcelAt }>>;
}

function beside(home: SimHome, id: string): Beside {
  const shown = home.lights.get(id)?.shown();
  return {
    light: shown === undefined ? 'black' : colourAt(shown, 0),
    sounds: home.readers.get(id)?.truth().sounding ?? false,
  };
}

export function seenOf(home: SimHome): HomeSeen {
  const doors = [...home.doors].map(([id, door]) => {
    const { leaf, latch, contact, bolt } = door.truth();
    return [id, { leaf, latch, contact, ...(bolt === undefined ? {} : { bolt }), ...beside(home, id) }] as const;
  });
  const barriers = [...home.barriers].map(([id, barrier]) => {
    const { height, moves, contact } = barrier.truth();
    return [id, { height: Math.round(height * 100) / 100, moves, contact, ...beside(home, id) }] as const;
  });
  const cameras = [...home.cameras].map(([id, camera]) => {
    const { courier, parcel } = camera.told();
    return [id, { courier: courier.at, parcel: parcel.at }] as const;
  });
  return {
    doors: Object.fromEntries(doors),
    barriers: Object.fromEntries(barriers),
    cameras: Object.fromEntries(cameras),
  };
}

/** Tells at once, and then whenever something is other than before. @returns stop telling */
export function followHome(home: SimHome, tell: (seen: HomeSeen) => void): () => void {
  let before = '';
  const look = (): void => {
    const seen = seenOf(home);
    const now = JSON.stringify(seen);
    if (now !== before) tell(seen);
    before = now;
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}
