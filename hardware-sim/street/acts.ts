/** What can be done on the street, as a table: whose act it is, when it is possible, what it does and what is said of it. */
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import type { Act as Knock } from '../../wire/knock.ts';
import type { HttpRefusal, Reply } from '../people/http.ts';
import { type Played, playDelivery } from '../start/delivery.ts';
import { moveDoor } from '../start/door.ts';
import { type DoorName, placeOf } from '../start/place.ts';
import type { Street } from '../start/street.ts';
import { Errand } from './errand.ts';
import type { Stage } from './stage.ts';
import { isOnce } from './switches.ts';
import type { Act, Actor, Said } from './told.ts';
import { type StreetTrick, streetTricks } from './tricks.ts';

type Outcome = Omit<Said, 'n'>;

/** What an act is about. */
export interface Asked {
  /** A door, a grant, an alarm, a trick or a switch, as the act has it. */
  readonly of: string;
  /** Of a switch. */
  readonly isOn: boolean;
}

interface Row {
  readonly who: Actor;
  readonly can: (stage: Stage, street: Street) => boolean;
  /** @returns undefined where what happens says enough */
  readonly run: (stage: Stage, street: Street, asked: Asked) => Promise<Outcome | undefined>;
}

const good = (text: string): Outcome => ({ isGood: true, text });
const bad = (code: FaultCode, text: string = faults[code].says): Outcome => ({ isGood: false, text, code });
const told = (reply: Reply<unknown>, text: string): Outcome => (reply.ok ? good(text) : bad(reply.code));

/** Why a door does not move, as whoever pushes it feels it. */
const feels: Readonly<Record<string, string>> = {
  latched: 'It does not give way: the latch holds it.',
  bolted: 'It does not give way: the bolt is thrown.',
  'already-there': 'It stands like that already.',
};

/** @returns what is felt at a door that does not move @throws what is no door's doing */
async function push(move: Promise<unknown>, text: string): Promise<Outcome> {
  try {
    await move;
    return good(text);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'LOCK_REFUSED')) throw error;
    return { isGood: false, text: feels[String(error.detail.because)] ?? 'It does not move.' };
  }
}

const offers = ({ errand, isPlaying }: Stage, ...acts: readonly Knock[]): boolean =>
  !isPlaying && acts.some((act) => errand?.visit?.view.nonces[act] !== undefined);

/** Another phone may leave its delivery for ever: that keeps nobody waiting here. */
const isFree = ({ errand, isPlaying }: Stage): boolean =>
  !isPlaying && (errand === undefined || errand.isOver || errand.told().at === 'elsewhere');
const doorOf = (of: string): DoorName => (of === 'garage' ? 'garage' : 'front');

async function send(stage: Stage, street: Street, of: string): Promise<Outcome> {
  const refused = ({ code }: HttpRefusal): void => stage.tell('courier', bad(code));
  stage.errand?.end();
  const ended = (): void => {
    leave(street);
    stage.tell('courier', good('The phone keeps the receipt that the hub signed.'));
  };
  const errand = await Errand.send(street, doorOf(of), { refused, ended });
  stage.errand = errand;
  stage.inGarage = false;
  await placeOf(street, 'front').film({ courier: 'away', parcel: false });
  return good('One parcel was announced. The courier has a link.');
}

/** The courier goes; what was put down stays until the next one comes. */
const leave = (street: Street): void => {
  void placeOf(street, 'front')
    .film({ courier: 'leaving' })
    .catch(() => undefined);
};

/**
 * A delivery that plays by itself.
 * @throws Fault with what was refused, at the step where it was
 */
export async function playAlone(stage: Stage, street: Street, door: DoorName = 'front'): Promise<Played> {
  const none = { refused: () => undefined, ended: () => undefined };
  stage.errand?.end();
  stage.isPlaying = true;
  stage.inGarage = false;
  try {
    return await playDelivery(street, door, {
      sent: (sent) => {
        stage.errand = new Errand(street, sent, none);
        stage.errand.lookOn();
      },
      prepared: (visit, task) => stage.errand?.adopt(visit, task),
    });
  } catch (error) {
    leave(street);
    stage.errand?.end();
    throw error;
  } finally {
    stage.isPlaying = false;
  }
}

async function flip(stage: Stage, street: Street, { of, isOn }: Asked): Promise<Outcome | undefined> {
  const one = stage.switches.find(({ id }) => id === of);
  if (one === undefined) return bad('NOT_FOUND');
  if ('part' in one) {
    if (isOn) await street.process(one.part).kill();
    else if (!street.isUp(one.part)) await street.restart(one.part);
    return undefined;
  }
  await moveDoor(street.paths.simSocket, one.path, isOnce(one) ? one.body : { ...one.body, active: isOn });
  if (isOn && !isOnce(one)) stage.on.add(of);
  else stage.on.delete(of);
  return undefined;
}

async function trick(stage: Stage, street: Street, { of }: Asked): Promise<undefined> {
  const found = Object.entries(streetTricks).find(([id]) => id === of)?.[1] as StreetTrick | undefined;
  if (found?.isPossible(street, stage.errand) !== true) return undefined;
  try {
    const { isHeld, text, code } = await found.run(street, stage.errand);
    stage.answer(found.says, { isGood: isHeld, text, ...(code === undefined ? {} : { code }) });
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'LOCK_REFUSED')) throw error;
    stage.answer(found.says, { isGood: true, text: feels[String(error.detail.because)] ?? 'It does not move.' });
  }
  return undefined;
}

