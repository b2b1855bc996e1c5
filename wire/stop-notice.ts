/** Of which stops an entry of the hub's journal speaks: `stop.felt` and `stop.heard` of one, `stop.someone` of all that it may have been. */
import * as v from 'valibot';
import type { EntryBody } from './journal.ts';
import { Count, Id } from './shapes.ts';

const NoticedStop = v.object({ delivery: Id, attempt: Count });
export type NoticedStop = v.InferOutput<typeof NoticedStop>;

/** `<delivery>/<attempt>`, one blank between two. */
export const toStopsText = (stops: readonly NoticedStop[]): string =>
  stops.map(({ delivery, attempt }) => `${delivery}/${attempt}`).join(' ');

/** @returns none where it names none, or what it says is no stop */
export function stopsIn({ delivery, attempt, stops }: EntryBody): readonly NoticedStop[] {
  const named = typeof stops === 'string' ? stops.split(' ') : [`${delivery}/${attempt}`];
  return named.flatMap((text) => {
    const [of, number = ''] = text.split('/');
    const read = v.safeParse(NoticedStop, { delivery: of, attempt: /^\d+$/.test(number) ? Number(number) : undefined });
    return read.success ? [read.output] : [];
  });
}
