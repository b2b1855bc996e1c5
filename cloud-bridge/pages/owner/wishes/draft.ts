/** The standing wishes while they are being set: as they are typed, and what is missing. Pure. */
import * as v from 'valibot';
import { type Place, PlaceOrder, places, type Wishes, Wishes as WishesSchema } from '../../../../wire/plan.ts';

/** A box, as it is typed: centimetres. */
export interface BoxDraft {
  readonly door: string;
  readonly cm: readonly [string, string, string];
}

export interface Draft {
  readonly order: readonly Place[];
  readonly boxes: readonly BoxDraft[];
  readonly garage: string;
  readonly drop: string;
  /** In whole units of the currency. */
  readonly dropUpTo: string;
  readonly neighbours: readonly string[];
  readonly point: string;
  readonly metres: string;
  readonly locker: boolean;
  readonly code: 'never' | 'by-value' | 'always';
  readonly codeFrom: string;
  readonly currency: string;
  readonly showCode: Wishes['showCode'];
  readonly photos: boolean;
  readonly isConfidential: boolean;
  /** The camera at the door may take them: no part of the wishes, but a word that the hub keeps. */
  readonly doorPhotos: boolean;
  readonly waitSeconds: number;
  readonly zone: string;
  /** Undefined: nothing was said, and it is `photoKeepDays`. */
  readonly photoDays: number | undefined;
}

/** The place whose details are missing, or what else is. */
export type Missing = 'place' | 'box' | 'garage' | 'drop' | 'neighbour' | 'pick-up' | 'code';

const cents = 100;
const mmPerCm = 10;

const toUnits = (money: { readonly amount: number } | undefined): string =>
  money === undefined ? '' : String(money.amount / cents);

export function toDraft(wishes: Wishes, doorPhotos = false): Draft {
  const { codeFrom, dropUpTo, pickUp, alwaysCode } = wishes;
  const isAlways = alwaysCode || codeFrom?.amount === 0;
  return {
    order: wishes.order,
    boxes: wishes.boxes.map(({ door, size }) => ({ door, cm: size.map((mm) => String(mm / mmPerCm)) as never })),
    garage: wishes.garage ?? '',
    drop: wishes.drop ?? '',
    dropUpTo: toUnits(dropUpTo),
    neighbours: wishes.neighbours,
    point: pickUp?.point ?? '',
    metres: pickUp === undefined ? '' : String(pickUp.metres),
    locker: pickUp?.locker ?? false,
    code: isAlways ? 'always' : codeFrom === undefined ? 'never' : 'by-value',
    codeFrom: isAlways ? '' : toUnits(codeFrom),
    currency: (codeFrom ?? dropUpTo)?.currency ?? 'EUR',
    showCode: wishes.showCode,
    photos: wishes.photos,
    isConfidential: wishes.isConfidential,
    doorPhotos,
    waitSeconds: wishes.waitSeconds,
    zone: wishes.zone,
    photoDays: wishes.photoDays,
  };
}

/** What a home has that has said nothing. */
export const freshDraft = (zone: string, doorPhotos = false): Draft =>
  toDraft(v.parse(WishesSchema, { order: ['inside'], zone }), doorPhotos);

/** What the hub is to be told: never a photo of what is never photographed (S079, S080). */
export const toDoorPhotos = ({ doorPhotos, photos, isConfidential }: Draft): boolean =>
  doorPhotos && photos && !isConfidential;

const isOrder = (order: readonly Place[]): boolean => v.is(PlaceOrder, order) || order.length === 0;

/** One place further up or down, where that is possible: `pick-up` and `tomorrow` stay behind what can be done at the home. */
export function moved(order: readonly Place[], place: Place, by: -1 | 1): readonly Place[] | undefined {
  const [at, to] = [order.indexOf(place), order.indexOf(place) + by];
  if (at < 0 || to < 0 || to >= order.length) return undefined;
  const next = [...order];
  next[at] = order[to]!;
  next[to] = place;
  return isOrder(next) ? next : undefined;
}

/** As far down as it may stand. */
export function added(order: readonly Place[], place: Place): readonly Place[] {
  for (let at = order.length; at > 0; at--) {
    const next = [...order.slice(0, at), place, ...order.slice(at)];
    if (isOrder(next)) return next;
  }
  return [place, ...order];
}

export const removed = (order: readonly Place[], place: Place): readonly Place[] =>
  order.filter((one) => one !== place);

/** Those that are never done. */
export const notChosen = (order: readonly Place[]): readonly Place[] =>
  places.filter((place) => !order.includes(place));

function toAmount(typed: string, currency: string): Wishes['codeFrom'] {
  const amount = Math.round(Number(typed.replace(',', '.')) * cents);
  return typed.trim() === '' || !Number.isFinite(amount) || amount < 0 ? undefined : { amount, currency };
}

const toMm = (cm: string): number => Math.round(Number(cm.replace(',', '.')) * mmPerCm);

/** What of a place must be said before it can be chosen. */
function missingOf(draft: Draft): readonly Missing[] {
  const lacks: Readonly<Partial<Record<Place, boolean>>> = {
    box:
      draft.boxes.length === 0 || draft.boxes.some(({ door, cm }) => door === '' || cm.some((one) => !(toMm(one) > 0))),
    garage: draft.garage === '',
    drop: draft.drop.trim() === '',
    neighbour: draft.neighbours.length === 0,
    'pick-up': draft.point.trim() === '' || !/^\d+$/.test(draft.metres.trim()),
  };
  const found = draft.order.filter((place) => lacks[place]) as Missing[];
  if (!draft.order.some((place) => place !== 'tomorrow')) found.unshift('place');
  if (draft.code === 'by-value' && toAmount(draft.codeFrom, draft.currency) === undefined) found.push('code');
  return found;
}

/** @returns the wishes; or what is missing, and what does not fit at all as an empty list */
export function toWishes(
  draft: Draft,
): { readonly ok: true; readonly wishes: Wishes } | { readonly ok: false; readonly missing: readonly Missing[] } {
  const missing = missingOf(draft);
  if (missing.length > 0) return { ok: false, missing };
  const isChosen = (place: Place): boolean => draft.order.includes(place);
  const codeFrom = draft.code === 'by-value' ? toAmount(draft.codeFrom, draft.currency) : undefined;
  const dropUpTo = toAmount(draft.dropUpTo, draft.currency);
  const wishes = {
    ...{ order: draft.order, zone: draft.zone, showCode: draft.showCode, waitSeconds: draft.waitSeconds },
    ...{ photos: draft.photos, isConfidential: draft.isConfidential, alwaysCode: draft.code === 'always' },
    ...(draft.photoDays === undefined ? {} : { photoDays: draft.photoDays }),
    ...(codeFrom === undefined ? {} : { codeFrom }),
    ...(dropUpTo === undefined ? {} : { dropUpTo }),
    boxes: isChosen('box') ? draft.boxes.map(({ door, cm }) => ({ door, size: cm.map(toMm) })) : [],
    ...(isChosen('garage') ? { garage: draft.garage } : {}),
    ...(draft.drop.trim() === '' ? {} : { drop: draft.drop.trim() }),
    neighbours: draft.neighbours,
    ...(isChosen('pick-up')
      ? { pickUp: { point: draft.point.trim(), metres: Number(draft.metres), locker: draft.locker } }
      : {}),
  };
  const parsed = v.safeParse(WishesSchema, wishes);
  return parsed.success ? { ok: true, wishes: parsed.output } : { ok: false, missing: [] };
}
