/** What the page shows: one screen for all that is known, with one big action at most. Pure. */
import type { FaultCode } from '../../../wire/faults.ts';
import type { VisitView } from '../../../wire/visit-view.ts';
import { type Hint, isStaff, type Known, type Press } from './known.ts';
import type { Words } from './languages.ts';

type Word = keyof Words;
export type Pictogram =
  | 'parcel'
  | 'digits'
  | 'camera'
  | 'pin'
  | 'door'
  | 'open'
  | 'close'
  | 'lock'
  | 'done'
  | 'stop'
  | 'wait'
  | 'guest';

export interface Screen {
  readonly picture: Pictogram;
  /** Absent where the task itself is the title. */
  readonly title?: Word;
  readonly text?: Word;
  /** Said beside it, always: that a camera films. */
  readonly camera?: Word;
  /** Six digits, in large. */
  readonly digits?: string;
  readonly press?: { readonly what: Press; readonly says: Word };
  /** Said, not pressed: something goes on by itself. */
  readonly isWaiting?: boolean;
  /** Smaller presses below: never what opens. */
  readonly also: readonly ('finish' | 'abort' | 'back')[];
  /** Which door it is, and what to do there. */
  readonly hint?: Hint;
  /** A guest's doors stand below. */
  readonly hasDoors?: boolean;
  readonly trouble?: Word;
  readonly receipt?: string;
  readonly tone: 'calm' | 'act' | 'good' | 'bad';
}

const cameraSays = { recorded: 'recorded', watched: 'watched', off: 'unfilmed' } as const;

const refusalSays: Partial<Record<FaultCode, Word>> = {
  DOOR_BUSY: 'busy',
  GRANT_EARLY: 'early',
  RULE_OUTSIDE_WINDOW: 'early',
  GRANT_LATE: 'late',
  GRANT_USED_UP: 'late',
  DOOR_OPEN: 'doorOpen',
  DOOR_UNSECURED: 'doorOpen',
  CAMERA_NOT_LIVE: 'noPicture',
  HUB_OFFLINE: 'noHub',
  HUB_SILENT: 'noHub',
  BARRIER_NOT_PROVEN: 'stillMoving',
  TASK_OTHER_DEVICE: 'otherPhone',
  TASK_LINK_DEAD: 'otherPhone',
  GRANT_REVOKED: 'ownerNo',
  RULE_USED_UP: 'usedUp',
  RULE_BOOK_LEASE_OVER: 'leaseOver',
};

/** @returns what a refusal means to somebody at a door; nothing for one that the next screen answers by itself */
function troubleOf({ refusal, isOffline }: Known): Word | undefined {
  if (isOffline) return 'offline';
  if (refusal === undefined || refusal === 'TASK_NOT_READY' || refusal === 'TASK_NOT_CLAIMED') return undefined;
  return refusalSays[refusal] ?? 'refused';
}

type Told = Pick<Screen, 'picture' | 'title' | 'text' | 'press' | 'isWaiting' | 'tone' | 'hint'>;

const told = (picture: Pictogram, title: Word, text: Word | undefined, rest: Partial<Told> = {}): Told => ({
  ...{ picture, title, tone: 'calm' },
  ...(text === undefined ? {} : { text }),
  ...rest,
});

const endings: Readonly<Record<string, Told>> = {
  completed: told('done', 'completed', undefined, { tone: 'good' }),
  'nobody-entered': told('stop', 'nobodyEntered', undefined),
  stopped: told('stop', 'stopped', 'stoppedText'),
  aborted: told('stop', 'aborted', 'abortedText'),
  'lock-failed': told('stop', 'failed', 'failedText', { tone: 'bad' }),
};

function ending({ outcome = '', proof }: VisitView): Told {
  const end = endings[outcome] ?? told('stop', 'incomplete', undefined);
  if (proof === 'unsecured') return { ...end, picture: 'close', text: 'unsecuredText', tone: 'bad' };
  if (end.text !== undefined) return end;
  return { ...end, text: proof === 'closed' ? 'closedText' : 'securedText' };
}

