/**
 * How often somebody may be wrong. The table, and nothing else about it.
 *
 * One guess is right with p = 10^-6 (six digits): only the code of the holder whom the courier has named is compared, so that more holders
 * are no more chances. Three guesses a stop open 3 stops of a million; nine over all attempts of one delivery open 9 deliveries of a
 * million: both are fewer than one of 100,000, whatever else holds. The limits over days and years bound what one courier, and what all
 * couriers at one address, can hope for at all: a year of `courier.year` guesses opens a stop with a probability of 0.04 %.
 */
import { maxWrong } from '../stop/state.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Wrong entries in one stop, over all holders, parcels of the order and resends of the mail; the last one ends the attempt. */
export const triesOfStop = maxWrong;
/** Over all attempts of one delivery. After that it takes no code any more: its owner waives the code, or chooses another place. */
export const triesOfDelivery = 9;

export interface Limit {
  /** Wrong entries within the time that ends now. */
  readonly most: number;
  readonly withinMs: number;
}

/** One courier's: counted for the device, and for the courier as the carrier names them, whatever device they use. */
export const courierLimits: readonly Limit[] = [
  { most: 12, withinMs: dayMs },
  { most: 40, withinMs: 7 * dayMs },
  { most: 400, withinMs: 365 * dayMs },
];

/** All couriers' at one home. */
export const addressLimits: readonly Limit[] = [
  { most: 9, withinMs: dayMs },
  { most: 18, withinMs: 7 * dayMs },
  { most: 60, withinMs: 365 * dayMs },
];

/** Tries are kept for as long as anything counts them, ms. */
export const keepTriesMs = 366 * dayMs;
