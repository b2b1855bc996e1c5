/** Who is told what. The types hold it: a carrier is told nothing that does not stand in its table. */
import type { CarrierEventType } from './carrier-event-types.ts';

interface AnyEvent {
  /** Goes out as JSON. */
  readonly data: object;
  /** ms */
  readonly at: number;
  /** Nobody is told of it: it is there for those who follow. */
  readonly untold?: boolean;
}

export interface HomeEvent extends AnyEvent {
  readonly party: `home:${string}`;
  readonly type: string;
}

export interface CarrierEvent extends AnyEvent {
  readonly party: `carrier:${string}`;
  readonly type: CarrierEventType;
}

export type NewEvent = HomeEvent | CarrierEvent;

export const toCarrier = (carrier: string, type: CarrierEventType, data: object, at: number): CarrierEvent => ({
  party: `carrier:${carrier}`,
  type,
  data,
  at,
});

/** The same to the home and the carrier of a delivery. */
export const toBoth = (
  { home, carrier }: { readonly home: string; readonly carrier: string },
  type: CarrierEventType,
  data: object,
  at: number,
): readonly NewEvent[] => [{ party: `home:${home}`, type, data, at }, toCarrier(carrier, type, data, at)];
