/** A plan in sentences. Pure. */
import type { PlanStep, PlanView } from '../../../../wire/plan.ts';
import type { LanguageCode } from '../../common/language.ts';
import { sayDistance } from '../../common/say-distance.ts';
import { fill } from '../words.ts';
import type { deliveryWords } from './words.ts';

type Says = (typeof deliveryWords)['en'];

/** “€12.99”. @param amount  smallest units */
export function sayMoney(
  code: LanguageCode,
  { amount, currency }: { readonly amount: number; readonly currency: string },
): string {
  const format = new Intl.NumberFormat(code, { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export interface Names {
  readonly door: (id: string) => string;
  readonly holder: (id: string) => string;
}

/** One line of a plan, as the courier is told it. */
export function sayStep(says: Says, code: LanguageCode, step: PlanStep, { door, holder }: Names): string {
  switch (step.place) {
    case 'inside':
      return fill(says.toInside, { door: door(step.door) });
    case 'garage':
      return fill(says.toGarage, { door: door(step.door) });
    case 'box':
      return fill(says.toBox, { door: door(step.door) });
    case 'in-person':
      return step.code ? says.toHandWithCode : says.toHand;
    case 'neighbour':
      return fill(says.toNeighbour, { names: new Intl.ListFormat(code).format(step.holders.map(holder)) });
    case 'drop':
      return fill(says.toDrop, { at: step.at });
    case 'pick-up':
      return fill(says.toPickUp, { point: step.point, distance: sayDistance(code, step.metres) });
    case 'tomorrow':
      return says.toTomorrow;
    default:
      throw new TypeError(step satisfies never);
  }
}

/** Why a code is asked for at the door, or not; nothing where nobody is asked. */
export function sayCode(says: Says, { plan, code }: Pick<PlanView, 'plan' | 'code'>): string | undefined {
  return plan.some(({ place }) => place === 'in-person') ? says.codes[code.why] : undefined;
}

/** The plan that is left when nothing else is possible. */
export const isNowhere = (plan: PlanView['plan']): boolean => plan.every(({ place }) => place === 'tomorrow');
