/** The epoch of a hub, by its last hello and the owner's documents since: grants of another one are dead. */
import type { Versions } from '../../wire/messages.ts';
import type { Row } from '../store/schema.ts';

export const epochOf = ({ versions }: Row<'hub'>): number =>
  versions === null ? 0 : (JSON.parse(versions) as Versions).epoch;
