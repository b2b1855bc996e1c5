/** What an owner's documents make of guests: a rule book that names one accepts it, a revocation ends it. */
import { readRuleBook } from '../delivery/rules.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** @param text  of a rule book that was verified */
export async function acceptGuests(tables: Tables, hub: Row<'hub'>, text: string, at: number): Promise<void> {
  const named = new Map<string, string>();
  for (const { party } of readRuleBook({ text })?.rules ?? [])
    if (party.kind === 'guest') named.set(party.id, party.jkt);
  for (const [id, jkt] of named) {
    const guest = await tables.guests.find(id);
    if (guest?.hub !== hub.id || guest.state !== 'claimed' || guest.jkt !== jkt) continue;
    await tables.guests.change(id, 'accepted');
    await tables.events.add([{ party: `home:${hub.home}`, type: 'guest.accepted', data: { guest: id }, at }]);
  }
}

/** Whether or not the hub can be told yet: from here on no grant is made for this guest, and the one that there is is dead. */
export async function endGuest(tables: Tables, hub: Row<'hub'>, id: string, at: number): Promise<void> {
  const guest = await tables.guests.find(id);
  if (guest?.hub !== hub.id || guest.state === 'ended') return;
  await tables.guests.end(id, at);
  for (const grant of await tables.grants.ofTask(guest.token)) await tables.grants.revoke(grant.jti);
  await tables.events.add([{ party: `home:${hub.home}`, type: 'guest.ended', data: { guest: id }, at }]);
}
