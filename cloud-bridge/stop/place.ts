/** Whether a phone's own position agrees with where the home is. It can be forged: evidence beside others, never alone. */
import * as v from 'valibot';
import { HomePosition, type Position } from '../../wire/stop.ts';
import type { Row } from '../store/schema.ts';

/** As far from the home as its doors, its street and a hasty fix may be, metres. */
export const nearMetres = 250;
/** A fix that was older when the act was signed says nothing of the act, ms. */
const freshMs = 120_000;
const earthMetres = 6_371_008.8;

export const toHomePosition = (row: Row<'home_position'> | undefined): HomePosition | undefined =>
  row === undefined ? undefined : v.parse(HomePosition, JSON.parse(row.text));

/** Along the great circle, metres. */
export function metresBetween(a: Pick<Position, 'lat' | 'lon'>, b: Pick<Position, 'lat' | 'lon'>): number {
  const [latA, latB, lon] = [a.lat, b.lat, b.lon - a.lon].map((one) => (one * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  const half = Math.sin((latB - latA) / 2) ** 2 + Math.cos(latA) * Math.cos(latB) * Math.sin(lon / 2) ** 2;
  return 2 * earthMetres * Math.asin(Math.min(1, Math.sqrt(half)));
}

/**
 * @param iatS  when the act was signed, seconds, by the clock that `position.at` is of, too
 * @returns `elsewhere` only where the position is clearly another one (S051, T33); `said` where it says nothing
 */
export function gradePlace(
  position: Position | undefined,
  home: HomePosition | undefined,
  iatS: number,
): 'said' | 'near' | 'elsewhere' {
  if (position === undefined || home === undefined) return 'said';
  if (Math.abs(iatS * 1000 - position.at) > freshMs) return 'said';
  const metres = metresBetween(position, home);
  if (metres > nearMetres + position.accuracy + home.accuracy) return 'elsewhere';
  return metres <= nearMetres + home.accuracy && position.accuracy <= nearMetres ? 'near' : 'said';
}
