/** Tickets for the live view: a WebSocket cannot carry a proof of possession, so a proven request buys one, for one use, for seconds. */
import { newId } from '../../wire/jws.ts';

/** Whom a ticket lets in. */
export interface Bearer {
  readonly home: string;
  readonly hub: string;
  /** Thumbprint of the owner device's key. */
  readonly jkt: string;
}

export interface Tickets {
  /** @returns 128 random bits, base64url */
  issue(bearer: Bearer): string;
  /** @returns whom it lets in; undefined when it is unknown, used or too old */
  redeem(ticket: string): Bearer | undefined;
}

export const ticketForMs = 30_000;
const maxOfDevice = 8;
const maxTickets = 10_000;

/** In memory: the instance that gives a ticket is the one that takes it. @param now  ms */
export function ticketsOf(now: () => number): Tickets {
  const open = new Map<string, Bearer & { readonly until: number }>();

  function makeRoom({ home, jkt }: Bearer): void {
    for (const [ticket, { until }] of open) if (until <= now()) open.delete(ticket);
    const own = [...open].filter(([, one]) => one.home === home && one.jkt === jkt);
    if (own.length >= maxOfDevice) open.delete(own[0]![0]);
    if (open.size >= maxTickets) open.delete(open.keys().next().value!);
  }

  return {
    issue: (bearer) => {
      makeRoom(bearer);
      const ticket = newId();
      open.set(ticket, { ...bearer, until: now() + ticketForMs });
      return ticket;
    },
    redeem: (ticket) => {
      const found = open.get(ticket);
      open.delete(ticket);
      if (found === undefined || found.until <= now()) return undefined;
      const { home, hub, jkt } = found;
      return { home, hub, jkt };
    },
  };
}
