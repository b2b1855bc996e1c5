/** What a hub has said of a door. */
import * as v from 'valibot';
import { DoorFacts } from '../../wire/enrolment.ts';
import type { Tables } from '../store/store.ts';

/** @returns undefined for a door that no hub has announced */
export async function factsOf(tables: Tables, door: string): Promise<DoorFacts | undefined> {
  const row = await tables.hubs.doors.find(door);
  const facts = v.safeParse(DoorFacts, row === undefined ? undefined : JSON.parse(row.facts));
  return facts.success ? facts.output : undefined;
}
