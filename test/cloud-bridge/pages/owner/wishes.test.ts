import fc from 'fast-check';
import t from 'tap';
import * as v from 'valibot';
import { sayDistance } from '../../../../cloud-bridge/pages/common/say-distance.ts';
import { sayMoney } from '../../../../cloud-bridge/pages/owner/deliveries/say.ts';
import { standingOf } from '../../../../cloud-bridge/pages/owner/deliveries/steps.ts';
import {
  added,
  type Draft,
  freshDraft,
  moved,
  notChosen,
  removed,
  toDraft,
  toWishes,
} from '../../../../cloud-bridge/pages/owner/wishes/draft.ts';
import { type Place, PlaceOrder, places, Wishes } from '../../../../wire/plan.ts';

const draftOf = (fields: Partial<Draft> = {}): Draft => ({ ...freshDraft('Europe/Berlin'), ...fields });

t.test(
  'S050: however places are added, moved and removed, pick-up and tomorrow stay behind what is possible at the home',
  async (t) => {
    const act = fc.record({ place: fc.constantFrom(...places), what: fc.constantFrom('add', 'up', 'down', 'remove') });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let order: readonly Place[] = ['inside'];
        for (const { place, what } of acts) {
          if (what === 'add') order = order.includes(place) ? order : added(order, place);
          else if (what === 'remove') order = removed(order, place);
          else order = moved(order, place, what === 'up' ? -1 : 1) ?? order;
          const hasPlace = order.some((one) => one !== 'tomorrow');
          if (hasPlace && !v.is(PlaceOrder, order)) return false;
          if (order.length + notChosen(order).length !== places.length) return false;
        }
        return true;
      }),
      { numRuns: 300 },
    );
    t.same(added(['in-person', 'pick-up', 'tomorrow'], 'drop'), ['in-person', 'drop', 'pick-up', 'tomorrow']);
    t.equal(moved(['in-person', 'pick-up'], 'pick-up', -1), undefined);
  },
);

t.test('what was stored and what is shown are the same', async (t) => {
  const door = (name: string): string => `door-${name.repeat(20)}`;
  const whole = v.parse(Wishes, {
    order: ['box', 'garage', 'drop', 'pick-up'],
    zone: 'Asia/Tokyo',
    codeFrom: { amount: 12_345, currency: 'CHF' },
    boxes: [{ door: door('a'), size: [305, 200, 100] }],
    garage: door('b'),
    drop: 'Hut',
    dropUpTo: { amount: 100, currency: 'CHF' },
    pickUp: { point: 'Shop', metres: 10, locker: true },
    ...{ photoDays: 14, photos: false, isConfidential: true, showCode: 'on-arrival', waitSeconds: 45 },
  });
  t.same(toWishes(toDraft(whole)), { ok: true, wishes: whole });
  const always = v.parse(Wishes, { order: ['in-person'], zone: 'UTC', codeFrom: { amount: 0, currency: 'EUR' } });
  const made = toWishes(toDraft(always));
  t.match(made, { ok: true, wishes: { alwaysCode: true } }, 'from zero on is always');
});

t.test('what a chosen place lacks is said, all at once; what is typed with a comma is a number', async (t) => {
  const order: Place[] = ['box', 'garage', 'neighbour', 'drop', 'pick-up'];
  t.same(toWishes(draftOf({ order, code: 'by-value' })), {
    ok: false,
    missing: ['box', 'garage', 'neighbour', 'drop', 'pick-up', 'code'],
  });
  t.same(toWishes(draftOf({ order: ['tomorrow'] })), { ok: false, missing: ['place'] });
  t.match(toWishes(draftOf({ code: 'by-value', codeFrom: '99,95' })), { wishes: { codeFrom: { amount: 9_995 } } });
  t.same(toWishes(draftOf({ code: 'by-value', codeFrom: 'much' })), { ok: false, missing: ['code'] });
});

t.test('a delivery stands where its news say', async (t) => {
  t.match(standingOf({ state: 'announced' }), { at: 'announced', end: 'delivered', isOver: false });
  t.match(standingOf({ state: 'granted', onTheWay: 1 }), { at: 'way' });
  t.match(standingOf({ state: 'in-progress', onTheWay: 1 }), { at: 'door' });
  t.match(standingOf({ state: 'failed' }), { at: 'end', end: 'failed', isOver: true });
  t.same(standingOf({ state: 'failed' }).steps, ['announced', 'door', 'end'], 'nobody said that it was on the way');
  t.match(standingOf({ state: 'cancelled', outcome: 'not-mine' }), { end: 'blocked', steps: ['announced', 'end'] });
  t.match(standingOf({ state: 'cancelled' }), { end: 'cancelled' });
});

t.test('distances and money, as the language writes them', async (t) => {
  t.equal(sayDistance('en', 350), '350 m');
  t.equal(sayDistance('de', 1_250), '1,3 km');
  t.equal(sayMoney('de', { amount: 129_900, currency: 'EUR' }), '1.299,00\u00a0€');
  t.equal(sayMoney('en', { amount: 500, currency: 'JPY' }), '¥500', 'a currency without cents');
});