const rows: Readonly<Record<Act, Row>> = {
  'street.play': {
    who: 'street',
    can: isFree,
    run: async (stage, street, { of }) => {
      const { end } = await playAlone(stage, street, doorOf(of));
      return good(`It ended: ${end.outcome}, ${end.proof}.`);
    },
  },
  'street.switch': { who: 'street', can: () => true, run: flip },
  'carrier.send': { who: 'carrier', can: isFree, run: (stage, street, { of }) => send(stage, street, of) },
  'carrier.confirm': {
    who: 'carrier',
    can: ({ errand }) => {
      const courier = errand?.told();
      return courier?.at === 'elsewhere' && courier.isConfirmed !== true;
    },
    run: async ({ errand }) => told(await errand!.confirm(), 'The dispatch signed for the phone with these digits.'),
  },
  'courier.press': {
    who: 'courier',
    can: ({ errand }) => errand?.told().at === 'sent',
    run: async ({ errand }) => {
      const pressed = await errand!.press();
      if (!pressed.ok) return bad(pressed.code);
      return told(
        await errand!.confirm(errand!.sent.courier.check),
        'This phone made a key. The dispatch compared six digits and signed for it.',
      );
    },
  },
  'courier.arrive': {
    who: 'courier',
    can: (stage) => offers(stage, 'arrive'),
    run: async ({ errand }, street) => {
      await placeOf(street, errand!.sent.door).film({ courier: 'coming' });
      return told(await errand!.visit!.arrive(), 'The hub verified it, and starts the camera.');
    },
  },
  'courier.open': {
    who: 'courier',
    can: (stage) => offers(stage, 'open', 'unlock'),
    run: async ({ errand }) => told(await errand!.visit!.open(), 'The hub verified it, wrote it down, and unlocks.'),
  },
  'courier.finish': {
    who: 'courier',
    can: (stage) => offers(stage, 'finish'),
    run: async ({ errand }) => told(await errand!.visit!.finish(), 'Said. What counts is what the bolt reports.'),
  },
  'courier.abort': {
    who: 'courier',
    can: (stage) => offers(stage, 'abort'),
    run: async ({ errand }) => told(await errand!.visit!.abort(), 'It counts as nothing against the courier.'),
  },
  'owner.approve': {
    who: 'owner',
    can: ({ owner }) => (owner?.told().waiting.length ?? 0) > 0,
    run: async ({ owner }, _, { of }) => told(await owner!.approve(of), 'Signed on this phone: yes to this one visit.'),
  },
  'owner.stop': {
    who: 'owner',
    can: ({ owner }) => owner?.told().visit !== undefined,
    run: async ({ owner }) => told(await owner!.stop(), 'Signed: this visit is stopped. Nothing opens any more.'),
  },
  'owner.look': {
    who: 'owner',
    can: (_, { settings }) => settings.camera,
    run: async ({ owner }) => {
      await owner!.look();
      return good('The hub was asked for a picture, for a minute.');
    },
  },
  'owner.clear': {
    who: 'owner',
    can: ({ owner }) => (owner?.alarms().length ?? 0) > 0,
    run: async ({ owner }, _, { of }) => told(await owner!.clear(Number(of)), 'Signed: I have looked.'),
  },
  'owner.invite': {
    who: 'owner',
    can: (_, { page }) => page !== undefined,
    run: async ({ owner }) => {
      owner!.invite();
      return good('A link for one browser and ten minutes.');
    },
  },
  'hands.push': {
    who: 'hands',
    can: () => true,
    run: (_, { paths }) => push(moveDoor(paths.simSocket, '/doors/front/open-leaf'), 'The door opens.'),
  },
  'hands.pull': {
    who: 'hands',
    can: () => true,
    run: (_, { paths }) => push(moveDoor(paths.simSocket, '/doors/front/close-leaf'), 'The door falls shut.'),
  },
  'hands.parcel': {
    who: 'hands',
    can: () => true,
    run: async (stage, street) => {
      if (stage.errand?.sent.door === 'garage' && !stage.errand.isOver) {
        stage.inGarage = true;
        return good('The parcel stands in the garage.');
      }
      await placeOf(street, 'front').film({ parcel: true });
      return good('The parcel is put down.');
    },
  },
  'hands.button': {
    who: 'hands',
    can: (_, { settings }) => settings.front === 'nuki',
    run: (_, { paths }) => push(moveDoor(paths.simSocket, '/barriers/garage/press'), 'The garage door moves.'),
  },
  'burglar.try': { who: 'burglar', can: () => true, run: trick },
};

/** What may be done now. */
export const possible = (stage: Stage): readonly Act[] => {
  const { street } = stage;
  if (street === undefined) return [];
  return (Object.entries(rows) as [Act, Row][]).filter(([, row]) => row.can(stage, street)).map(([act]) => act);
};

/**
 * Does it, and tells whoever did it what came of it.
 * @returns false where it is not possible now, or under way already
 */
export async function act(stage: Stage, name: Act, asked: Asked): Promise<boolean> {
  const { street } = stage;
  const row = rows[name];
  const key = asked.of === '' ? name : `${name}:${asked.of}`;
  if (street === undefined || stage.doing.has(key) || !row.can(stage, street)) return false;
  stage.doing.add(key);
  try {
    const outcome = await row.run(stage, street, asked);
    if (outcome !== undefined) stage.tell(row.who, outcome);
  } catch (error) {
    const code = error instanceof Fault ? error.code : 'INTERNAL';
    stage.tell(row.who, bad(code));
  } finally {
    stage.doing.delete(key);
  }
  return true;
}
