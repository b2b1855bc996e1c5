/** Whether a stop may be photographed: everything that can forbid it, and one of them is enough. */
import type { DeliveryWishes, Plan, PlanStep, Wishes } from '../../wire/plan.ts';

/** `confidential` is for ever (S079), `off` the owner's switch (S080), `off-here` the same for this one, `country` the operator's (S083). */
export type NoPhoto = 'confidential' | 'off' | 'off-here' | 'country' | 'handed-over';

export interface PhotoTerms {
  readonly wishes: Pick<Wishes, 'photos' | 'isConfidential'> | undefined;
  readonly forThisOne: Pick<DeliveryWishes, 'photos'>;
  /** The home's own. */
  readonly zone: string;
  /** Countries where nothing is photographed, ISO 3166. */
  readonly photosOffIn: readonly string[];
}

/** A zone that is no place, as `UTC`, may be anywhere: then it counts as each of them. */
function isIn(zone: string, country: string): boolean {
  if (!zone.includes('/') || zone.startsWith('Etc/')) return true;
  const same = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  const zones = (new Intl.Locale(`und-${country}`) as { timeZones?: readonly string[] }).timeZones ?? [];
  return zones.some((one) => one === zone || one === same);
}

/** @returns undefined where photos are allowed */
export function whyNoPhotos({ wishes, forThisOne, zone, photosOffIn }: PhotoTerms): NoPhoto | undefined {
  if (wishes?.isConfidential === true) return 'confidential';
  if (wishes?.photos === false) return 'off';
  if (forThisOne.photos === false) return 'off-here';
  return photosOffIn.some((country) => isIn(zone, country)) ? 'country' : undefined;
}

/** Put down, and not handed to anybody: only then there is something to photograph (S076). */
export const isPutDown = (step: PlanStep): boolean =>
  step.place === 'drop' || (step.place === 'in-person' && !step.code);

/** @returns why this plan is not photographed; undefined: a photo is wanted */
export const whyNoPhoto = (plan: Plan, terms: PhotoTerms): NoPhoto | undefined =>
  whyNoPhotos(terms) ?? (plan.some(isPutDown) ? undefined : 'handed-over');
