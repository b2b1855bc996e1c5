/** What can be done to the Nukis and to the air of a home, as a table: hands at the button and the keypad, faults, a look. */
import * as v from 'valibot';
import type { AirFaultAsked } from '../air/faults.ts';
import type { SimHome } from '../home.ts';
import type { NukiFaultAsked } from '../nuki/faults.ts';
import { type Answered, ok, readBody } from './answers.ts';
import type { Route } from './routes.ts';

/** A button that is held so long starts pairing. */
const pairsAfterMs = 5_000;

const press = v.strictObject({ forMs: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60_000)), 200) });
const typed = v.strictObject({
  code: v.pipe(v.string(), v.regex(/^[0-9]{1,6}$/)),
  action: v.optional(v.picklist(['unlock', 'lock']), 'unlock'),
});
const turn = v.strictObject({ to: v.picklist(['locked', 'unlocked']) });

function look(home: SimHome, id: string) {
  const { authorizations, ...truth } = home.nuki(id).truth();
  const { bolt, leaf, latch, contact } = home.door(id).truth();
  return { id, bolt, leaf, latch, contact, ...truth, authorizations: authorizations.length };
}

/** 409 where it was in vain. */
const did = (home: SimHome, id: string, what: Record<string, boolean>): Answered => ({
  status: Object.values(what).every(Boolean) ? 200 : 409,
  body: { ...look(home, id), ...what },
});

export const nukiRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/nukis/:id/press-button',
    run: (home, { id, body }) => {
      const { forMs } = readBody(press, body ?? {});
      if (forMs >= pairsAfterMs) return did(home, id, { pairs: home.nuki(id).holdButton() });
      home.nuki(id).pressButton();
      return ok(look(home, id));
    },
  },
  {
    method: 'POST',
    path: '/nukis/:id/keypad',
    run: (home, { id, body }) => {
      const { code, action } = readBody(typed, body);
      return did(home, id, { valid: home.nuki(id).typeCode(Number(code), action) });
    },
  },
  {
    method: 'POST',
    path: '/nukis/:id/turn',
    run: (home, { id, body }) => did(home, id, { turned: home.nuki(id).turn(readBody(turn, body).to) }),
  },
  {
    method: 'POST',
    path: '/nukis/:id/fault',
    run: (home, { id, body }) => {
      home.nukiFault(id, body as NukiFaultAsked);
      return ok(look(home, id));
    },
  },
  { method: 'GET', path: '/nukis', run: (home) => ok({ nukis: [...home.nukis.keys()].map((id) => look(home, id)) }) },
  { method: 'GET', path: '/nukis/:id', run: (home, { id }) => ok(look(home, id)) },
  {
    method: 'POST',
    path: '/air/fault',
    run: (home, { body }) => {
      home.airFault(body as AirFaultAsked);
      return ok(home.air().truth());
    },
  },
  { method: 'GET', path: '/air', run: (home) => ok(home.air().truth()) },
];
