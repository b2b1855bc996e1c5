/** Cases: an owner opens one for a delivery, and ends it. Support sees it in between. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import type { CaseReason } from '../../wire/support.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { Recipient } from './recipients.ts';

const maxCases = 100;

/** The case of a home, open or not. @returns NOT_FOUND for one of another home alike (T23) */
export async function caseOf(tables: Tables, home: string, id: string): Promise<Verdict<Row<'support_case'>>> {
  const found = await tables.supportCases.find(id);
  return found?.home === home ? accept(found) : refuse('NOT_FOUND');
}

/** @returns NOT_FOUND for a delivery of another home; RATE_LIMITED with too many; the open case of this delivery when there is one */
export async function openCase(
  tables: Tables,
  who: { readonly home: string; readonly jkt: string },
  wish: { readonly delivery: string; readonly reason: CaseReason },
  at: number,
): Promise<Verdict<Row<'support_case'>>> {
  const delivery = await tables.deliveries.find(wish.delivery);
  if (delivery?.home !== who.home) return refuse('NOT_FOUND');
  const before = await tables.supportCases.ofHome(who.home, maxCases);
  const same = before.find((one) => one.delivery === delivery.id && one.closed_at === null);
  if (same !== undefined) return accept(same);
  if (before.filter((one) => one.closed_at === null).length >= 10) return refuse('RATE_LIMITED', { what: 'cases' });
  const opened = {
    ...{ id: newId(), home: who.home, delivery: delivery.id, reason: wish.reason },
    ...{ opened_by: who.jkt, opened_at: at, closed_at: null },
  };
  await tables.supportCases.add(opened);
  const data = { case: opened.id, delivery: delivery.id };
  await tables.events.add([{ party: `home:${who.home}`, type: 'case.opened', data, at }]);
  return accept(opened);
}

/** Nobody of support sees it any more, and what was shared is gone. Twice is as once. */
export async function closeCase(tables: Tables, one: Row<'support_case'>, at: number): Promise<void> {
  if (one.closed_at !== null) return;
  await tables.supportCases.close(one.id, at);
  await tables.casePictures.dropOfCase(one.id);
  await tables.events.add([{ party: `home:${one.home}`, type: 'case.closed', data: { case: one.id }, at }]);
}

/** An open case, and that somebody looks at it who may: written down and told to the owner before anything is shown. */
export async function lookAt(
  tables: Tables,
  who: Pick<Recipient, 'id' | 'name' | 'isCarrier'>,
  id: string,
  what: 'history' | 'picture',
  at: number,
): Promise<Verdict<Row<'support_case'>>> {
  const found = await tables.supportCases.find(id);
  if (found === undefined || found.closed_at !== null) return refuse('NOT_FOUND');
  await tables.supportCases.look({ id: newId(), of_case: id, staff: who.id, what, at });
  const data = { case: id, staff: who.id, name: who.name, what, ...(who.isCarrier && { isCarrier: true }) };
  await tables.events.add([{ party: `home:${found.home}`, type: 'case.looked', data, at }]);
  return accept(found);
}

/** A picture that is shared with whoever asks, under the case that they asked about. @returns as it was sealed; NOT_FOUND once its time is over */
export async function lookAtPicture(
  tables: Tables,
  who: Pick<Recipient, 'id' | 'name' | 'isCarrier'>,
  id: string,
  isAskedAbout: (one: Row<'support_case'>) => boolean,
  at: number,
): Promise<Verdict<string>> {
  const picture = await tables.casePictures.find(id);
  if (picture?.staff !== who.id || picture.until_at <= at) return refuse('NOT_FOUND');
  const found = await tables.supportCases.find(picture.of_case);
  if (found === undefined || !isAskedAbout(found)) return refuse('NOT_FOUND');
  const looked = await lookAt(tables, who, found.id, 'picture', at);
  return looked.ok ? accept(picture.sealed) : looked;
}
