/** From what is told of the street to what is drawn of it. Pure: where things stand, not how they get there. */
import type { DoorSeen } from '../../control/follow-home.ts';
import type { StreetTold } from '../told.ts';

export interface Drawing {
  /** 0 closed .. 1 wide open. */
  readonly leaf: number;
  /** 0 drawn .. 1 thrown: of the bolt, or of the latch where there is none. */
  readonly bolt: number;
  readonly isBoltMoving: boolean;
  readonly contact: 'closed' | 'open' | 'cut';
  /** A colour of `door/light.ts`. */
  readonly light: string;
  readonly sounds: boolean;
  /** 0 closed .. 1 open; absent where there is no garage. */
  readonly garage?: number;
  readonly garageLight: string;
  readonly garageSounds: boolean;
  readonly courier: {
    readonly at: 'away' | 'front' | 'garage';
    readonly isWalking: boolean;
    readonly carries: boolean;
  };
  readonly parcel: 'none' | 'mat' | 'inside' | 'garage';
  readonly isAlarm: boolean;
  /** All of it for whoever does not see it. */
  readonly says: string;
}

const isOpening = (leaf: DoorSeen['leaf']): boolean => leaf === 'open' || leaf === 'opening';

/** Before a camera the simulator says where the courier is; elsewhere only the visit does. */
function courierOf({ home, courier, inGarage }: StreetTold): Drawing['courier'] {
  const isHere = ['preparing', 'ready', 'unlocking', 'unlocked', 'open', 'closed', 'locking'].includes(courier.at);
  if (courier.door === 'garage') return { at: isHere ? 'garage' : 'away', isWalking: false, carries: !inGarage };
  const filmed = home?.cameras.front;
  if (filmed === undefined) return { at: isHere ? 'front' : 'away', isWalking: false, carries: true };
  const isNear = filmed.courier === 'here' || filmed.courier === 'coming';
  return {
    at: isNear ? 'front' : 'away',
    isWalking: filmed.courier === 'coming' || filmed.courier === 'leaving',
    carries: filmed.parcel === 'none',
  };
}

function parcelOf({ home, inGarage }: StreetTold): Drawing['parcel'] {
  if (inGarage) return 'garage';
  return home?.cameras.front?.parcel ?? 'none';
}

const boltWords = { thrown: 'thrown', drawn: 'drawn', throwing: 'being thrown', drawing: 'being drawn' } as const;
const parcelWords = { mat: 'on the mat', inside: 'inside the hall', garage: 'in the garage' } as const;

function say(door: DoorSeen | undefined, drawing: Omit<Drawing, 'says'>): string {
  if (door === undefined) return 'The simulator does not run.';
  const holds = door.bolt === undefined ? '' : `, its bolt ${boltWords[door.bolt]}`;
  const leaf = { closed: 'closed', open: 'open', opening: 'opening', closing: 'closing' }[door.leaf];
  const garage = drawing.garage === undefined ? '' : ` The garage is ${drawing.garage === 0 ? 'closed' : 'open'}.`;
  const { at } = drawing.courier;
  const who =
    at === 'away' ? ' Nobody stands there.' : ` The courier is at the ${at === 'front' ? 'front door' : 'garage'}.`;
  const parcel = drawing.parcel === 'none' ? '' : ` A parcel lies ${parcelWords[drawing.parcel]}.`;
  return `The front door is ${leaf}${holds}.${garage}${who}${parcel}`;
}

export function drawingOf(told: StreetTold): Drawing {
  const door = told.home?.doors.front;
  const barrier = told.home?.barriers.garage;
  const isThrown =
    door?.bolt === undefined ? door?.latch !== 'free' : door.bolt === 'thrown' || door.bolt === 'throwing';
  const drawing = {
    leaf: door !== undefined && isOpening(door.leaf) ? 1 : 0,
    bolt: isThrown ? 1 : 0,
    isBoltMoving: door?.bolt === 'throwing' || door?.bolt === 'drawing',
    contact: door?.contact === 'wire-cut' ? 'cut' : door?.contact === 'no' ? 'open' : 'closed',
    light: door?.light ?? 'black',
    sounds: door?.sounds ?? false,
    ...(told.hasGarage ? { garage: barrier?.height ?? 0 } : {}),
    garageLight: barrier?.light ?? 'black',
    garageSounds: barrier?.sounds ?? false,
    courier: courierOf(told),
    parcel: parcelOf(told),
    isAlarm: told.owner.alarms.some(({ isCritical }) => isCritical),
  } as const;
  return { ...drawing, says: say(door, drawing) };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the front door hangs in the picture. */
export const frame = { left: 482, right: 572, top: 208, bottom: 372 } as const;
/** How far the eye is from the wall; the height that it looks from. */
const eye = { distance: 330, y: 292 } as const;
const widest = (78 * Math.PI) / 180;

/** The corners of a leaf that hangs on the left and opens inward, as they are seen. @param open  0..1 @param inset  of a panel on it */
export function leafCorners(open: number, inset = 0): readonly [Point, Point, Point, Point] {
  const angle = open * widest;
  const at = (along: number, y: number): Point => {
    const nearness = eye.distance / (eye.distance + along * Math.sin(angle));
    return { x: frame.left + along * Math.cos(angle) * nearness, y: eye.y + (y - eye.y) * nearness };
  };
  const far = frame.right - frame.left - inset;
  const [top, bottom] = [frame.top + inset, frame.bottom - inset];
  return [at(inset, top), at(far, top), at(far, bottom), at(inset, bottom)];
}
