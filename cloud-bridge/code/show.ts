/** When a code is shown, and what is shown with it: who is at the door now. */

import type { CodesView, HolderCodes } from '../../wire/holder.ts';
import { toHolderUrl } from '../../wire/holder.ts';
import { startOfDay } from '../../wire/local-day.ts';
import type { Presence } from '../../wire/stop.ts';
import type { Parts } from '../parts.ts';
import { parcelOf, planOf, wishBookOf, zoneOf } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { holderToken } from './link.ts';
import { type CodeStop, codesOf, readCodeStop, triesLeftOf } from './of-stop.ts';
import { isRevoked, type Receiver, receiversOf } from './receivers.ts';

type ShowParts = Pick<Parts, 'codeKey' | 'config' | 'now'>;

/** Everything about one stop that its codes are shown with. */
export interface ShownStop {
  readonly stop: CodeStop;
  readonly receivers: readonly Receiver[];
  readonly carrier: string;
  /** Is a code needed at all? */
  readonly asked: boolean;
  readonly shown: CodesView['shown'];
  /** The device that said to be at the door is still the one that has the task. */
  readonly isThere: boolean;
}

const isAsked = (delivery: Row<'delivery'>, receivers: readonly Receiver[]): boolean =>
  planOf(delivery).some((step) => step.place === 'in-person' && step.code) ||
  receivers.some(({ place }) => place === 'neighbour');

function showingOf(
  { showCode, zone }: { readonly showCode: string; readonly zone: string },
  delivery: Row<'delivery'>,
  attempt: Row<'attempt'>,
  { now, isThere }: { readonly now: number; readonly isThere: boolean },
): CodesView['shown'] {
  if (isThere) return 'now';
  if (showCode === 'on-arrival') return 'on-arrival';
  // Of an attempt before it says nothing about this one.
  const isOnTheWay = (delivery.on_the_way_at ?? 0) >= attempt.created_at;
  return isOnTheWay || now >= startOfDay(zone, attempt.day) ? 'now' : 'on-the-way';
}

/** @returns undefined for a delivery that has no attempt: one of before there were codes */
export async function readShownStop(
  parts: ShowParts,
  tables: Tables,
  delivery: Row<'delivery'>,
): Promise<ShownStop | undefined> {
  const attempt = await tables.attempts.find(delivery.id, delivery.attempt);
  if (attempt === undefined) return undefined;
  const now = parts.now();
  const book = await wishBookOf(tables, delivery.home);
  const receivers = await receiversOf(tables, delivery, now);
  const task = attempt.state === 'here' ? await tables.tasks.living(delivery.id) : undefined;
  const isThere = task !== undefined && task.jkt === attempt.jkt;
  const setting = { showCode: book.wishes?.showCode ?? 'from-dispatch', zone: zoneOf(parts, book) };
  return {
    stop: await readCodeStop(tables, delivery, attempt, now),
    receivers,
    carrier: (await tables.parties.find(delivery.carrier))?.name ?? '',
    asked: isAsked(delivery, receivers),
    shown: showingOf(setting, delivery, attempt, { now, isThere }),
    isThere,
  };
}

const isOver = ({ attempt }: CodeStop, now: number): boolean => attempt.state === 'closed' || now >= attempt.dies_at;

/** May digits be shown now? */
export const isShown = ({ stop, asked, shown }: ShownStop, now: number): boolean =>
  asked && shown === 'now' && !isOver(stop, now);

export const digitsOf = ({ codeKey, config }: ShowParts, { stop }: ShownStop, holder: string): string =>
  codesOf(codeKey, config.codeDigits, stop, holder).now;

/** `nobody`: whoever asks for the code now is not the courier (T29). */
function doorOf({ stop, isThere }: ShownStop, now: number): CodesView['door'] {
  if (isOver(stop, now)) return 'over';
  return isThere ? 'here' : 'nobody';
}

const commonOf = (shown: ShownStop, now: number) => {
  const { stop, carrier } = shown;
  const { attempt, delivery } = stop;
  return {
    delivery: delivery.id,
    attempt: attempt.number,
    door: doorOf(shown, now),
    ...(shown.isThere && attempt.arrived_at !== null ? { since: attempt.arrived_at } : {}),
    presence: attempt.presence as Presence,
    day: attempt.day,
    dies: attempt.dies_at,
    carrier,
  };
};

const ownKinds: ReadonlySet<string> = new Set(['account', 'household']);

/** The link of a holder's own page. @returns undefined where no pages are served */
export function holderLink(
  { codeKey, config, publicUrl }: Pick<Parts, 'codeKey' | 'config' | 'publicUrl'>,
  id: string,
) {
  const [pages] = config.pagesOrigins;
  return pages === undefined ? undefined : toHolderUrl(pages, holderToken(codeKey, id), publicUrl());
}

/** For the owner's devices: the codes of the household (S042); all others have a page of their own, whose link is passed on. */
export function toCodesView(parts: ShowParts & Pick<Parts, 'publicUrl'>, shown: ShownStop): CodesView {
  const now = parts.now();
  const { stop, receivers } = shown;
  const parcel = parcelOf(stop.delivery);
  const hasDigits = isShown(shown, now);
  const codes = receivers.map(({ holder, place }) => {
    const isOwn = ownKinds.has(holder.kind);
    const link = isOwn ? undefined : holderLink(parts, holder.id);
    return {
      holder: holder.id,
      kind: holder.kind as CodesView['codes'][number]['kind'],
      name: holder.name,
      ...(holder.flat === null ? {} : { flat: holder.flat }),
      place,
      ...(isOwn && hasDigits ? { digits: digitsOf(parts, shown, holder.id) } : {}),
      ...(link === undefined ? {} : { link }),
    };
  });
  return {
    ...commonOf(shown, now),
    ...(parcel?.goods === undefined ? {} : { goods: parcel.goods }),
    ...(parcel?.sender === undefined ? {} : { sender: parcel.sender }),
    asked: shown.asked,
    shown: shown.shown,
    triesLeft: triesLeftOf(stop),
    together: stop.together,
    codes: isOver(stop, now) || !shown.asked ? [] : codes,
  };
}

/** For a holder's own page: nothing of the home, nothing of what is in the parcels. @returns undefined for one who was taken back */
export async function toHolderCodes(
  parts: ShowParts,
  tables: Tables,
  holder: Row<'holder'>,
): Promise<HolderCodes | undefined> {
  const now = parts.now();
  if (isRevoked(holder, now)) return undefined;
  const stops = [];
  for (const delivery of await tables.codes.openOf(holder.home, now)) {
    const shown = await readShownStop(parts, tables, delivery);
    if (shown === undefined || !shown.receivers.some((one) => one.holder.id === holder.id)) continue;
    const digits = isShown(shown, now) ? { digits: digitsOf(parts, shown, holder.id) } : {};
    stops.push({ ...commonOf(shown, now), ...digits });
  }
  return {
    name: holder.name,
    ...(holder.sender === null ? {} : { sender: holder.sender }),
    ...(holder.language === null ? {} : { language: holder.language as NonNullable<HolderCodes['language']> }),
    stops,
  };
}
