/** What the burglar can try on the street, as a table: at the line with what was overheard, and at the door with bare hands. */
import { type FaultCode, faults } from '../../wire/faults.ts';
import { type Loot, play, type TrickName } from '../people/burglar.ts';
import { moveDoor } from '../start/door.ts';
import type { Street } from '../start/street.ts';
import type { Errand } from './errand.ts';

/** What the burglar got: whether the house held, what is said of it, and the system's own answer. */
export interface Got {
  readonly isHeld: boolean;
  readonly text: string;
  readonly code?: FaultCode;
}

export interface StreetTrick {
  readonly says: string;
  /** What it takes, said where it is not there. */
  readonly needs: string;
  readonly isPossible: (street: Street, errand: Errand | undefined) => boolean;
  readonly run: (street: Street, errand: Errand | undefined) => Promise<Got>;
}

const lootOf = (street: Street, errand: Errand): Loot => {
  const { courier } = errand.sent;
  return {
    http: courier.http,
    token: courier.token,
    hub: street.owner.pinned.hub,
    ...(errand.task === undefined ? {} : { grant: errand.task.grant }),
    ...(errand.visit === undefined ? {} : { view: errand.visit.view, knocks: errand.visit.sent }),
  };
};

/** A trick of `people/burglar.ts`: every request of it, and what most of them were answered. */
const online = (
  name: TrickName,
  says: string,
  needs: string,
  isPossible: (errand: Errand) => boolean,
): StreetTrick => ({
  says,
  needs,
  isPossible: (_, errand) => errand !== undefined && isPossible(errand),
  run: async (street, errand) => {
    const { tried, accepted, refused, held } = await play(name, lootOf(street, errand!));
    const code = Object.values(refused)[0];
    const many = tried === 1 ? 'Refused' : `${tried} tries, all refused`;
    if (held && code !== undefined) return { isHeld: true, text: `${many}: ${faults[code].says}`, code };
    return { isHeld: false, text: `Accepted: ${accepted.join(', ') || 'nothing was tried'}.` };
  },
});

const isKnocked = ({ visit }: Errand): boolean => visit !== undefined && visit.sent.length > 0;
const isGranted = ({ visit, task }: Errand): boolean => visit !== undefined && task !== undefined;

/** Something done by hand: the simulator says whether it moved, the hub whether it noticed. */
const byHand = (says: string, needs: string, path: string, body: object, done: string): StreetTrick => ({
  says,
  needs,
  isPossible: ({ settings }) => !path.startsWith('/nukis') || settings.front === 'nuki',
  run: async ({ paths }) => {
    await moveDoor(paths.simSocket, path, body);
    return { isHeld: false, text: done };
  },
});

export const streetTricks = {
  replay: online('replay', 'Send an overheard knock once more', 'a knock of the courier to overhear', isKnocked),
  tamper: online('tamper', 'Change an overheard knock', 'a knock of the courier to overhear', isKnocked),
  resign: online('resign', 'Sign a knock with a key of one’s own', 'a knock of the courier to overhear', isKnocked),
  copy: online('copy', 'Use a copied grant with another phone', 'a courier with a grant', isGranted),
  link: online(
    'takeGrant',
    'Ask for the grant with a copied link',
    'a link that a courier has pressed',
    ({ visit }) => visit !== undefined,
  ),
  press: online(
    'secondDevice',
    'Open the copied link on a second phone',
    'a link that was sent',
    ({ isOver }) => !isOver,
  ),
  pry: byHand(
    'Pry the door open',
    'a door that is shut',
    '/doors/front/force',
    {},
    'The door is broken open. Listen to the owner’s phone.',
  ),
  key: byHand(
    'Turn the bolt with a stolen key',
    'a bolt that is thrown',
    '/nukis/front/turn',
    { to: 'unlocked' },
    'The bolt turns. A key is a key; but the owner is told at once.',
  ),
} as const satisfies Record<string, StreetTrick>;