function inVisit(view: VisitView, hasAgreed: boolean, hint: Known['hint']): Told {
  switch (view.at) {
    case 'idle':
      // Whether there is a door to be found first is not known yet.
      if (hint === undefined) return told('wait', 'loading', undefined, { isWaiting: true });
      if (hint?.isFound === false) {
        return told('pin', 'findTitle', undefined, { press: { what: 'found', says: 'found' }, tone: 'act', hint });
      }
      return hasAgreed
        ? told('pin', 'hereTitle', 'hereText', { press: { what: 'arrive', says: 'arrive' }, tone: 'act' })
        : told('camera', 'rulesTitle', 'rulesText', { press: { what: 'agree', says: 'agree' } });
    case 'preparing':
      return told('camera', 'preparing', undefined, { isWaiting: true });
    case 'ready':
      return told('door', 'readyTitle', 'readyText', { press: { what: 'enter', says: 'enter' }, tone: 'act' });
    case 'unlocking':
      return told('door', 'unlocking', undefined, { isWaiting: true });
    case 'unlocked':
      return told('open', 'unlockedTitle', 'unlockedText', { tone: 'act', ...instructionOf(hint) });
    case 'open':
      return told('close', 'openTitle', 'openText', { tone: 'act' });
    case 'closed':
    case 'locking':
      return told('lock', 'lockingTitle', 'lockingText', { isWaiting: true });
    case 'unsecured':
      return told('close', 'openTitle', 'unsecuredText', { tone: 'bad' });
    case 'ended':
      return ending(view);
  }
}

/** Where the parcel goes is read once more where it counts. */
const instructionOf = (hint: Known['hint']): Partial<Told> =>
  hint?.instruction === undefined ? {} : { hint: { instruction: hint.instruction, hasPhoto: false, isFound: true } };

export function screenOf(known: Known): Screen {
  const trouble = troubleOf(known);
  const { preview, view, check, receipt, isGuest = false } = known;
  const filmed = view?.camera ?? preview?.camera;
  const acts = (['finish', 'abort'] as const).filter((act) => view?.nonces[act] !== undefined);
  const isDoorLeft =
    known.at === 'taken' || view?.at === 'idle' || (view?.at === 'ended' && view.outcome !== 'completed');
  const isBack =
    (known.stop !== undefined && isDoorLeft) ||
    (isGuest && (known.at === 'asked' || view?.at === 'idle' || view?.at === 'ended'));
  const more = {
    also: [...(view?.at === 'ended' ? [] : acts), ...(isBack ? (['back'] as const) : [])],
    ...(filmed === undefined || view?.at === 'ended' ? {} : { camera: cameraSays[filmed] }),
    ...(trouble === undefined ? {} : { trouble }),
    ...(receipt === undefined ? {} : { receipt }),
  };
  switch (known.at) {
    case 'loading':
      return { ...told('wait', 'loading', undefined, { isWaiting: true }), ...more };
    case 'new': {
      const press = { what: 'take', says: 'take' } as const;
      if (isGuest) return { ...told('guest', 'invitedTitle', 'takeNote', { press, tone: 'act' }), ...more };
      const picture = preview === undefined ? 'door' : isStaff(preview) ? 'guest' : 'parcel';
      return { picture, text: 'takeNote', press, tone: 'act', ...more };
    }
    case 'taken':
      return {
        ...told('digits', 'digitsTitle', 'digitsText', { isWaiting: true }),
        ...more,
        ...(check === undefined ? {} : { digits: check }),
      };
    case 'doors': {
      const isOver = known.doors?.every(({ windows }) => windows.length === 0);
      return { ...told('door', 'doorsTitle', isOver ? 'allOver' : undefined), ...more, hasDoors: true };
    }
    case 'asked':
      return { ...told('wait', 'askedTitle', 'askedText', { isWaiting: true }), ...more };
    case 'visit':
      // A guest is told of the camera where the door is chosen, and has no rules to read.
      return { ...inVisit(view!, isGuest || (known.hasAgreed ?? false), known.hint), ...more };
    case 'stop':
      // A part of its own, with screens of its own.
      return { ...told('wait', 'loading', undefined, { isWaiting: true }), ...more };
    case 'over': {
      const { trouble: why, camera: _over, ...rest } = more;
      if (known.refusal === 'GUEST_REVOKED') return { ...told('done', 'endTitle', 'endText'), ...rest, also: [] };
      return { ...told('stop', 'overTitle', why === 'otherPhone' ? why : 'overText'), ...rest, also: [] };
    }
  }
}
