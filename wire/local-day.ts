/** Days of the calendar in a time zone: `YYYY-MM-DD`, and the exact moments at which they begin and end. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en', {
    ...{ timeZone: zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(zone, made);
  return made;
}

/** What calendar and clock on the wall show, as if it were UTC. */
function wallOf(zone: string, atMs: number): number {
  const parts = new Map(
    formatIn(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year, month, day] = [parts.get('year')!, parts.get('month')!, parts.get('day')!];
  const seconds = Date.UTC(year, month - 1, day, parts.get('hour'), parts.get('minute'), parts.get('second'));
  return seconds + (((atMs % 1000) + 1000) % 1000);
}

/** The day that the calendar on the wall shows. @param atMs  ms since 1970 */
export const dayOf = (zone: string, atMs: number): string => new Date(wallOf(zone, atMs)).toISOString().slice(0, 10);

const dayMs = 86_400_000;

/** The date so many days later, or earlier. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** No zone is further from UTC than this, ms. */
const furthestMs = 26 * 3_600_000;

/** The first moment that is of this day or of a later one: not every day has a midnight. @returns ms since 1970, a whole second */
export function startOfDay(zone: string, day: string): number {
  const inUtc = Date.parse(`${day}T00:00:00Z`) / 1000;
  // At `low` it is surely an earlier day, at `high` surely not.
  let [low, high] = [inUtc - furthestMs / 1000, inUtc + furthestMs / 1000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(zone, middle * 1000) < day) low = middle;
    else high = middle;
  }
  return high * 1000;
}

/** The end of the day (exclusive): what dies with it is dead from this moment on. @returns ms since 1970 */
export const endOfDay = (zone: string, day: string): number => startOfDay(zone, addDays(day, 1));

/** The moment at which the wall's clock shows on another day what it shows now; one that is skipped there is read an hour off. @returns ms */
export function onDay(zone: string, atMs: number, day: string): number {
  const wall = wallOf(zone, atMs);
  const wanted = Date.parse(`${day}T00:00:00Z`) + (((wall % dayMs) + dayMs) % dayMs);
  const offsetAt = (at: number): number => wallOf(zone, at) - at;
  return wanted - offsetAt(wanted - offsetAt(wanted));
}
